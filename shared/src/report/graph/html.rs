use std::io::{self, Write};

use crate::{
    graph::Document,
    report::{
        Make, Options, Output,
        drawing::{self, Drawing, Use},
        json,
        markup::escaped,
        page::Page,
    },
};

pub(super) static OUTPUT: Output<Document> = Output {
    name: "html",
    about: "one page, without network: the drawing of svg to pan, zoom, search and filter",
    make: Make::Plain(render),
};

const PAGE: Page = Page {
    style: concat!(
        include_str!("../assets/drawing.css"),
        include_str!("../assets/theme.css"),
        include_str!("../assets/page.css")
    ),
    script: include_str!("../assets/page.js"),
};

fn render(document: &Document, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let drawing = Drawing::new(document);
    PAGE.begin(&document.cluster, &mut out)?;
    head(document, &drawing, &mut out)?;
    filters(&mut out)?;
    let (width, height) = (drawing.placed.width, drawing.placed.height);
    writeln!(
        out,
        "<main>\n<svg id=\"canvas\" data-width=\"{width}\" data-height=\"{height}\" role=\"group\" aria-label=\"drawing\">\
         <defs>{}</defs>\n<g id=\"view\">",
        drawing::MARKERS
    )?;
    drawing.paint(Use::Page, &mut out)?;
    writeln!(out, "</g>\n</svg>")?;
    note(document, &drawing, &mut out)?;
    writeln!(
        out,
        "</main>\n<aside id=\"details\" aria-label=\"details\" aria-live=\"polite\" hidden></aside>"
    )?;
    write!(out, "<script type=\"application/json\" id=\"graph\">")?;
    data(document, &drawing, &mut Inside(&mut out))?;
    writeln!(out, "</script>")?;
    PAGE.end(&mut out)?;
    out.flush()
}

fn head(document: &Document, drawing: &Drawing, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "<header>\n<div class=\"title\"><h1>{}</h1><p>{}</p></div>",
        escaped(&document.cluster),
        escaped(&drawing.summary)
    )?;
    out.write_all(
        br#"<div class="search"><input id="search" type="search" placeholder="Search: name, kind, status  ( / )" aria-label="search" autocomplete="off"><output id="matches" for="search"></output></div>
<div class="tools">
<button id="toggle" type="button" aria-pressed="true" aria-controls="filters">Filters</button>
<button id="fit" type="button" title="Everything ( 0 )">Fit</button>
<button id="out" type="button" title="Smaller ( - )" aria-label="smaller">&minus;</button>
<button id="in" type="button" title="Larger ( + )" aria-label="larger">+</button>
<button id="theme" type="button" title="Light or dark">Theme</button>
</div>
</header>
"#,
    )
}

fn filters(out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "<aside id=\"filters\" aria-label=\"filters\">\n<div id=\"kinds\"></div>\n<div id=\"types\"></div>"
    )?;
    writeln!(out, "<h2>Legend</h2>\n<ul class=\"legend\">")?;
    for (state, text) in drawing::STATES {
        writeln!(
            out,
            "<li><svg width=\"12\" height=\"12\"><g class=\"{state}\"><circle class=\"dot\" cx=\"6\" cy=\"6\" r=\"4.5\"/></g></svg>{text}</li>"
        )?;
    }
    for (family, text) in drawing::FAMILIES {
        writeln!(
            out,
            "<li><svg width=\"12\" height=\"12\"><rect class=\"badge {family}\" width=\"12\" height=\"12\" rx=\"3\"/></svg>{text}</li>"
        )?;
    }
    for (class, text) in [("wire", "points at what is needed"), ("wire optional", "optional")] {
        writeln!(
            out,
            "<li><svg width=\"24\" height=\"12\"><path class=\"{class}\" d=\"M0 6H22\" marker-end=\"url(#arrow)\"/></svg>{text}</li>"
        )?;
    }
    writeln!(out, "</ul>\n</aside>")
}

fn note(document: &Document, drawing: &Drawing, out: &mut impl Write) -> io::Result<()> {
    if drawing.note.is_none() && document.skipped.is_empty() {
        return Ok(());
    }
    writeln!(out, "<div class=\"note\">")?;
    if let Some(note) = &drawing.note {
        writeln!(out, "<p>{}</p>", escaped(note))?;
    }
    for skipped in &document.skipped {
        writeln!(out, "<p>Not read: {} ({})</p>", escaped(&skipped.resource), escaped(&skipped.message))?;
    }
    writeln!(out, "</div>")
}

/// The graph, and what of it each card and wire stands for.
fn data(document: &Document, drawing: &Drawing, out: &mut impl Write) -> io::Result<()> {
    let cards: Vec<(&[u32], i32, i32, i32, i32)> = drawing
        .cards
        .iter()
        .zip(&drawing.placed.items)
        .map(|(card, rect)| (&card.members[..], rect.x, rect.y, rect.width, rect.height))
        .collect();
    let wires: Vec<(usize, usize, &[u32])> =
        drawing.wires.iter().map(|wire| (wire.source, wire.target, &wire.edges[..])).collect();
    let mut frames: Vec<Vec<usize>> = vec![Vec::new(); drawing.namespaces.len()];
    for (at, frame) in drawing.cards.iter().enumerate().filter_map(|(at, card)| Some((at, card.frame?))) {
        frames[frame].push(at);
    }
    write!(out, "{{\"graph\":")?;
    json::write_line(document, &mut *out)?;
    write!(out, ",\"cards\":")?;
    serde_json::to_writer(&mut *out, &cards)?;
    write!(out, ",\"wires\":")?;
    serde_json::to_writer(&mut *out, &wires)?;
    write!(out, ",\"frames\":")?;
    serde_json::to_writer(&mut *out, &frames)?;
    write!(out, "}}")
}

/// JSON inside a page: `<` stands in its strings alone, where it may be written as an escape, so that no name ends
/// the script.
struct Inside<W>(W);

impl<W: Write> Write for Inside<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'<') {
            match part.strip_suffix(b"<") {
                Some(before) => {
                    self.0.write_all(before)?;
                    self.0.write_all(b"\\u003c")?;
                }
                None => self.0.write_all(part)?,
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{
        page::hash,
        sketch::{deployment, hostile},
    };

    fn html(document: &Document) -> String {
        let mut out = Vec::new();
        render(document, &Options::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_graph_is_in_the_page_and_cannot_leave_its_script() {
        for document in [deployment(), hostile(), Document::default()] {
            let text = html(&document);
            assert_eq!(text, html(&document), "the same graph, the same bytes");
            let (_, rest) = text.split_once("id=\"graph\">").unwrap();
            let (json, _) = rest.split_once("</script>").unwrap();
            assert!(!json.contains('<'));
            assert!(!json.chars().any(crate::text::steers));
            let data: serde_json::Value = serde_json::from_str(json).unwrap();
            assert_eq!(data["graph"], serde_json::to_value(&document).unwrap());
            assert_eq!(text.matches("<script").count(), 2);
            assert_eq!(text.matches("</script>").count(), 2);
        }
    }

    #[test]
    fn nothing_comes_from_elsewhere() {
        let text = html(&deployment());
        let policy = text.split_once("content=\"default-src 'none'").unwrap().1;
        assert!(policy.contains(&hash(PAGE.script)) && policy.contains(&hash(PAGE.style)));
        for fetched in ["src=", "href=", "@import", "http://", "https://", "url(h", "style=\""] {
            let own = text.replace("script-src ", "").replace("style-src ", "").replace("url(#arrow)", "");
            assert!(!own.contains(fetched), "{fetched}");
        }
    }
}
