//! The picture in SVG.

use std::{collections::BTreeMap, io};

use super::{
    Drawing,
    badge::FAMILIES,
    card::{BADGE, Card, KIND_LINE, NAME_LINE, PADDING, STATUS_LINE},
};
use crate::report::{layout::Rect, markup::escaped};

/// Whether cards can be reached and chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Print,
    Page,
}

/// Arrow heads, to stand in the picture's `defs`.
pub(crate) const MARKERS: &str = concat!(
    "<marker id=\"arrow\" class=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" ",
    "markerUnits=\"userSpaceOnUse\" orient=\"auto-start-reverse\"><path d=\"M0 0.5 8 4 0 7.5Z\"/></marker>"
);

impl Drawing {
    /// Frames, wires, cards and labels, in this order from back to front.
    pub(crate) fn paint(&self, purpose: Use, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "<g class=\"frames\">")?;
        for (frame, (name, rect)) in self.namespaces.iter().zip(&self.placed.groups).enumerate() {
            self.frame(frame, name, rect, out)?;
        }
        writeln!(out, "</g>\n<g class=\"wires\">")?;
        for (at, (wire, curve)) in self.wires.iter().zip(&self.placed.links).enumerate() {
            let path = curve.path();
            let mut class = String::from("wire");
            for (set, name) in
                [(wire.optional, " optional"), (wire.missing, " missing"), (curve.far, " across")]
            {
                class.push_str(if set { name } else { "" });
            }
            let marker = if curve.arrow_at_start { "start" } else { "end" };
            writeln!(
                out,
                "<path class=\"{class}\" data-wire=\"{at}\" d=\"{path}\" marker-{marker}=\"url(#arrow)\"/>"
            )?;
        }
        writeln!(out, "</g>\n<g class=\"cards\">")?;
        for (at, (card, rect)) in self.cards.iter().zip(&self.placed.items).enumerate() {
            paint_card(card, at, rect, purpose, out)?;
        }
        writeln!(out, "</g>\n<g class=\"labels\">")?;
        // A label stands for every wire that ends where it stands.
        let mut labels: BTreeMap<(i32, i32, &str), Vec<String>> = BTreeMap::new();
        for (at, (wire, curve)) in self.wires.iter().zip(&self.placed.links).enumerate() {
            labels.entry((curve.end.0, curve.end.1, &wire.label)).or_default().push(at.to_string());
        }
        for ((x, y, label), wires) in labels {
            let (x, y, wires) = (x - 9, y - 4, wires.join(" "));
            writeln!(
                out,
                "<text class=\"label\" data-wires=\"{wires}\" x=\"{x}\" y=\"{y}\">{}</text>",
                escaped(label)
            )?;
        }
        writeln!(out, "</g>")
    }

    fn frame(&self, at: usize, name: &str, rect: &Rect, out: &mut dyn io::Write) -> io::Result<()> {
        if rect.width == 0 || !self.cards.iter().any(|card| card.frame == Some(at)) {
            return Ok(());
        }
        let Rect { x, y, width, height } = rect;
        writeln!(
            out,
            "<g class=\"frame\" data-frame=\"{at}\"><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"12\"/>"
        )?;
        let (x, y) = (x + 16, y + 22);
        writeln!(
            out,
            "<text x=\"{x}\" y=\"{y}\"><tspan class=\"of\">namespace</tspan> {}</text></g>",
            escaped(name)
        )
    }
}

fn paint_card(card: &Card, at: usize, rect: &Rect, purpose: Use, out: &mut dyn io::Write) -> io::Result<()> {
    let Rect { x, y, width, height } = rect;
    let root = if card.root { " root" } else { "" };
    let title = escaped(&card.title);
    write!(
        out,
        "<g class=\"card {}{root}\" data-card=\"{at}\" transform=\"translate({x} {y})\"",
        card.state
    )?;
    if purpose == Use::Page {
        let status = card.status.as_deref().map(escaped).unwrap_or_default();
        write!(out, " tabindex=\"0\" role=\"button\" aria-label=\"{title} {status}\"")?;
    }
    write!(out, "><title>{title}</title>")?;
    if card.members.len() > 1 {
        for behind in [6, 3] {
            write!(
                out,
                "<rect class=\"behind\" x=\"{behind}\" y=\"{behind}\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>"
            )?;
        }
    }
    write!(out, "<rect class=\"face\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>")?;
    let middle = height / 2;
    let (side, half) = (BADGE, BADGE / 2);
    let top = middle - half;
    write!(
        out,
        "<rect class=\"badge {}\" x=\"{PADDING}\" y=\"{top}\" width=\"{side}\" height=\"{side}\" rx=\"7\"/>",
        card.family
    )?;
    let size = if card.badge.len() > 4 { " long" } else { "" };
    let (centre, base) = (PADDING + half, middle + 4);
    write!(out, "<text class=\"letters{size}\" x=\"{centre}\" y=\"{base}\">{}</text>", escaped(&card.badge))?;
    let text = 2 * PADDING + BADGE;
    let lines = i32::try_from(card.name.len()).unwrap_or(i32::MAX / 32);
    let inside = KIND_LINE + NAME_LINE * lines + if card.status.is_some() { STATUS_LINE } else { 0 };
    let mut base = middle - inside / 2 + 10;
    write!(out, "<text class=\"kind\" x=\"{text}\" y=\"{base}\">{}</text>", escaped(&card.kind))?;
    base += 1;
    for line in &card.name {
        base += NAME_LINE;
        write!(out, "<text class=\"name\" x=\"{text}\" y=\"{base}\">{}</text>", escaped(line))?;
    }
    if let Some(status) = &card.status {
        base += STATUS_LINE;
        let (dot, middle) = (text + 4, base - 4);
        let shift = if matches!(card.state, "plain") { 0 } else { 12 };
        if shift > 0 {
            write!(out, "<circle class=\"dot\" cx=\"{dot}\" cy=\"{middle}\" r=\"3.5\"/>")?;
        }
        write!(out, "<text class=\"status\" x=\"{}\" y=\"{base}\">{}</text>", text + shift, escaped(status))?;
    }
    writeln!(out, "</g>")
}

/// What colours and lines mean, beginning at a point.
pub(crate) fn legend(x: i32, y: i32, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "<g class=\"legend\" transform=\"translate({x} {y})\">")?;
    let mut x = 0;
    for (state, text) in STATES {
        write!(
            out,
            "<g class=\"card {state}\"><circle class=\"dot\" cx=\"{}\" cy=\"0\" r=\"4\"/></g>",
            x + 4
        )?;
        writeln!(out, "<text x=\"{}\" y=\"4\">{text}</text>", x + 13)?;
        x += 24 + super::measure::width(text, super::measure::TEXT);
    }
    x += 10;
    for (family, text) in FAMILIES {
        write!(
            out,
            "<rect class=\"badge {family}\" x=\"{x}\" y=\"-5\" width=\"10\" height=\"10\" rx=\"3\"/>"
        )?;
        writeln!(out, "<text x=\"{}\" y=\"4\">{text}</text>", x + 15)?;
        x += 27 + super::measure::width(text, super::measure::TEXT);
    }
    writeln!(out, "</g>")
}

/// The states, and what the legend calls them.
pub(crate) const STATES: &[(&str, &str)] = &[
    ("healthy", "healthy"),
    ("progressing", "on its way"),
    ("degraded", "failing"),
    ("missing", "missing"),
    ("unread", "could not be read"),
];
