"use strict";
// The page: everything that moves. The drawing stands in the document already; the graph beside it as JSON.
const data = JSON.parse(document.getElementById("graph").textContent);
const { nodes, edges } = data.graph;
const canvas = document.getElementById("canvas");
const view = document.getElementById("view");
const byId = (id) => document.getElementById(id);

const indexOf = new Map(nodes.map((node, at) => [node.id, at]));
const kindOf = (node) => node.id.split("/", 1)[0];
// A name that the JSON holds may steer text in the page as it would in a terminal: show what cannot be seen.
const hidden = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const shown = (text) => text.replace(hidden, (c) => "\\u" + c.codePointAt(0).toString(16).padStart(4, "0"));

// Cards, wires and labels, by the numbers that the drawing gave them.
const cards = data.cards.map(([members, x, y, width, height]) => ({ members, x, y, width, height, wires: [], visible: true }));
for (const element of view.querySelectorAll("[data-card]")) cards[element.dataset.card].element = element;
const wires = data.wires.map(([source, target, own]) => ({ source, target, edges: own, visible: true }));
for (const element of view.querySelectorAll(".wire")) wires[element.dataset.wire].element = element;
wires.forEach((wire, at) => {
  wire.types = new Set(wire.edges.map((edge) => edges[edge].type));
  cards[wire.source].wires.push(at);
  cards[wire.target].wires.push(at);
});
// One label stands for all wires of its types that end at the same place.
const labels = [...view.querySelectorAll(".label")].map((element) => ({ element, wires: element.dataset.wires.split(" ").map(Number) }));
const cardOf = new Array(nodes.length);
cards.forEach((card, at) => card.members.forEach((member) => { cardOf[member] = at; }));
const out = nodes.map(() => []);
const into = nodes.map(() => []);
edges.forEach((edge) => {
  const [source, target] = [indexOf.get(edge.source), indexOf.get(edge.target)];
  out[source].push([edge, target]);
  into[target].push([edge, source]);
});

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  element.append(...children);
  return element;
}

// ---- Pan and zoom -------------------------------------------------------------------------------------------------
const size = { width: Number(canvas.dataset.width), height: Number(canvas.dataset.height) };
const at = { x: 0, y: 0, scale: 1 };

