//! The seam to the server.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Instant,
};

use passmuster::{
    audit::{Action, Asked, Entry, Finding, Rules, Subject, Verdict, pod_security::Policy as Standard},
    model::ObjectKey,
};
use tokio::sync::watch;
use tracing::{Instrument, trace_span};

use super::{
    cache::{Built, Cache},
    change::{Change, change},
    decide::{Answer, Opinion},
    policies::InForce,
    policy::Policy,
};
use crate::{
    admission::{Decision, Failure, Judge, Judging, Request},
    clock::now,
    kinds::kind_of,
    objects::Objects,
    telemetry::SPANS,
};

/// Judges by the policies in force.
pub(super) struct RuleJudge {
    pub(super) in_force: watch::Receiver<Option<Arc<InForce>>>,
    pub(super) cache: Arc<Cache>,
    /// Where what is scaled is read from.
    pub(super) objects: Objects,
}

impl Judge for RuleJudge {
    fn judge<'a>(&'a self, request: &'a Request<'a>, _: Instant) -> Judging<'a> {
        let judging = async move {
            let in_force = self.in_force.borrow().clone();
            let in_force =
                in_force.ok_or_else(|| Failure::Later("the policies have not been read yet".to_owned()))?;
            let holding = holding(&in_force, request);
            if holding.is_empty() {
                return Ok(Decision::allowed());
            }
            let Some(change) = change(request, &self.objects, &in_force.whole).await? else {
                return Ok(Decision::allowed());
            };
            let user = request.user_info.username.as_str();
            let index = self.cache.index(&in_force, false);
            let mut answer = weigh(&in_force, &holding, &change, &index, user)?;
            // What is older than what was seen is no reason to deny.
            if answer.denies() && !self.cache.is_newest(&index) {
                answer = weigh(&in_force, &holding, &change, &self.cache.index(&in_force, true), user)?;
            }
            Ok(answer.decision(&object(request, &change), &holding))
        };
        Box::pin(judging.instrument(trace_span!(target: SPANS, "rules")))
    }
}

/// The policies that hold for a request.
fn holding<'p>(in_force: &'p InForce, request: &Request<'_>) -> Vec<&'p Policy> {
    let (kind, group) = (request.kind.kind.as_str(), request.kind.group.as_str());
    let scaled = kind_of(&request.resource.group, &request.resource.resource);
    let (kind, group) = match scaled.filter(|_| request.sub_resource.as_str() == "scale") {
        Some(scaled) => (scaled, request.resource.group.as_str()),
        None => (kind, group),
    };
    let kind = if group.is_empty() { kind.to_owned() } else { format!("{kind}.{group}") };
    let groups: Vec<&str> = request.user_info.groups.iter().map(crate::admission::Text::as_str).collect();
    let namespace = request.namespace.as_str();
    let asked = Asked {
        kind: &kind,
        namespace: (!namespace.is_empty()).then_some(namespace),
        user: request.user_info.username.as_str(),
        groups: &groups,
    };
    let all = in_force.policies.iter().map(AsRef::as_ref);
    all.filter(|policy| policy.spec.matching.holds(&asked)).collect()
}

fn object(request: &Request<'_>, change: &Change<'_>) -> String {
    let namespace = if change.kind == "Namespace" { "" } else { request.namespace.as_str() };
    ObjectKey::new(change.group.as_str(), change.kind.as_str(), namespace, request.object_name()).to_string()
}

fn weigh(
    in_force: &InForce,
    holding: &[&Policy],
    change: &Change<'_>,
    index: &Built,
    user: &str,
) -> Result<Answer, Failure> {
    // Policies with the same thresholds are asked at once.
    let mut groups: BTreeMap<usize, Vec<&Policy>> = BTreeMap::new();
    for policy in holding {
        groups.entry(in_force.settings_of(policy)).or_default().push(policy);
    }
    let mut answer = Answer::default();
    let mut hear = |policy: &Policy, mut findings: Vec<Finding>, existing: &BTreeSet<String>| {
        policy.spec.apply(&format!("AuditPolicy/{}", policy.name), &mut findings, Some(user), Some(now()));
        let standard = policy.standard.map(|wanted| standard(wanted, change)).transpose()?.flatten();
        answer.hear(&Opinion { policy, findings, standard }, existing, change.partly);
        Ok(())
    };
    for (settings, policies) in groups {
        let ask = |rules: &Rules| {
            let found = index.cached.judge(settings, rules, &change.new);
            let mut existing = BTreeSet::new();
            if found.iter().any(is_defect)
                && let Some(old) = change.stored()?
            {
                let before = index.cached.judge(settings, rules, old).into_iter().filter(is_defect);
                existing.extend(before.map(|finding| finding.fingerprint));
            }
            Ok((found, existing))
        };
        if let [policy] = policies[..] {
            let (found, existing) = ask(&policy.rules.of(&change.new))?;
            hear(policy, found, &existing)?;
            continue;
        }
        let named: BTreeMap<&str, &'static Entry> = policies
            .iter()
            .flat_map(|policy| policy.rules.of(&change.new).entries().to_vec())
            .map(|entry| (entry.id, entry))
            .collect();
        let (found, existing) = ask(&Rules::built_in(&named.into_values().collect::<Vec<_>>()))?;
        for policy in policies {
            let mut findings: Vec<_> =
                found.iter().filter(|finding| names(policy, &finding.rule)).cloned().collect();
            let mut existing = existing.clone();
            if !policy.own.all().custom().is_empty() {
                let (own, before) = ask(&policy.own.of(&change.new))?;
                findings.extend(own);
                existing.extend(before);
            }
            hear(policy, findings, &existing)?;
        }
    }
    Ok(answer)
}

fn is_defect(finding: &Finding) -> bool {
    finding.verdict == Verdict::Fail
}

fn names(policy: &Policy, rule: &str) -> bool {
    policy.rules.all().entries().binary_search_by(|entry| entry.id.cmp(rule)).is_ok()
}

/// What a standard says of the pods, as the API server's own admission does: pods are refused, what makes pods is
/// warned of, and a change that makes nothing worse passes.
fn standard(
    (standard, action): (Standard, Action),
    change: &Change<'_>,
) -> Result<Option<(String, Action)>, Failure> {
    let said = |subject: &Subject| subject.assess(standard)?.message();
    let Some(message) = said(&change.new) else { return Ok(None) };
    if change.stored()?.and_then(said).as_ref() == Some(&message) {
        return Ok(None);
    }
    let is_pod = change.kind == "Pod" && change.group.is_empty();
    Ok(Some((message, if is_pod { action } else { action.min(Action::Warn) })))
}
