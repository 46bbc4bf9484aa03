//! What `--save` and `-o json` wrote, read again.

use std::{
    fs::File,
    io::{self, BufReader, Cursor, Read},
    path::Path,
    sync::Arc,
};

use serde::de::DeserializeSeed;
use serde_json::Value;
use serde_saphyr::DuplicateKeyPolicy;

use super::{
    Document, MAX_DOCUMENT_BYTES, Origin, SnapshotHeader,
    encoding::Utf8,
    list::{Outcome, Top},
    object::{identify, redact},
    parse::{json_message, with_yaml, yaml_message},
    probe::{Probe, What},
    value::Budget,
};
use crate::{API_VERSION, graph};

/// A file that Passmuster wrote.
pub enum Saved {
    /// A graph that `-o json` or `-o yaml` printed.
    Graph(graph::Document),
    /// A snapshot that `--save` wrote, not yet read.
    Snapshot(SavedSnapshot),
}

/// A snapshot whose items are still in the file.
pub struct SavedSnapshot {
    file: Arc<str>,
    text: Text,
}

/// Why a saved file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SavedError {
    /// There is no such file. Worded as kubectl does.
    #[error("the path {0:?} does not exist")]
    Missing(String),
    /// It can't be read.
    #[error("{file}: {error}")]
    Read {
        /// The file.
        file: String,
        /// Why not.
        error: io::Error,
    },
    /// It is damaged.
    #[error("{file}: line {line}: {message}")]
    Invalid {
        /// The file.
        file: String,
        /// Where.
        line: u64,
        /// What is wrong.
        message: String,
    },
    /// It is something else.
    #[error("{file}: expected a saved graph or snapshot (apiVersion {API_VERSION}), found {found}")]
    NotSaved {
        /// The file.
        file: String,
        /// What it is.
        found: String,
    },
}

/// The text of a file, of which the beginning was looked at.
enum Text {
    Json(Box<dyn Read>),
    Yaml(String),
}

/// Enough to see what a file is.
const HEAD_BYTES: u64 = 64 * 1024;

impl Saved {
    /// Opens a file; `-` is standard input.
    pub fn open(file: &str) -> Result<Self, SavedError> {
        if file == "-" {
            return Self::from_reader("standard input", io::stdin());
        }
        match File::open(Path::new(file)) {
            Ok(opened) => Self::from_reader(file, opened),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(SavedError::Missing(file.to_owned()))
            }
            Err(error) => Err(SavedError::Read { file: file.to_owned(), error }),
        }
    }

    /// Takes a stream, called `file` in errors.
    pub fn from_reader(file: &str, reader: impl Read + 'static) -> Result<Self, SavedError> {
        let read = |error| SavedError::Read { file: file.to_owned(), error };
        let mut reader = Utf8::new(reader);
        let mut head = Vec::new();
        reader.by_ref().take(HEAD_BYTES).read_to_end(&mut head).map_err(read)?;
        let text = if head.trim_ascii_start().starts_with(b"{") {
            Text::Json(Box::new(Cursor::new(head.clone()).chain(reader)))
        } else {
            let mut text = String::new();
            Cursor::new(head.clone())
                .chain(reader)
                .take(MAX_DOCUMENT_BYTES as u64 + 1)
                .read_to_string(&mut text)
                .map_err(read)?;
            if text.len() > MAX_DOCUMENT_BYTES {
                let message = format!(
                    "more than {} MiB of YAML can't be read; save it as JSON",
                    MAX_DOCUMENT_BYTES >> 20
                );
                return Err(SavedError::Invalid { file: file.to_owned(), line: 1, message });
            }
            Text::Yaml(text)
        };
        match probe(&head, &text) {
            What::Graph => Ok(Self::Graph(graph_from(file, text)?)),
            What::Snapshot => Ok(Self::Snapshot(SavedSnapshot { file: file.into(), text })),
            What::Other(found) => Err(SavedError::NotSaved { file: file.to_owned(), found }),
        }
    }
}

fn graph_from(file: &str, text: Text) -> Result<graph::Document, SavedError> {
    match text {
        Text::Json(reader) => {
            serde_json::from_reader(BufReader::new(reader)).map_err(|error| invalid_json(file, &error))
        }
        Text::Yaml(text) => with_yaml(&text, DuplicateKeyPolicy::Error, std::marker::PhantomData)
            .map_err(|error| invalid_yaml(file, &error)),
    }
}