function move(x, y, scale) {
  Object.assign(at, { x, y, scale });
  view.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${scale.toFixed(4)})`);
  canvas.classList.toggle("far", scale < 0.4);
}

function zoom(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
  const scale = Math.min(4, Math.max(0.02, at.scale * factor));
  const change = scale / at.scale;
  move(x - (x - at.x) * change, y - (y - at.y) * change, scale);
}

function fit() {
  const scale = Math.min(1.1, canvas.clientWidth / size.width, canvas.clientHeight / size.height);
  move((canvas.clientWidth - size.width * scale) / 2, Math.max(0, (canvas.clientHeight - size.height * scale) / 2), scale);
}

// Brings a card into the middle part of what is seen, close enough to be read.
function reveal(card) {
  const scale = Math.max(at.scale, 0.6);
  const [x, y] = [at.x + (card.x + card.width / 2) * at.scale, at.y + (card.y + card.height / 2) * at.scale];
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const seen = x > width * 0.1 && x < width * 0.9 && y > height * 0.1 && y < height * 0.9;
  if (!seen || scale !== at.scale) {
    move(width / 2 - (card.x + card.width / 2) * scale, height / 2 - (card.y + card.height / 2) * scale, scale);
  }
}

const fingers = new Map();
let dragged = false;
canvas.addEventListener("pointerdown", (event) => {
  fingers.set(event.pointerId, [event.clientX, event.clientY]);
  dragged = false;
});
canvas.addEventListener("pointermove", (event) => {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const now = [event.clientX, event.clientY];
  if (fingers.size === 1) {
    if (!dragged && Math.hypot(now[0] - before[0], now[1] - before[1]) < 4) return;
    if (!dragged) canvas.setPointerCapture(event.pointerId);
    dragged = true;
    canvas.classList.add("dragging");
    move(at.x + now[0] - before[0], at.y + now[1] - before[1], at.scale);
  } else if (fingers.size === 2) {
    const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
    const distance = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]);
    const box = canvas.getBoundingClientRect();
    zoom(distance(now) / Math.max(1, distance(before)), (now[0] + other[0]) / 2 - box.left, (now[1] + other[1]) / 2 - box.top);
    dragged = true;
  }
  fingers.set(event.pointerId, now);
});
for (const end of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(end, (event) => {
    fingers.delete(event.pointerId);
    canvas.classList.remove("dragging");
  });
}
canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  const box = canvas.getBoundingClientRect();
  zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0016)), event.clientX - box.left, event.clientY - box.top);
}, { passive: false });

// ---- Choosing -----------------------------------------------------------------------------------------------------
let chosen = null;

function choose(cardAt, member = null) {
  for (const element of view.querySelectorAll(".near, .chosen")) element.classList.remove("near", "chosen");
  chosen = cardAt;
  canvas.classList.toggle("chosen-one", cardAt !== null);
  byId("details").hidden = cardAt === null;
  if (cardAt === null) return;
  const card = cards[cardAt];
  card.element.classList.add("chosen");
  for (const number of card.wires) {
    const wire = wires[number];
    wire.element.classList.add("near");
    cards[wire.source].element.classList.add("near");
    cards[wire.target].element.classList.add("near");
  }
  for (const label of labels) {
    label.element.classList.toggle("near", label.wires.some((number) => card.wires.includes(number)));
  }
  tell(card, member ?? (card.members.length === 1 ? card.members[0] : null));
}

function go(member) {
  choose(cardOf[member], member);
  reveal(cards[cardOf[member]]);
}

// ---- Details ------------------------------------------------------------------------------------------------------
const list = (items) => make("ul", { className: "edges" }, ...items);
const link = (member, text) => make("button", { type: "button", onclick: () => go(member) }, shown(text));
const heading = (text, count) => make("h2", {}, `${text} (${count})`);

function relation([edge, other]) {
  const notes = [edge.via];
  if (edge.count > 1) notes.push(`×${edge.count}`);
  if (edge.optional) notes.push("optional");
  if (nodes[other].missing) notes.push("missing");
  const type = make("span", { className: "type" }, shown(edge.type));
  const via = make("span", { className: "via" }, shown(notes.filter(Boolean).join(" · ")));
  return make("li", {}, type, link(other, nodes[other].id), via);
}

function tell(card, member) {
  const panel = byId("details");
  const close = make("button", { type: "button", className: "close", onclick: () => choose(null) }, "Close");
  panel.replaceChildren(close);
  panel.scrollTop = 0;
  if (member === null) {
    const first = nodes[card.members[0]];
    panel.append(
      make("p", { className: "kind" }, shown(kindOf(first))),
      make("p", { className: "name" }, `${card.members.length} objects`),
      list(card.members.map((one) => {
        const status = nodes[one].missing ? "missing" : [nodes[one].status?.ready, nodes[one].status?.status].filter(Boolean).join(" ");
        return make("li", {}, link(one, nodes[one].id), make("span", { className: "via" }, shown(status)));
      })),
    );
    return;
  }
  const node = nodes[member];
  const facts = make("dl");
  const fact = (name, value, className = "") => {
    if (value) facts.append(make("dt", {}, name), make("dd", { className }, shown(String(value))));
  };
  fact("id", node.id);
  fact("apiVersion", node.apiVersion);
  fact("namespace", node.namespace);
  fact("uid", node.uid);
  fact("ready", node.status?.ready, node.status?.health);
  fact("status", node.status?.status, node.status?.health);
  if (node.missing) fact("exists", "no: something refers to it", "missing");
  if (node.unknown) fact("exists", "could not be found out");
  panel.append(make("p", { className: "kind" }, shown(kindOf(node))), make("p", { className: "name" }, shown(node.name)), facts);
  if (card.members.length > 1) {
    panel.append(make("h2", {}, make("button", { type: "button", onclick: () => choose(chosen) }, `One of ${card.members.length} drawn as one`)));
  }
  if (out[member].length) panel.append(heading("Needs", out[member].length), list(out[member].map(relation)));
  if (into[member].length) panel.append(heading("Needed by", into[member].length), list(into[member].map(relation)));
}

// ---- Filters ------------------------------------------------------------------------------------------------------
const off = { kinds: new Set(), types: new Set() };

function filter() {
  for (const card of cards) {
    card.visible = !off.kinds.has(kindOf(nodes[card.members[0]]));
    card.element.classList.toggle("gone", !card.visible);
  }
  for (const wire of wires) {
    wire.visible = cards[wire.source].visible && cards[wire.target].visible && [...wire.types].some((type) => !off.types.has(type));
    wire.element.classList.toggle("gone", !wire.visible);
  }
  for (const label of labels) label.element.classList.toggle("gone", !label.wires.some((number) => wires[number].visible));
  for (const frame of view.querySelectorAll(".frame")) {
    const own = data.frames[frame.dataset.frame];
    frame.classList.toggle("gone", !own.some((number) => cards[number].visible));
  }
}

function choices(container, values, set, title) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const boxes = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([value, count]) => {
    const box = make("input", { type: "checkbox", checked: true, name: value });
    box.addEventListener("change", () => {
      if (box.checked) set.delete(value); else set.add(value);
      filter();
    });
    const [name, ...group] = value.split(".");
    const label = make("span", {}, shown(name), make("small", {}, group.length ? shown(` ${group.join(".")}`) : ""));
    return make("label", { title: shown(value) }, box, label, make("small", {}, String(count)));
  });
  const all = (checked) => () => {
    for (const label of boxes) {
      label.firstChild.checked = checked;
      if (checked) set.delete(label.firstChild.name); else set.add(label.firstChild.name);
    }
    filter();
  };
  const buttons = make("span", {},
    make("button", { type: "button", onclick: all(true) }, "all"), " ",
    make("button", { type: "button", onclick: all(false) }, "none"));
  container.append(make("h2", {}, title, buttons), ...boxes);
}

choices(byId("kinds"), nodes.map(kindOf), off.kinds, "Kinds");
choices(byId("types"), edges.map((edge) => edge.type), off.types, "Relationships");

// ---- Search -------------------------------------------------------------------------------------------------------
const search = byId("search");
let found = [];
let next = 0;

search.addEventListener("input", () => {
  for (const element of view.querySelectorAll(".found")) element.classList.remove("found");
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (node) => {
    const text = `${node.id} ${node.name} ${node.status?.status ?? ""} ${node.missing ? "missing" : ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  found = words.length ? nodes.flatMap((node, member) => (matches(node) ? [member] : [])) : [];
  next = 0;
  for (const member of found) cards[cardOf[member]].element.classList.add("found");
  canvas.classList.toggle("searching", words.length > 0);
  byId("matches").textContent = words.length ? `${found.length} found` : "";
});
search.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && found.length) {
    go(found[next]);
    byId("matches").textContent = `${next + 1} of ${found.length}`;
    next = (next + 1) % found.length;
  }
});

