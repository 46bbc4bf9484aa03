use super::{EdgeRule, Emit, Target, emit::Refine};
use crate::model::Kind;

/// A field that names an object of one kind. Both the rule and the reference are made of it and so agree.
pub(super) struct Field {
    /// Edge type.
    pub(super) edge: &'static str,
    /// Kind of what the field names.
    pub(super) kind: Kind,
    /// The field, from the object's root, without indices.
    pub(super) via: &'static str,
}

impl Field {
    /// The rule of `source`, which has this field.
    pub(super) const fn rule(&self, source: Kind) -> EdgeRule {
        EdgeRule { source, edge: self.edge, target: Target::Kind(self.kind), via: self.via }
    }

    /// The field holds this name.
    pub(super) fn refer<'e>(&self, emit: &'e mut Emit<'_>, name: &str) -> Refine<'e> {
        emit.refer(self.edge, self.kind, name, self.via)
    }
}
