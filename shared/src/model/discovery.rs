//! Every resource type that a server offers, and the finding of one by any of its names.
//!
//! The rules are kubectl's (`mappingFor` of cli-runtime's builder over client-go's `RESTMapper` and shortcut
//! expander), oddities included, so that a name means here what it means there.

use super::resource::{Resource, group_version};

/// The resource types of one server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Discovery {
    /// Every type in every version, in the server's order of preference: the core group first, then group by group
    /// as the server lists them, in each the preferred version first.
    pub resources: Vec<Resource>,
    /// Group versions whose types the server could not tell (an aggregated API without a backend), sorted.
    pub stale: Vec<String>,
}

/// A type that the server doesn't have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the server doesn't have a resource type {name:?}")]
pub struct UnknownType {
    /// The name that was asked for, without version and group.
    pub name: String,
}

impl Discovery {
    /// Each type once, in the version that the server prefers.
    pub fn preferred(&self) -> impl Iterator<Item = &Resource> {
        self.resources.iter().enumerate().filter_map(|(index, resource)| {
            // Versions of one group stand together, so looking back ends where the group begins.
            let seen = self.resources[..index]
                .iter()
                .rev()
                .take_while(|earlier| earlier.group == resource.group)
                .any(|earlier| earlier.plural == resource.plural);
            (!seen).then_some(resource)
        })
    }

    /// The type of `kind` in `group`, in the preferred version.
    pub fn by_kind(&self, group: &str, kind: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.is_kind(group, kind))
    }

    /// The type that objects with this `apiVersion` and `kind` have.
    pub fn by_api_version(&self, api_version: &str, kind: &str) -> Option<&Resource> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        self.resources.iter().find(|resource| resource.is_kind(group, kind) && resource.version == version)
    }

    /// The types that `argument` names: a category's members, or the one type of [`Self::resolve`].
    pub fn lookup(&self, argument: &str) -> Result<Vec<&Resource>, UnknownType> {
        let members = self.category(argument);
        if members.is_empty() { Ok(vec![self.resolve(argument)?]) } else { Ok(members) }
    }

    /// The preferred types of the category `name`, in order; empty when it is no category.
    pub fn category(&self, name: &str) -> Vec<&Resource> {
        let mut members: Vec<&Resource> = Vec::new();
        for resource in &self.resources {
            if resource.categories.iter().any(|category| category == name)
                // kubectl resolves the member again by its name, which gives the preferred version.
                && let Ok(resource) = self.resolve(&resource.group_resource())
                && !members.contains(&resource)
            {
                members.push(resource);
            }
        }
        members
    }

    /// The one type that `argument` names: plural, singular, kind or short name, with `.GROUP` or `.VERSION.GROUP`.
    pub fn resolve(&self, argument: &str) -> Result<&Resource, UnknownType> {
        let unversioned = Wanted::without_version(argument);
        Wanted::with_version(argument)
            .and_then(|versioned| self.by_name(versioned))
            .or_else(|| self.by_name(unversioned))
            .or_else(|| Wanted::with_version(argument).and_then(|versioned| self.by_exact_kind(versioned)))
            .or_else(|| self.by_exact_kind(unversioned))
            .ok_or_else(|| UnknownType { name: unversioned.name.to_owned() })
    }

    /// What kubectl warns of when `argument` is a short name of several types; the first of them is meant.
    pub fn warnings(&self, argument: &str) -> Vec<String> {
        let wanted = Wanted::without_version(argument);
        let mut lower: Vec<String> = Vec::new();
        if !self.is_full_name(wanted) {
            for resource in self.short_named(wanted).map(Resource::group_resource) {
                if !lower.contains(&resource) {
                    lower.push(resource);
                }
            }
        }
        let lower = lower.into_iter().skip(1);
        lower
            .map(|other| {
                format!("short name {:?} could also match lower priority resource {other}", wanted.name)
            })
            .collect()
    }

    /// The resource mapper's search by name: short names are spelled out, then the name is compared in lower case and
    /// the group may be cut short (`events.events`). The first in order of preference wins.
    fn by_name(&self, wanted: Wanted<'_>) -> Option<&Resource> {
        let wanted = self.spelled_out(wanted);
        let name = wanted.name.to_lowercase();
        let mut matches = self.resources.iter().filter(|resource| resource.is_named(&name));
        let found = match (wanted.group, wanted.version) {
            ("", "") => matches.next(),
            ("", version) => matches.find(|resource| resource.version == version),
            (group, "") => matches.find(|resource| resource.group.starts_with(group)),
            (group, version) => {
                matches.find(|resource| resource.group == group && resource.version == version)
            }
        }?;
        // From the name the mapper goes to the kind and back; of two types with one kind the last is then meant.
        let same_kind =
            |other: &&Resource| other.is_kind(&found.group, &found.kind) && other.version == found.version;
        self.resources.iter().rfind(same_kind)
    }

    /// The full name of a short one; anything else as it is.
    fn spelled_out<'a>(&'a self, wanted: Wanted<'a>) -> Wanted<'a> {
        if self.is_full_name(wanted) {
            return wanted;
        }
        if let Some(long) = self.short_named(wanted).next() {
            // kubectl forgets the version here: `deploy.v9.apps` is found.
            return Wanted { name: &long.plural, group: &long.group, version: "" };
        }
        if !wanted.group.is_empty()
            && let Some(long) = self.resources.iter().find(|resource| {
                resource.group.starts_with(wanted.group)
                    && resource.short_names.iter().any(|short| short == wanted.name)
            })
        {
            return Wanted { name: &long.plural, group: &long.group, ..wanted };
        }
        wanted
    }

    /// Whether a plural or singular reads exactly so: it then is no short name.
    fn is_full_name(&self, wanted: Wanted<'_>) -> bool {
        self.resources.iter().any(|resource| wanted.admits(&resource.group) && resource.is_named(wanted.name))
    }

    fn short_named<'a>(&'a self, wanted: Wanted<'a>) -> impl Iterator<Item = &'a Resource> {
        self.resources.iter().filter(move |resource| {
            wanted.admits(&resource.group) && resource.short_names.iter().any(|short| short == wanted.name)
        })
    }

    /// By kind, as it is written or in lower case; here the group must be whole, and none means the core group.
    fn by_exact_kind(&self, wanted: Wanted<'_>) -> Option<&Resource> {
        self.resources.iter().find(|resource| {
            resource.group == wanted.group
                && (wanted.version.is_empty() || resource.version == wanted.version)
                && (resource.kind == wanted.name || resource.kind.to_lowercase() == wanted.name)
        })
    }

    /// Whether the server could not tell the types of this group and version.
    pub fn is_stale(&self, group: &str, version: &str) -> bool {
        self.stale.binary_search(&group_version(group, version)).is_ok()
    }
}

/// A type argument taken apart. Which part is version and which is group only the server's types can tell.
#[derive(Debug, Clone, Copy)]
struct Wanted<'a> {
    name: &'a str,
    group: &'a str,
    version: &'a str,
}

impl<'a> Wanted<'a> {
    /// `name.group`.
    fn without_version(argument: &'a str) -> Self {
        let (name, group) = argument.split_once('.').unwrap_or((argument, ""));
        Self { name, group, version: "" }
    }

    /// `name.version.group`.
    fn with_version(argument: &'a str) -> Option<Self> {
        let (name, rest) = argument.split_once('.')?;
        let (version, group) = rest.split_once('.')?;
        Some(Self { name, group, version })
    }

    fn admits(&self, group: &str) -> bool {
        self.group.is_empty() || self.group == group
    }
}