// ---- Clicks and keys ----------------------------------------------------------------------------------------------
canvas.addEventListener("click", (event) => {
  if (dragged) return;
  const element = event.target.closest(".card");
  choose(element ? Number(element.dataset.card) : null);
});

// The nearest card in a direction; what lies across counts double.
function beside(from, x, y) {
  let best = null;
  for (const card of cards) {
    const [across, down] = [card.x + card.width / 2 - from.x - from.width / 2, card.y + card.height / 2 - from.y - from.height / 2];
    const ahead = across * x + down * y;
    const aside = Math.abs(across * y) + Math.abs(down * x);
    if (card.visible && ahead > 1 && (best === null || ahead + 2 * aside < best.far)) best = { card, far: ahead + 2 * aside };
  }
  return best?.card;
}

const arrows = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input[type=search]") && event.key !== "Escape") return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const card = event.target.closest?.(".card");
  if (card && (event.key === "Enter" || event.key === " ")) choose(Number(card.dataset.card));
  else if (card && arrows[event.key]) {
    const other = beside(cards[card.dataset.card], ...arrows[event.key]);
    if (other) {
      other.element.focus({ preventScroll: true });
      reveal(other);
    }
  } else if (event.key === "/") search.focus();
  else if (event.key === "Escape") {
    if (event.target === search && search.value) {
      search.value = "";
      search.dispatchEvent(new Event("input"));
    } else choose(null);
    document.activeElement?.blur?.();
  } else if (event.key === "+" || event.key === "=") zoom(1.25);
  else if (event.key === "-") zoom(0.8);
  else if (event.key === "0") fit();
  else return;
  event.preventDefault();
});
view.addEventListener("focusin", (event) => {
  const card = event.target.closest(".card");
  // A click brings its card into view by itself.
  if (card && fingers.size === 0 && card.matches(":focus-visible")) reveal(cards[card.dataset.card]);
});

byId("fit").addEventListener("click", fit);
byId("in").addEventListener("click", () => zoom(1.25));
byId("out").addEventListener("click", () => zoom(0.8));
byId("toggle").addEventListener("click", () => {
  byId("filters").hidden = !byId("filters").hidden;
  byId("toggle").setAttribute("aria-pressed", String(!byId("filters").hidden));
  fit();
});
byId("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
if (window.innerWidth < 900) {
  byId("filters").hidden = true;
  byId("toggle").setAttribute("aria-pressed", "false");
}
fit();
