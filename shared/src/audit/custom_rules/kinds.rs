//! Kinds, as a policy names them.

use crate::{
    audit::world::{POD_KINDS, READ},
    model::{Kind, builtin_kinds::builtin, kinds},
};

/// The word for every pod template and every pod that has none.
const WORKLOAD: &str = "Workload";

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Objects of a kind.
    Objects(Kind),
    /// Pod templates, and pods that have none.
    Workloads,
}

impl Target {
    /// Reads a kind, or the word for workloads.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text == WORKLOAD { Ok(Self::Workloads) } else { kind(text).map(Self::Objects) }
    }

    /// The kinds that it stands for.
    pub(super) fn kinds(self) -> Vec<Kind> {
        match self {
            Self::Objects(kind) => vec![kind],
            Self::Workloads => POD_KINDS.to_vec(),
        }
    }

    /// The kinds whose objects it may meet: pod templates in files too, which nobody asks a cluster for.
    pub(super) fn whole(self) -> Vec<Kind> {
        let mut kinds = self.kinds();
        if self == Self::Workloads {
            kinds.push(kinds::POD_TEMPLATE);
        }
        kinds
    }
}

/// Reads `Deployment.apps`.
pub(super) fn kind(text: &str) -> Result<Kind, String> {
    let (kind, group) = text.split_once('.').unwrap_or((text, ""));
    let word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let label = |part: &str| {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !part.is_empty() && part.bytes().all(inner) && !part.starts_with('-') && !part.ends_with('-')
    };
    let is_group = group.is_empty() && !text.contains('.') || group.split('.').all(label);
    if !word(kind) || !kind.starts_with(|first: char| first.is_ascii_uppercase()) || !is_group {
        return Err(format!("{text:?} is no kind: expected something like Pod or Deployment.apps"));
    }
    if let Some(read) = READ.iter().find(|read| read.is(group, kind)) {
        return Ok(*read);
    }
    if let Some(known) = builtin().by_kind(group, kind) {
        return Ok(Kind::named(group, kind, known.namespaced));
    }
    if group.is_empty() {
        let meant = READ.iter().find(|read| read.kind == kind);
        let meant = meant.map(|kind| format!(": did you mean {kind}?")).unwrap_or_default();
        return Err(format!("there is no {kind} in the core group{meant}"));
    }
    Ok(Kind::named(group, kind, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_their_group() {
        assert_eq!(kind("Deployment.apps"), Ok(kinds::DEPLOYMENT));
        assert_eq!(kind("Node"), Ok(kinds::NODE));
        assert_eq!(kind("Widget.example.com"), Ok(Kind::namespaced("example.com", "Widget")));
        assert_eq!(Target::parse("Workload"), Ok(Target::Workloads));
        for wrong in ["", "deployments", "Deployment.", "Widget.Example.com", "apps/v1", "Widget.-a", ".apps"]
        {
            assert!(kind(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            kind("Deployment"),
            Err("there is no Deployment in the core group: did you mean Deployment.apps?".to_owned())
        );
    }
}
