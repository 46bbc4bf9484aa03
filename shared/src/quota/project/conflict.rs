use std::fmt;

use crate::{model::ObjectKey, text::neutral};

/// A namespace that objects of several projects claim.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// The namespace.
    pub namespace: String,
    /// The project that it is taken to belong to.
    pub project: String,
    /// The object that says so; `None` when a label or annotation does.
    pub by: Option<ObjectKey>,
    /// The other projects, and the objects that claim the namespace for them, sorted.
    pub others: Vec<(String, ObjectKey)>,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { namespace, project, by, others } = self;
        let others: Vec<String> = others.iter().map(|(_, object)| object.to_string()).collect();
        let by = by.as_ref().map_or_else(|| "its own mark".to_owned(), ToString::to_string);
        write!(
            f,
            "namespace {} is counted to project {} (by {}), and {} claims it too",
            neutral(namespace),
            neutral(project),
            neutral(&by),
            neutral(&others.join(", "))
        )
    }
}
