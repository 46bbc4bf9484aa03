"use strict";
// The rows are in the page. This sorts and hides them; it makes none.
const byId = (id) => document.getElementById(id);
const body = byId("usage").tBodies[0];
const heads = [...byId("usage").tHead.rows[0].cells];
const rows = [...body.rows].map((element, place) => ({
  element,
  place,
  text: element.textContent.toLowerCase(),
  resource: element.dataset.resource,
  rate: "rate" in element.dataset ? Number(element.dataset.rate) : null,
}));
const [search, resource, threshold] = ["search", "resource", "threshold"].map(byId);

// ---- Filters ------------------------------------------------------------------------------------------------------
function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const least = threshold.value === "" ? null : Number(threshold.value);
  let shown = 0;
  for (const row of rows) {
    const fits =
      words.every((word) => row.text.includes(word)) &&
      (resource.value === "" || row.resource === resource.value) &&
      // What is of nothing has no rate; it is at least 0 % all the same.
      (least === null || least <= 0 || (row.rate !== null && row.rate >= least));
    row.element.hidden = !fits;
    shown += fits;
  }
  byId("shown").textContent = shown === rows.length ? "" : `${shown} of ${rows.length}`;
  byId("none").hidden = shown > 0 || rows.length === 0;
}
for (const input of [search, resource, threshold]) input.addEventListener("input", filter);
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("filters").addEventListener("reset", () => setTimeout(() => { order(null); filter(); }));

// ---- Order --------------------------------------------------------------------------------------------------------
const collator = new Intl.Collator("en", { numeric: true });

// Sorts by a column: numbers largest first, names in their order; another time the other way round; a third time as
// it was. What a row does not have comes last, either way.
function order(column) {
  const head = column === null ? null : heads[column];
  const first = head?.classList.contains("number") ? "descending" : "ascending";
  const other = first === "ascending" ? "descending" : "ascending";
  const now = head?.getAttribute("aria-sort");
  const next = now === first ? other : now === other ? "none" : first;
  for (const each of heads) each.setAttribute("aria-sort", each === head ? next : "none");
  const sorted = [...rows];
  if (head && next !== "none") {
    const key = ({ element }) => {
      const cell = element.cells[column];
      if (cell.classList.contains("nothing")) return null;
      return "value" in cell.dataset ? Number(cell.dataset.value) : cell.textContent;
    };
    const keys = new Map(rows.map((row) => [row, key(row)]));
    const sign = next === "ascending" ? 1 : -1;
    sorted.sort((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      if (x === null || y === null) return (x === null) - (y === null) || a.place - b.place;
      const compared = typeof x === "number" ? x - y : collator.compare(x, y);
      return sign * compared || a.place - b.place;
    });
  }
  body.append(...sorted.map((row) => row.element));
}
heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => order(column)));

// ---- Keys and light -----------------------------------------------------------------------------------------------
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target === search) {
    search.value = "";
    filter();
  } else if (event.key === "/" && !event.target.matches("input, select")) {
    search.focus();
    event.preventDefault();
  }
});
byId("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
filter(); // A page that comes back from history has its filters filled in.
