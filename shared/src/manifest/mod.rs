//! Files, directories, standard input and saved snapshots, read into objects.
//!
//! ```text
//!  Inputs ─ paths ─► encoding ─► split ─► parse ─► list ─► object ─► scope ─► Document
//!  -f -k -R          UTF-8       `---`    YAML,    items   redact,   default
//!                                         JSON             check     namespace
//! ```
//!
//! Everything streams: a few documents at a time, one item of a list at a time, so that memory does not grow with the
//! file. What can't be read is [`Skipped`], named by file, document and line, and the rest is still read.
//! What must not be kept (the data of secrets and config maps) is gone before a caller sees the object.

mod ambient;
mod document;
mod encoding;
mod indent;
mod kustomize;
mod list;
mod object;
mod parse;
mod parsers;
mod parts;
mod paths;
mod probe;
mod read;
mod saved;
mod scope;
mod snapshot;
mod split;
mod template;
#[cfg(test)]
mod tests;
mod unrendered;
mod value;

pub(crate) use ambient::{API_SERVER, is_of_the_cluster};
pub use ambient::{exists_in_every_cluster, is_put_everywhere};
pub use document::{Document, Origin};
pub use object::{is_object_lost, redact};
pub(crate) use parse::yaml_message;
pub use parse::{MAX_DEPTH, MAX_DOCUMENT_BYTES, MAX_OBJECT_BYTES, MAX_OBJECT_NODES};
pub use paths::InputError;
pub use read::{Inputs, read};
pub use saved::{Saved, SavedError, SavedSnapshot};
pub use scope::Scopes;
pub use snapshot::{Covered, SnapshotHeader, SnapshotWriter, covers};
pub use template::{Templates, pods_of_templates};

use crate::model::Skipped;
