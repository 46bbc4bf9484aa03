//! The policies in force.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use passmuster::{
    audit::{AuditPolicy, Parameters, judged, look_up, pods},
    model::Kind,
};
use serde_json::Value;

use super::policy::Policy;

/// All policies in force, and what follows from them. Never changed: another takes its place.
#[derive(Debug, Default)]
pub(super) struct InForce {
    /// By name.
    pub(super) policies: Vec<Arc<Policy>>,
    /// The different thresholds that they set; each has an index of its own.
    pub(super) parameters: Vec<Parameters>,
    /// What rules look up.
    pub(super) look_up: BTreeSet<Kind>,
    /// Kinds of which rules want whole objects.
    pub(super) whole: BTreeSet<Kind>,
    /// Kinds of which any object is judged.
    pub(super) judged: BTreeSet<Kind>,
}

impl InForce {
    fn new(policies: Vec<Arc<Policy>>) -> Self {
        let mut parameters: Vec<Parameters> = Vec::new();
        let (mut look, mut judge, mut whole) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for policy in &policies {
            if !parameters.contains(policy.parameters()) {
                parameters.push(policy.parameters().clone());
            }
            look.extend(look_up(policy.rules.all()));
            whole.extend(policy.rules.all().whole());
            let mut of = judged(policy.rules.all());
            if policy.standard.is_some() {
                // What makes pods; the rule that says what a standard refuses is about all of it.
                of.extend(pods());
            }
            judge.extend(of.into_iter().filter(|kind| policy.is_about(*kind)));
        }
        // Rules name kinds by group and kind; whether their objects are in namespaces they may not know.
        let look = once(look);
        Self { policies, parameters, look_up: look, whole, judged: once(judge) }
    }

    /// The place of a policy's thresholds.
    pub(super) fn settings_of(&self, policy: &Policy) -> usize {
        self.parameters.iter().position(|one| one == policy.parameters()).unwrap_or_default()
    }
}

/// Each group and kind once.
fn once(kinds: BTreeSet<Kind>) -> BTreeSet<Kind> {
    let mut all: BTreeSet<Kind> = BTreeSet::new();
    for kind in kinds {
        if !all.iter().any(|other| other.is(kind.group, kind.kind)) {
            all.insert(kind);
        }
    }
    all
}

/// What was seen of one AuditPolicy.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// The generation that was last seen.
    pub(super) generation: Option<i64>,
    /// Why that one is not in force.
    pub(super) problem: Option<String>,
    /// Its status, as it is stored.
    pub(super) status: Value,
    policy: Option<Arc<Policy>>,
    listed: bool,
}

/// Follows what is stored.
#[derive(Debug, Default)]
pub(super) struct Policies {
    seen: BTreeMap<String, Seen>,
    /// Why they can't be followed, while they can't.
    pub(super) problem: Option<String>,
}

impl Policies {
    /// A policy is so now. What can't be read leaves in force what was. Whether that may change what is in force: a
    /// status alone does not.
    pub(super) fn put(&mut self, object: Value) -> bool {
        let name = object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let generation = object.pointer("/metadata/generation").and_then(Value::as_i64);
        let status = object.get("status").cloned().unwrap_or_default();
        let before = self.seen.remove(&name);
        if let Some(same) =
            before.as_ref().filter(|seen| seen.generation.is_some() && seen.generation == generation)
        {
            self.seen.insert(name, Seen { status, listed: true, ..same.clone() });
            return false;
        }
        let read = serde_json::from_value::<AuditPolicy>(object)
            .map_err(|error| error.to_string())
            .and_then(Policy::new);
        let (policy, problem) = match read {
            Ok(policy) => (Some(Arc::new(policy)), None),
            Err(problem) => {
                tracing::warn!(policy = %name, problem, "a policy can't be used; what was in force of it stays so");
                (before.and_then(|seen| seen.policy), Some(problem))
            }
        };
        self.seen.insert(name, Seen { generation, problem, status, policy, listed: true });
        true
    }

    /// A policy is gone.
    pub(super) fn remove(&mut self, name: &str) {
        self.seen.remove(name);
    }

    /// A list begins.
    pub(super) fn listing(&mut self) {
        self.seen.values_mut().for_each(|seen| seen.listed = false);
    }

    /// It is whole.
    pub(super) fn listed(&mut self) {
        self.seen.retain(|_, seen| seen.listed);
    }

    /// What was seen of each, by name.
    pub(super) fn seen(&self) -> &BTreeMap<String, Seen> {
        &self.seen
    }

    /// Those in force.
    pub(super) fn in_force(&self) -> InForce {
        InForce::new(self.seen.values().filter_map(|seen| seen.policy.clone()).collect())
    }
}

#[cfg(test)]
mod tests {
    use passmuster::model::kinds;
    use serde_json::json;

    use super::*;

    fn policy(name: &str, generation: i64, rule: &str) -> Value {
        json!({
            "apiVersion": "passmuster.dev/v1alpha1", "kind": "AuditPolicy",
            "metadata": {"name": name, "generation": generation, "uid": "u", "managedFields": []},
            "spec": {"rules": [{"select": [rule], "action": "Deny"}]},
        })
    }

    fn rules(policies: &Policies) -> Vec<&'static str> {
        let in_force = policies.in_force();
        in_force
            .policies
            .iter()
            .flat_map(|policy| policy.rules.all().entries().iter().map(|entry| entry.id))
            .collect()
    }

    #[test]
    fn what_can_t_be_read_leaves_in_force_what_was() {
        let mut policies = Policies::default();
        policies.put(policy("a", 1, "privileged-container"));
        assert_eq!(rules(&policies), ["privileged-container"]);
        policies.put(policy("a", 2, "no-such-rule"));
        assert_eq!(rules(&policies), ["privileged-container"]);
        let seen = &policies.seen()["a"];
        assert!(seen.problem.as_deref().unwrap().starts_with("spec.rules[0].select[0]: "), "{seen:?}");
        policies.put(policy("a", 3, "missing-cpu-request"));
        assert_eq!(rules(&policies), ["missing-cpu-request"]);
        policies.put(policy("b", 1, "nonsense"));
        assert_eq!(rules(&policies), ["missing-cpu-request"]);
        policies.remove("a");
        assert_eq!(rules(&policies), [""; 0]);
    }

    #[test]
    fn what_a_list_does_not_name_is_gone() {
        let mut policies = Policies::default();
        policies.put(policy("a", 1, "privileged-container"));
        policies.put(policy("b", 1, "missing-cpu-request"));
        policies.listing();
        policies.put(policy("b", 1, "missing-cpu-request"));
        policies.listed();
        assert_eq!(rules(&policies), ["missing-cpu-request"]);
    }

    #[test]
    fn what_is_judged_and_looked_up_follows() {
        let mut policies = Policies::default();
        let mut one = policy("a", 1, "missing-service-account");
        one["spec"]["match"] = json!({"kinds": ["*.apps", "Service"]});
        policies.put(one);
        let in_force = policies.in_force();
        assert_eq!(in_force.look_up, [kinds::SERVICE_ACCOUNT].into());
        assert!(in_force.judged.contains(&kinds::DEPLOYMENT));
        assert!(!in_force.judged.contains(&kinds::POD), "{:?}", in_force.judged);
        let mut standard = policy("a", 2, "ingress-class-missing");
        standard["spec"]["podSecurity"] = json!({"level": "baseline"});
        policies.put(standard);
        assert!(policies.in_force().judged.contains(&kinds::POD));
    }
}
