use crate::model::ObjectKey;

use super::Noise;

/// What is asked of a graph.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// Where to start.
    pub scope: Scope,
    /// Which way to go from the roots.
    pub direction: Direction,
    /// How many edges to go from a root; `None`: as far as there are any.
    pub depth: Option<u32>,
    /// Kinds to show, and what leads to them; empty: every kind.
    pub include: Vec<KindFilter>,
    /// Kinds to leave out.
    pub exclude: Vec<KindFilter>,
    /// Edge types to follow and show; empty: every type.
    pub edges: Vec<String>,
    /// Edge types to leave out.
    pub exclude_edges: Vec<String>,
    /// What is otherwise hidden.
    pub show: Vec<Noise>,
    /// Only the paths to this object.
    pub to: Option<ObjectKey>,
    /// Only part of what was found.
    pub only: Only,
}

/// Where to start.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Scope {
    /// Everything.
    #[default]
    Cluster,
    /// What lives in this namespace, and what that touches.
    Namespace(String),
    /// These objects.
    Objects(Vec<ObjectKey>),
}

/// Which way to go from the roots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Both.
    #[default]
    Both,
    /// What belongs to them or needs them: against the edges.
    Dependents,
    /// What they need: along the edges.
    Dependencies,
}

/// A part of what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Only {
    /// All of it.
    #[default]
    All,
    /// References to objects that do not exist.
    Missing,
    /// Objects that nothing refers to and that are there to be referred to.
    Unused,
}

/// A kind that a user named, resolved to its group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindFilter {
    /// API group.
    pub group: String,
    /// Kind.
    pub kind: String,
}

impl KindFilter {
    /// Whether an object is of this kind.
    pub fn is(&self, key: &ObjectKey) -> bool {
        *self.group == *key.group && *self.kind == *key.kind
    }
}

impl Query {
    /// Whether edges of this type are followed and shown.
    pub fn wants_edge(&self, edge: &str) -> bool {
        (self.edges.is_empty() || self.edges.iter().any(|wanted| wanted == edge))
            && !self.exclude_edges.iter().any(|unwanted| unwanted == edge)
    }

    /// Whether an object of this kind may be shown at all.
    pub fn wants_kind(&self, key: &ObjectKey) -> bool {
        !self.exclude.iter().any(|filter| filter.is(key))
    }

    /// Whether an object that is noise for this reason is shown.
    pub fn wants_noise(&self, noise: Option<Noise>) -> bool {
        noise.is_none_or(|noise| self.show.contains(&noise))
    }
}
