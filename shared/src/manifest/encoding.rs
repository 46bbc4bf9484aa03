//! UTF-16 with a byte order mark, which Windows tools write, as UTF-8; everything else as it is.

use std::io::{self, BufRead, BufReader, Read};

const BOM_UTF8: &[u8] = b"\xef\xbb\xbf";
const BOM_LE: &[u8] = b"\xff\xfe";
const BOM_BE: &[u8] = b"\xfe\xff";

/// Reads bytes as UTF-8, without a leading byte order mark.
pub(super) struct Utf8<R> {
    inner: BufReader<R>,
    encoding: Option<Encoding>,
    /// A surrogate that waits for its other half.
    pending: Option<u16>,
    /// What is decoded and not yet handed out.
    out: Vec<u8>,
    at: usize,
}

#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    Utf16(fn([u8; 2]) -> u16),
}

impl<R: Read> Utf8<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner: BufReader::with_capacity(64 * 1024, inner),
            encoding: None,
            pending: None,
            out: Vec::new(),
            at: 0,
        }
    }

    /// Looks at the first bytes, which a pipe may hand over one by one.
    fn detect(&mut self) -> io::Result<Encoding> {
        let mut head = Vec::new();
        self.inner.by_ref().take(3).read_to_end(&mut head)?;
        let (encoding, skip) = if head.starts_with(BOM_LE) {
            (Encoding::Utf16(u16::from_le_bytes), 2)
        } else if head.starts_with(BOM_BE) {
            (Encoding::Utf16(u16::from_be_bytes), 2)
        } else if head.starts_with(BOM_UTF8) {
            (Encoding::Utf8, 3)
        } else {
            (Encoding::Utf8, 0)
        };
        let rest = head.get(skip..).unwrap_or_default();
        match encoding {
            Encoding::Utf8 => self.out.extend_from_slice(rest),
            // The third byte is the first half of a unit.
            Encoding::Utf16(unit) => {
                if let Some(&first) = rest.first() {
                    let mut second = [0];
                    self.inner.read_exact(&mut second).map_err(|_| odd())?;
                    self.push(unit([first, second[0]]))?;
                }
            }
        }
        self.encoding = Some(encoding);
        Ok(encoding)
    }

    fn push(&mut self, unit: u16) -> io::Result<()> {
        let units = self.pending.take().into_iter().chain([unit]);
        for decoded in char::decode_utf16(units) {
            match decoded {
                Ok(char) => self.out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
                Err(error) if error.unpaired_surrogate() == unit && unit < 0xdc00 => {
                    self.pending = Some(unit);
                }
                Err(_) => return Err(io::Error::new(io::ErrorKind::InvalidData, "invalid UTF-16")),
            }
        }
        Ok(())
    }

    fn fill(&mut self, unit: fn([u8; 2]) -> u16) -> io::Result<()> {
        self.out.clear();
        self.at = 0;
        while self.out.len() < 16 * 1024 {
            let mut pair = Vec::with_capacity(2);
            self.inner.by_ref().take(2).read_to_end(&mut pair)?;
            match pair[..] {
                [first, second] => self.push(unit([first, second]))?,
                [_] => return Err(odd()),
                _ if self.pending.is_some() => return Err(odd()),
                _ => break,
            }
        }
        Ok(())
    }
}

fn odd() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "UTF-16 ends in the middle of a character")
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let encoding = match self.encoding {
            Some(encoding) => encoding,
            None => self.detect()?,
        };
        if self.at == self.out.len() {
            match encoding {
                Encoding::Utf8 => {
                    let available = self.inner.fill_buf()?;
                    let n = available.len().min(buf.len());
                    buf[..n].copy_from_slice(&available[..n]);
                    self.inner.consume(n);
                    return Ok(n);
                }
                Encoding::Utf16(unit) => self.fill(unit)?,
            }
        }
        let ready = &self.out[self.at..];
        let n = ready.len().min(buf.len());
        buf[..n].copy_from_slice(&ready[..n]);
        self.at += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        Utf8::new(bytes).read_to_string(&mut text).map(|_| text)
    }

    #[test]
    fn every_encoding_that_editors_write() {
        let text = "kind: Pod # käfig 𝄞\n";
        let utf16: Vec<u16> = text.encode_utf16().collect();
        let little = [BOM_LE.to_vec(), utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect()].concat();
        let big = [BOM_BE.to_vec(), utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect()].concat();
        assert_eq!(decode(text.as_bytes()).unwrap(), text);
        assert_eq!(decode(&[BOM_UTF8, text.as_bytes()].concat()).unwrap(), text);
        assert_eq!(decode(&little).unwrap(), text);
        assert_eq!(decode(&big).unwrap(), text);
        assert_eq!(decode(b"").unwrap(), "");
        assert_eq!(decode(b"a").unwrap(), "a");
        assert_eq!(decode(BOM_LE).unwrap(), "");
    }

    #[test]
    fn broken_utf16_is_an_error() {
        assert!(decode(b"\xff\xfea").is_err(), "half a unit");
        assert!(decode(b"\xff\xfea\x00b").is_err(), "half a unit at the end");
        assert!(decode(b"\xff\xfe\x00\xd8").is_err(), "half a pair at the end");
        assert!(decode(b"\xff\xfe\x00\xd8\x00\xd8").is_err(), "two first halves");
        assert!(decode(b"\xff\xfe\x00\xdc").is_err(), "a second half alone");
    }
}
