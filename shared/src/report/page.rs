//! Pages that stand alone: nothing is fetched, and nothing runs but their own script.

use std::io::{self, Write};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use super::markup::escaped;

/// A page's parts that its policy names by hash: whatever a name in it may hold, no other style or script counts.
pub(super) struct Page {
    pub(super) style: &'static str,
    pub(super) script: &'static str,
}

impl Page {
    /// Everything up to the body's content.
    pub(super) fn begin(&self, title: &str, out: &mut impl Write) -> io::Result<()> {
        writeln!(
            out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src {}; style-src {}; \
             base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>",
            hash(self.script),
            hash(self.style),
            escaped(title)
        )?;
        writeln!(out, "<style>{}</style>\n</head>\n<body>", self.style)
    }

    /// The script, and the end.
    pub(super) fn end(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "<script>{}</script>\n</body>\n</html>", self.script)
    }
}

/// How a policy names an inline script or style.
pub(super) fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}
