use std::{
    fmt::Write as _,
    io::{self, Write},
};

use serde_saphyr::{SerializerOptions, to_io_writer_with_options};

use crate::{
    report::{Make, Options, Output, Printable},
    text::steers,
};

pub(super) fn output<D: Printable>() -> Output<D> {
    Output { name: "yaml", about: "the same document as json, as YAML", make: Make::Plain(render) }
}

fn render<D: Printable>(document: &D, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = Neutral { out: io::BufWriter::with_capacity(1 << 16, out), line: Vec::new() };
    let mut options = SerializerOptions::default();
    options.prefer_block_scalars = false;
    options.compact_list_indent = true;
    to_io_writer_with_options(&mut out, document, options).map_err(io::Error::other)?;
    out.flush()
}

/// Lines on their way out. YAML lets characters that reorder text stand in plain scalars; a terminal obeys them.
/// Every line of a document is `key:`, `key: scalar` or `- scalar`, so that its scalar can be quoted and escaped as
/// JSON is.
struct Neutral<W: io::Write> {
    out: W,
    line: Vec<u8>,
}

impl<W: io::Write> io::Write for Neutral<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.end_line()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.end_line()?;
        self.out.flush()
    }
}

impl<W: io::Write> Neutral<W> {
    fn end_line(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let text = str::from_utf8(&line).map_err(io::Error::other)?;
        let safe = |text: &str| text.chars().all(|character| character == '\n' || !steers(character));
        // A quoted item of a list may hold what looks like a key.
        let mut item = text.trim_start_matches(' ');
        while let Some(rest) = item.strip_prefix("- ") {
            item = rest;
        }
        let (start, scalar) = match item.split_once(": ") {
            Some((key, scalar)) if !key.starts_with(['"', '\'']) => {
                let start = text.len() - item.len() + key.len() + ": ".len();
                (text.get(..start).unwrap_or_default(), scalar)
            }
            _ => (text.strip_suffix(item).unwrap_or_default(), item),
        };
        match scalar {
            _ if text.is_ascii() || safe(text) => self.out.write_all(&line)?,
            _ if scalar.starts_with('"') => write!(self.out, "{start}{}", escaped(scalar))?,
            _ => {
                let plain = scalar.trim_end_matches('\n');
                let quoted = plain.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
                let text = quoted.map_or_else(|| plain.to_owned(), |inside| inside.replace("''", "'"));
                let json = serde_json::to_string(&text).map_err(io::Error::other)?;
                writeln!(self.out, "{start}{}", escaped(&json))?;
            }
        }
        self.line = line;
        self.line.clear();
        Ok(())
    }
}

/// What steers a terminal, as YAML and JSON write it in double quotes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        let code = u32::from(character);
        match character {
            '\n' => safe.push(character),
            _ if steers(character) => {
                let _ =
                    if code > 0xffff { write!(safe, "\\U{code:08x}") } else { write!(safe, "\\u{code:04x}") };
            }
            _ => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        graph::Document,
        report::sketch::{deployment, sketch},
    };

    fn yaml(document: &Document) -> String {
        let mut out = Vec::new();
        render(document, &Options::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_was_written_is_read() {
        let document = deployment();
        let mut read: Document = serde_saphyr::from_str(&yaml(&document)).unwrap();
        for (node, original) in read.nodes.iter_mut().zip(&document.nodes) {
            node.created = original.created; // Not part of the contract.
        }
        assert_eq!(read, document);
        insta::assert_snapshot!(yaml(&sketch(
            "Pod/shop/a root ready=1/1 healthy
             Pod/shop/a uses Secret/shop/b optional
             Secret/shop/b missing"
        )));
    }

    #[test]
    fn lists_of_texts_are_neutral_too() {
        for text in
            ["a\u{202e}b", "-\u{202e}", "a: \u{202e}b", "\"\u{202e}\": x", "'\u{202e}': x", "\u{9b}", "x"]
        {
            let document = crate::quota::QuotaUsage { by: vec![text.to_owned()], ..Default::default() };
            let mut out = Vec::new();
            render(&document, &Options::default(), &mut out).unwrap();
            let yaml = String::from_utf8(out).unwrap();
            let read: crate::quota::QuotaUsage = serde_saphyr::from_str(&yaml).unwrap();
            assert_eq!(read, document, "{yaml}");
            assert!(!yaml.chars().any(|character| character != '\n' && steers(character)), "{yaml:?}");
        }
    }

    /// Names that a YAML reader of either version could take for something other than text.
    #[test]
    fn text_stays_text() {
        let mut document = sketch("Pod/shop/a");
        for name in [
            "yes",
            "No",
            "on",
            "y",
            "null",
            "~",
            "",
            "true",
            "012",
            "0o14",
            "0x1f",
            "1e3",
            "1_000",
            ".inf",
            "1.0",
            "12:30:45",
            "2024-01-01",
            "- a",
            "a: b",
            "a #b",
            "#a",
            "'",
            "\"",
            "\\",
            "*a",
            "&a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a",
            "{",
            "[a]",
            " a",
            "a ",
            "a\nb",
            "\n",
            "\t",
            "a\u{1b}b",
            "\u{9b}",
            "\u{202e}",
            "\u{feff}",
            "\u{7f}",
            "\u{85}",
            "\u{2028}",
            "日本",
            "=",
            "<<",
            "---",
            "...",
            "? a",
            ",",
            "\u{0}",
            "\u{e0041}",
            "it's\u{202e}",
            "\"q\"\u{202e}: x",
            "key: \u{202e}value",
            "'a'\u{200b}",
        ] {
            document.nodes[0].key.name = name.into();
            let text = yaml(&document);
            let value: serde_json::Value =
                serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{name:?}: {error}\n{text}"));
            assert_eq!(value["nodes"][0]["name"], name, "{text}");
            assert!(
                !text.chars().any(|character| character != '\n' && steers(character)),
                "{name:?}: {text:?}"
            );
        }
    }
}
