//! The same rules at admission: one object is judged, the others are looked up among what is cached.

use std::sync::Arc;

use serde_json::Value;

use super::{
    catalogue::Entry,
    context::Context,
    engine::{Outcomes, run_in},
    rule::{Admission, Check},
    rule_set::Rules,
    settings::Settings,
    world::World,
};
use crate::model::DecodeError;

/// What is cached of a cluster, with its indexes: made once for many requests.
#[derive(Debug)]
pub struct Lookup<'w>(Context<'w>);

impl<'w> Lookup<'w> {
    /// Looks up in these objects.
    pub fn new(cached: &'w World, settings: &'w Settings) -> Self {
        Self(Context::new(cached, settings))
    }
}

/// Judges one object, as the API server would store it, by these rules; those that have nothing to say at admission
/// are left out. The findings are those that `kubectl audit` has for the object.
pub fn judge(
    lookup: &Lookup<'_>,
    rules: &[&'static Entry],
    api_version: &Arc<str>,
    kind: &str,
    object: Value,
) -> Result<Outcomes, DecodeError> {
    judge_rules(lookup, &Rules::built_in(rules), api_version, kind, object)
}

/// The same, with the rules of a policy among them. What they relate the object to must be among what is cached, whole:
/// see [`Rules::kinds`] and [`Rules::whole`].
pub fn judge_rules(
    lookup: &Lookup<'_>,
    rules: &Rules,
    api_version: &Arc<str>,
    kind: &str,
    object: Value,
) -> Result<Outcomes, DecodeError> {
    let rules = rules.retained(speaks, |rule| rule.describe().admission != Admission::Never);
    let mut world = World::of_files().keeping(rules.whole());
    world.take_document(api_version, kind, object)?;
    world.coverage.cover_everything();
    let subjects = Context::new(&world, lookup.0.settings());
    Ok(run_in(&subjects, &lookup.0, &rules, &|_, _| true))
}

/// Whether a rule has anything to say of one object at admission.
fn speaks(entry: &Entry) -> bool {
    let whole = |check: &Check| matches!(check, Check::Cluster(_));
    entry.rule.admission != Admission::Never
        && !entry.rule.needs.is_live()
        && !entry.rule.checks.iter().all(whole)
}
