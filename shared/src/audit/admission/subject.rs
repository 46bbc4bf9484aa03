use std::{collections::BTreeSet, sync::Arc};

use serde_json::Value;

use crate::{
    audit::{
        catalogue::Entry,
        pod_security,
        rule::{Check, Needs},
        world::{POD_KINDS, World},
    },
    graph::edges::group_of,
    model::{DecodeError, Kind, kinds},
};

/// One object that somebody wants to have stored.
#[derive(Debug)]
pub struct Subject {
    pub(super) world: World,
    group: Box<str>,
    kind: Box<str>,
}

impl Subject {
    /// Reads the object. `api_version` is what the client wrote, which the API server may have converted since; `whole`
    /// are the kinds that rules want whole, see [`Rules::whole`](crate::audit::Rules::whole).
    pub fn read(
        api_version: &Arc<str>,
        kind: &str,
        object: Value,
        whole: BTreeSet<Kind>,
    ) -> Result<Self, DecodeError> {
        Self::of(api_version, kind, whole, |world| world.take_document(api_version, kind, object))
    }

    /// The same from JSON as it came.
    pub fn read_text(
        api_version: &Arc<str>,
        kind: &str,
        json: &str,
        whole: BTreeSet<Kind>,
    ) -> Result<Self, DecodeError> {
        Self::of(api_version, kind, whole, |world| world.take_text(api_version, kind, json))
    }

    fn of(
        api_version: &Arc<str>,
        kind: &str,
        whole: BTreeSet<Kind>,
        take: impl FnOnce(&mut World) -> Result<(), DecodeError>,
    ) -> Result<Self, DecodeError> {
        let mut world = World::of_files().keeping(whole);
        take(&mut world)?;
        world.coverage.cover_everything();
        Ok(Self { world, group: group_of(api_version).into(), kind: kind.into() })
    }

    /// What the API server's own admission says of it under a Pod Security Standard; none where it makes no pods.
    pub fn assess(&self, policy: pod_security::Policy) -> Option<pod_security::Assessment> {
        pod_security::assess_first(policy, &self.world)
    }

    /// Its group and kind.
    pub(super) fn group_and_kind(&self) -> (&str, &str) {
        (&self.group, &self.kind)
    }

    /// Whether a rule compares it with others of its kind, so that it must be among them, as routes are with other
    /// routes. What rules about pods look up is of other kinds, and of those workloads that are not this one.
    pub(super) fn is_compared_by(&self, entry: &Entry) -> bool {
        entry.rule.needs == Needs::Objects && !makes_pods(&self.group, &self.kind)
    }
}

fn makes_pods(group: &str, kind: &str) -> bool {
    POD_KINDS.iter().any(|it| it.is(group, kind)) || kinds::POD_TEMPLATE.is(group, kind)
}

/// Whether a rule has anything to say of an object of a kind.
pub(super) fn is_about(entry: &Entry, group: &str, kind: &str) -> bool {
    entry.rule.checks.iter().any(|check| match check {
        Check::Pods(_) => makes_pods(group, kind),
        Check::Records(_) | Check::Exemptions => true,
        Check::Cluster(_) => false,
        other => other.kind().is_some_and(|it| it.is(group, kind)),
    })
}
