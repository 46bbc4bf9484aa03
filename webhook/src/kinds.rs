//! Kinds as a server has them.

use passmuster::{
    API_VERSION,
    model::{Kind, builtin_kinds::builtin, discovery::Discovery, resource::Resource},
};

/// The type that a server has for a kind: those that are built in are the same everywhere.
pub(crate) fn resource_of(kind: Kind, discovery: &Discovery) -> Option<&Resource> {
    let built_in = builtin().by_kind(kind.group, kind.kind);
    built_in.or_else(|| discovery.by_kind(kind.group, kind.kind))
}

/// The kind that has this plural in this group, of those that are built in.
pub(crate) fn kind_of(group: &str, plural: &str) -> Option<&'static str> {
    let mut all = builtin().resources.iter();
    all.find(|resource| resource.group == group && resource.plural == plural).map(|found| found.kind.as_str())
}

/// One of our kinds as a server has it.
pub(crate) fn own(kind: Kind, plural: &str) -> Resource {
    Resource {
        group: kind.group.to_owned(),
        version: API_VERSION.rsplit_once('/').map_or("", |(_, version)| version).to_owned(),
        kind: kind.kind.to_owned(),
        plural: plural.to_owned(),
        namespaced: kind.namespaced,
        ..Resource::default()
    }
}
