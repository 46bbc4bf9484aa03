use std::{fmt, sync::Arc};

use serde_json::Value;

/// An object that was read from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The object, whole, but for what must not be kept (see [`redact`](super::redact)).
    pub object: Value,
    /// Its `apiVersion`; not empty.
    pub api_version: Arc<str>,
    /// Its `kind`; not empty.
    pub kind: Arc<str>,
    /// Where it stands.
    pub origin: Origin,
}

/// Where something stands in the files that were given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The file as it was given, or `standard input`.
    pub file: Arc<str>,
    /// Which of the file's documents that are not empty, from 1.
    pub document: u32,
    /// Line of the file where the document begins, or where what is wrong with it stands; from 1.
    pub line: u32,
    /// Which item of the list that the document is, from 0.
    pub item: Option<u32>,
}

/// `app.yaml: document 2, line 14`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: document {}, line {}", self.file, self.document, self.line)?;
        if let Some(item) = self.item {
            write!(f, ", items[{item}]")?;
        }
        Ok(())
    }
}
