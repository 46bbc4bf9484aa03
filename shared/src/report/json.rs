//! JSON that is safe to look at.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::text::steers;

/// Writes a value in one line, without its end.
pub fn write_line(value: &impl Serialize, out: &mut (impl io::Write + ?Sized)) -> io::Result<()> {
    Ok(value.serialize(&mut Serializer::with_formatter(out, Neutral(CompactFormatter)))?)
}

/// Writes a value indented by four spaces, as kubectl does, without the last line's end. It is written as it goes:
/// no copy is made.
pub fn write_pretty(value: &impl Serialize, out: &mut (impl io::Write + ?Sized)) -> io::Result<()> {
    let formatter = Neutral(PrettyFormatter::with_indent(b"    "));
    Ok(value.serialize(&mut Serializer::with_formatter(out, formatter))?)
}

/// JSON needs no escapes for control characters above U+001F, nor for those that reorder text; a terminal does.
struct Neutral<F>(F);

impl<F: Formatter> Formatter for Neutral<F> {
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
