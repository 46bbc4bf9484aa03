use std::io::{self, Write};

use serde::Serialize as _;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use crate::{
    graph::Document,
    report::{Make, Options, Output},
    text::steers,
};

pub(super) static OUTPUT: Output = Output {
    name: "json",
    about: "one document, as docs/schemas/graph.json describes it",
    make: Make::Plain(render),
};

/// Indented by four spaces, as kubectl does. Written as it goes: no copy of the graph is made.
fn render(document: &Document, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    document.serialize(&mut Serializer::with_formatter(&mut out, Neutral::new()))?;
    writeln!(out)?;
    out.flush()
}

/// JSON needs no escapes for control characters above U+001F, nor for those that reorder text; a terminal does.
struct Neutral(PrettyFormatter<'static>);

impl Neutral {
    fn new() -> Self {
        Self(PrettyFormatter::with_indent(b"    "))
    }
}

impl Formatter for Neutral {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if fragment.is_ascii() && !fragment.contains('\u{7f}') {
            return out.write_all(fragment.as_bytes());
        }
        for part in fragment.split_inclusive(steers) {
            let text = part.trim_end_matches(steers);
            out.write_all(text.as_bytes())?;
            for unit in part[text.len()..].encode_utf16() {
                write!(out, "\\u{unit:04x}")?;
            }
        }
        Ok(())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sketch::{deployment, sketch};

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