impl SavedSnapshot {
    /// Hands each object to `sink`; what comes back is the rest of the file. A file that breaks off is an error, even
    /// though objects came of it.
    pub fn read(self, sink: &mut dyn FnMut(Document)) -> Result<SnapshotHeader, SavedError> {
        let Self { file, text } = self;
        let mut broken = None;
        let budget = Budget::new();
        let mut found = |mut object: Value, item: Option<u32>| {
            redact(&mut object);
            let origin =
                Origin { file: file.clone(), document: 1, line: item.unwrap_or(0).saturating_add(2), item };
            match identify(&object) {
                Ok((api_version, kind)) => sink(Document { object, api_version, kind, origin }),
                Err(message) => _ = broken.get_or_insert((origin.item.unwrap_or(0), message)),
            }
        };
        let top = Top { budget: &budget, found: &mut found };
        let outcome = match text {
            Text::Json(reader) => {
                let mut json = serde_json::Deserializer::from_reader(BufReader::new(reader));
                let outcome = top.deserialize(&mut json).and_then(|outcome| json.end().map(|()| outcome));
                outcome.map_err(|error| invalid_json(&file, &error))?
            }
            Text::Yaml(text) => with_yaml(&text, DuplicateKeyPolicy::Error, top)
                .map_err(|error| invalid_yaml(&file, &error))?,
        };
        let invalid = |message| SavedError::Invalid { file: file.to_string(), line: 1, message };
        if let Some((item, message)) = broken {
            return Err(invalid(format!("items[{item}]: {message}")));
        }
        let header = match outcome {
            Outcome::List(header) => Value::Object(header),
            Outcome::Single(_) => return Err(invalid("it has no items".to_owned())),
        };
        let header: SnapshotHeader =
            serde_json::from_value(header).map_err(|error| invalid(error.to_string()))?;
        if header.api_version != API_VERSION || header.kind != "Snapshot" {
            let found = format!("{} {}", header.api_version, header.kind);
            return Err(SavedError::NotSaved { file: file.to_string(), found });
        }
        Ok(header)
    }
}

fn invalid_json(file: &str, error: &serde_json::Error) -> SavedError {
    SavedError::Invalid { file: file.to_owned(), line: error.line() as u64, message: json_message(error) }
}

fn invalid_yaml(file: &str, error: &serde_saphyr::Error) -> SavedError {
    let line = error.location().map_or(1, |location| location.line());
    SavedError::Invalid { file: file.to_owned(), line, message: yaml_message(error) }
}

/// Sees from its beginning what a file is. The probe stops parsing by way of an error, so that the end of the
/// beginning does not matter.
fn probe(head: &[u8], text: &Text) -> What {
    let mut found = None;
    match text {
        Text::Json(_) => _ = Probe(&mut found).deserialize(&mut serde_json::Deserializer::from_slice(head)),
        Text::Yaml(text) => _ = with_yaml(text, DuplicateKeyPolicy::LastWins, Probe(&mut found)),
    }
    found.unwrap_or_else(|| What::Other("something else".to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::manifest::{Covered, SnapshotWriter};

    fn open(text: &str) -> Result<Saved, SavedError> {
        Saved::from_reader("saved.json", Cursor::new(text.to_owned()))
    }

    fn read(text: &str) -> Result<(SnapshotHeader, Vec<Value>), SavedError> {
        let mut objects = Vec::new();
        match open(text)? {
            Saved::Snapshot(snapshot) => {
                let header = snapshot.read(&mut |document| objects.push(document.object))?;
                Ok((header, objects))
            }
            Saved::Graph(_) => panic!("a graph"),
        }
    }

    #[test]
    fn what_was_saved_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("saved.json");
        let mut writer = SnapshotWriter::new(&path, "kind", Some("shop")).unwrap();
        let object = |kind: &str| json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": "a", "namespace": "shop"}});
        let mut secret = object("Secret");
        secret["data"] = json!({"password": "aHVudGVyMg=="});
        writer.item(secret).unwrap();
        writer.item(object("Pod")).unwrap();
        let covered =
            vec![Covered { group: String::new(), kind: "Pod".into(), namespace: Some("shop".into()) }];
        writer.finish(covered.clone(), Vec::new()).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("hunter") && !text.contains("aHVudGVy"));
        let (header, objects) = read(&text).unwrap();
        assert_eq!((header.cluster.as_str(), header.namespace.as_deref()), ("kind", Some("shop")));
        assert_eq!(header.covered, covered);
        assert_eq!(objects, [object("Pod"), object("Secret")]);
        let sorted: std::collections::BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
        assert_eq!(
            read(&serde_json::to_string(&sorted).unwrap()).unwrap().1,
            objects,
            "keys in another order"
        );
    }

    #[test]
    fn a_graph_is_told_from_a_snapshot() {
        let graph = graph::Document { cluster: "kind".to_owned(), ..graph::Document::default() };
        let json = serde_json::to_string(&graph).unwrap();
        assert!(matches!(open(&json), Ok(Saved::Graph(read)) if read == graph));
        let yaml = "apiVersion: passmuster.dev/v1alpha1\nkind: Graph\ncluster: kind\nnodes: []\nedges: []\nskipped: []\n";
        assert!(matches!(open(yaml), Ok(Saved::Graph(read)) if read == graph));
    }

    #[test]
    fn anything_else_says_what_it_is() {
        let error = |text: &str| match read(text) {
            Err(error) => error.to_string(),
            Ok(_) => panic!("{text}"),
        };
        assert!(error("kind: Pod").ends_with("found kind Pod"));
        assert!(error("").ends_with("found something else"));
        assert!(error("[]").ends_with("found something else"));
        assert!(error(r#"{"kind":"Snapshot","items":[{"#).contains("line 1: EOF"), "broken off");
        assert!(
            error(r#"{"kind":"Snapshot","apiVersion":"other/v1","items":[]}"#)
                .ends_with("found other/v1 Snapshot")
        );
        let item = r#"{"kind":"Snapshot","apiVersion":"passmuster.dev/v1alpha1","items":[{"kind":"Pod"}]}"#;
        assert!(error(item).contains("items[0]: Object 'apiVersion' is missing"));
    }
}
