use std::io::{self, Write};

use crate::report::{Make, Options, Output, Printable, json};

pub(super) fn output<D: Printable>() -> Output<D> {
    Output { name: "json", about: "one document, as docs/schemas describes it", make: Make::Plain(render) }
}

/// Indented by four spaces, as kubectl does. Written as it goes: no copy of the document is made.
fn render<D: Printable>(document: &D, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    json::write_pretty(document, &mut out)?;
    writeln!(out)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        graph::Document,
        report::sketch::{deployment, sketch},
        text::steers,
    };

    fn json(document: &Document) -> String {
        let mut out = Vec::new();
        render(document, &Options::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn indented_as_kubectl_does() {
        insta::assert_snapshot!(json(&sketch(
            "Pod/shop/a root ready=1/1 healthy
             Pod/shop/a uses Secret/shop/b optional
             Secret/shop/b missing"
        )));
    }

    #[test]
    fn what_was_written_is_read() {
        let document = deployment();
        let mut read: Document = serde_json::from_str(&json(&document)).unwrap();
        for (node, original) in read.nodes.iter_mut().zip(&document.nodes) {
            node.created = original.created; // Not part of the contract.
        }
        assert_eq!(read, document);
    }

    #[test]
    fn control_characters_are_escaped_and_come_back() {
        let mut document = sketch("Pod/shop/a");
        let name = "a\u{1b}\u{9b}\u{202e}\u{e0041}\u{7f}日\"\\";
        document.nodes[0].key.name = name.into();
        let text = json(&document);
        assert!(!text.chars().any(|character| character != '\n' && steers(character)), "{text}");
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["nodes"][0]["name"], name);
    }
}
