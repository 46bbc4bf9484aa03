//! Kinds as a server has them.

use passmuster::model::{Kind, builtin_kinds::builtin, discovery::Discovery, resource::Resource};

/// The type that a server has for a kind: those that are built in are the same everywhere.
pub(super) fn resource_of(kind: Kind, discovery: &Discovery) -> Option<Resource> {
    let built_in = builtin().by_kind(kind.group, kind.kind);
    built_in.or_else(|| discovery.by_kind(kind.group, kind.kind)).cloned()
}

/// The kind that has this plural in this group, of those that are built in.
pub(super) fn kind_of(group: &str, plural: &str) -> Option<&'static str> {
    let mut all = builtin().resources.iter();
    all.find(|resource| resource.group == group && resource.plural == plural).map(|found| found.kind.as_str())
}
