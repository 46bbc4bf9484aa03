//! Places of objects.

use std::{collections::BTreeSet, sync::Arc};

/// What namespaces are called as a type: they are reserved for while they move to a project.
pub const NAMESPACES: &str = "namespaces";
/// The type of the ResourceQuotas of namespaces, as far as they are what a project is charged for. It is not the name
/// of a resource, because as objects they may be counted as well.
pub const ALLOCATED: &str = "resourcequotas/hard";

/// A place for one object. The API server never has two objects in one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// Type, as in `pods`, `deployments.apps`.
    pub resource: Arc<str>,
    /// Namespace; empty for objects of the whole cluster.
    pub namespace: Arc<str>,
    /// Name.
    pub name: Arc<str>,
}

impl Slot {
    /// The place of these three.
    pub fn new(
        resource: impl Into<Arc<str>>,
        namespace: impl Into<Arc<str>>,
        name: impl Into<Arc<str>>,
    ) -> Self {
        Self { resource: resource.into(), namespace: namespace.into(), name: name.into() }
    }
}

/// Names that are kept once, however many objects have them.
#[derive(Debug, Clone, Default)]
pub struct Names(BTreeSet<Arc<str>>);

impl Names {
    /// The one copy of a name.
    pub fn get(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return known.clone();
        }
        let name: Arc<str> = name.into();
        self.0.insert(name.clone());
        name
    }

    /// Forgets names that nobody has any more.
    pub fn tidy(&mut self) {
        self.0.retain(|name| Arc::strong_count(name) > 1);
    }
}
