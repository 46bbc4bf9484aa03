//! What analyzers see: object keys, the parts of objects that are read, what could not be read.

pub mod api;
pub mod builtin_kinds;
pub mod decode;
pub mod discovery;
mod key;
mod kind;
pub mod kinds;
mod labels;
mod meta;
pub mod resource;
mod selector_text;
mod skipped;
mod status;

pub use decode::DecodeError;
pub use key::{ObjectKey, ParseKeyError};
pub use kind::Kind;
pub use labels::{Labels, Requirement, Selector};
pub use meta::{LabelSelector, LabelSelectorRequirement, ObjectMeta, OwnerReference, Time};
pub use selector_text::SelectorError;
pub use skipped::Skipped;
pub use status::{Health, Status};
