use std::io::{self, Write};

use crate::{
    graph::Document,
    report::{
        Make, Options, Output,
        drawing::{self, Drawing, Use},
        markup::escaped,
    },
};

pub(super) static OUTPUT: Output<Document> = Output {
    name: "svg",
    about: "a drawing that prints: layers, a frame for each namespace, replicas as one",
    make: Make::Plain(render),
};

/// Room above the drawing for what it is of, and below for what colours mean.
const HEAD: i32 = 52;
const FOOT: i32 = 40;
const LEAST_WIDTH: i32 = 1040;

fn render(document: &Document, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let drawing = Drawing::new(document);
    let (width, height) = (drawing.placed.width.max(LEAST_WIDTH), drawing.placed.height + HEAD + FOOT);
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">"
    )?;
    writeln!(out, "<title>{}</title>", escaped(&document.cluster))?;
    writeln!(
        out,
        "<defs><style>\n{}</style>{}</defs>",
        include_str!("../assets/drawing.css"),
        drawing::MARKERS
    )?;
    writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"#f6f8fa\"/>")?;
    writeln!(out, "<text class=\"name\" x=\"28\" y=\"30\">{}</text>", escaped(&document.cluster))?;
    let note = drawing.note.as_deref().map(|note| format!(" · {note}")).unwrap_or_default();
    let skipped = match document.skipped.len() {
        0 => String::new(),
        count => format!(" · {} could not be read", crate::text::counted(count, "kind or file")),
    };
    let about = escaped(&format!("{}{note}{skipped}", drawing.summary));
    writeln!(out, "<text class=\"status\" x=\"28\" y=\"47\">{about}</text>")?;
    writeln!(out, "<g transform=\"translate(0 {HEAD})\">")?;
    drawing.paint(Use::Print, &mut out)?;
    writeln!(out, "</g>")?;
    drawing::legend(28, height - FOOT / 2, &mut out)?;
    writeln!(out, "</svg>")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sketch::{deployment, hostile};

    fn svg(document: &Document) -> String {
        let mut out = Vec::new();
        render(document, &Options::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn deployment_in_svg() {
        let text = svg(&deployment());
        assert_eq!(text, svg(&deployment()), "the same graph, the same bytes");
        insta::assert_snapshot!(text.split_once("</style>").unwrap().1);
    }

    #[test]
    fn every_graph_is_valid_xml_with_a_card_for_every_object() {
        for document in [deployment(), hostile(), Document::default()] {
            let text = svg(&document);
            let tree = roxmltree::Document::parse(&text).unwrap();
            let cards = tree.descendants().filter(|node| node.attribute("data-card").is_some()).count();
            assert!(cards <= document.nodes.len() && (cards == 0) == document.nodes.is_empty());
        }
    }

    #[test]
    fn names_are_whole() {
        let text = svg(&deployment());
        for name in ["nginx-7c5ddbdf54-zz8tw", "istio-ca", "HorizontalPodAutoscaler"] {
            assert!(text.contains(&format!(">{name}<")), "{name}");
        }
    }
}
