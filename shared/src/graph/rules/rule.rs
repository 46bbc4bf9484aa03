use std::{borrow::Cow, sync::Arc};

use super::{KindScope, field::Field, glob::matches};

/// A rule, ready to be applied.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) source: Source,
    pub(super) edge: Arc<str>,
    /// What the other paths start from; the object itself when there is none.
    pub(super) each: Option<Field>,
    pub(super) when: Vec<Condition>,
    pub(super) unless: Vec<Field>,
    pub(super) target: Target,
    pub(super) finds: Finds,
    /// Replaces the field's own path in edges.
    pub(super) via: Option<String>,
}

/// The kinds that hold the field. Group and kinds may have `*`.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) group: String,
    pub(super) kinds: Vec<String>,
    pub(super) namespaced: bool,
}

/// A condition on the object: some value is there, or is one of these.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) path: Field,
    pub(super) values: Vec<String>,
}

/// The kind of the target: what paths say, or else what is written here.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) group: String,
    pub(super) kind: String,
    pub(super) group_path: Option<Field>,
    pub(super) api_version_path: Option<Field>,
    pub(super) kind_path: Option<Field>,
    pub(super) namespaced: Option<bool>,
}

/// How targets are found.
#[derive(Debug)]
pub(super) enum Finds {
    Named(Named),
    Selected(Selected),
}

/// By name.
#[derive(Debug)]
pub(super) struct Named {
    /// Of these, the first that leads to something.
    pub(super) names: Vec<Field>,
    pub(super) form: Form,
    pub(super) except: Vec<String>,
    pub(super) namespace: Option<Field>,
    pub(super) optional: bool,
    pub(super) optional_path: Option<Field>,
}

/// How a name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub(super) enum Form {
    /// `name`.
    #[serde(rename = "name")]
    Name,
    /// `namespace/name`, or `name`.
    #[serde(rename = "namespace/name")]
    Slash,
    /// A service's host name: `name`, or `name.namespace.svc` and the cluster's domain. Other hosts name nothing.
    #[serde(rename = "service host")]
    Host,
}

/// By labels.
#[derive(Debug)]
pub(super) struct Selected {
    pub(super) selector: Field,
    /// What it means when there is no selector.
    pub(super) absent: All,
    /// What a selector without requirements means.
    pub(super) empty: All,
    pub(super) namespaces: Namespaces,
}

/// Everything or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum All {
    Everything,
    Nothing,
}

/// Where selected objects are looked for.
#[derive(Debug)]
pub(super) enum Namespaces {
    /// In the object's own.
    Own,
    /// In all.
    All,
    /// In those that are named, or in all when a field says so, or else in the object's own.
    Named { names: Option<Field>, any: Option<Field> },
    /// In those with these labels; without a selector in the object's own.
    Labelled(Field),
}

impl Rule {
    pub(super) fn reads(&self, group: &str, kind: &str) -> bool {
        matches(&self.source.group, group) && self.source.kinds.iter().any(|pattern| matches(pattern, kind))
    }

    /// The kinds that are named without `*` and whose scope the rule says.
    pub(super) fn scopes(&self) -> impl Iterator<Item = KindScope> {
        let Source { group, kinds, namespaced } = &self.source;
        let kinds = kinds.iter().filter(|kind| !group.contains('*') && !kind.contains('*'));
        let sources =
            kinds.map(|kind| KindScope { group: group.clone(), kind: kind.clone(), namespaced: *namespaced });
        let target = self.target.exact().zip(self.target.namespaced);
        sources.chain(target.map(|((group, kind), namespaced)| KindScope { group, kind, namespaced }))
    }

    pub(super) fn edge(&self) -> Cow<'static, str> {
        Cow::Owned(self.edge.to_string())
    }
}

impl Target {
    /// The kind, if no path can say another.
    pub(super) fn exact(&self) -> Option<(String, String)> {
        let by_path =
            self.group_path.is_some() || self.api_version_path.is_some() || self.kind_path.is_some();
        (!by_path).then(|| (self.group.clone(), self.kind.clone()))
    }
}
