//! The seam to the server.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Instant,
};

use passmuster::{
    audit::{Action, Asked, Finding, Rules, Subject, Verdict, pod_security::Policy as Standard},
    model::ObjectKey,
};
use tokio::sync::watch;
use tracing::{Instrument, trace_span};

use super::{
    change::{Change, change},
    decide::{Answer, Opinion},
    index::{Built, Indexes},
    policies::InForce,
    policy::{Policy, built_in},
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
    pub(super) indexes: Arc<Indexes>,
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
            let index = self.indexes.get(&in_force, false);
            let mut answer = weigh(&in_force, &holding, &change, &index, user)?;
            // What is older than what was seen is no reason to deny.
            if answer.denies() && !self.indexes.is_newest(&index) {
                answer = weigh(&in_force, &holding, &change, &self.indexes.get(&in_force, true), user)?;
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
    let mut weighing = Weighing { change, index, user, answer: Answer::default() };
    for (settings, policies) in groups {
        weighing.ask_all(settings, &policies)?;
    }
    Ok(weighing.answer)
}

/// An answer in the making.
struct Weighing<'w, 'r> {
    change: &'w Change<'r>,
    index: &'w Built,
    user: &'w str,
    answer: Answer,
}

/// What rules find in a change.
struct Found {
    findings: Vec<Finding>,
    /// Fingerprints of the defects that the stored object has already.
    existing: BTreeSet<String>,
}

impl Weighing<'_, '_> {
    /// Asks policies of the same settings.
    fn ask_all(&mut self, settings: usize, policies: &[&Policy]) -> Result<(), Failure> {
        let new = &self.change.new;
        if let [policy] = policies {
            let found = self.find(settings, &policy.rules.of(new))?;
            return self.hear(policy, found);
        }
        let of_all = self.find(settings, &built_in(policies.iter().copied(), new))?;
        for policy in policies {
            let named = of_all.findings.iter().filter(|finding| names(policy, &finding.rule));
            let mut found = Found { findings: named.cloned().collect(), existing: of_all.existing.clone() };
            if !policy.own.all().custom().is_empty() {
                let own = self.find(settings, &policy.own.of(new))?;
                found.findings.extend(own.findings);
                found.existing.extend(own.existing);
            }
            self.hear(policy, found)?;
        }
        Ok(())
    }

    fn find(&self, settings: usize, rules: &Rules) -> Result<Found, Failure> {
        let judge = |object| self.index.cached.judge(settings, rules, object);
        let findings = judge(&self.change.new);
        let mut existing = BTreeSet::new();
        if findings.iter().any(is_defect)
            && let Some(old) = self.change.stored()?
        {
            existing.extend(judge(old).into_iter().filter(is_defect).map(|finding| finding.fingerprint));
        }
        Ok(Found { findings, existing })
    }

    /// Adds what a policy makes of what was found.
    fn hear(&mut self, policy: &Policy, mut found: Found) -> Result<(), Failure> {
        let source = format!("AuditPolicy/{}", policy.name);
        policy.spec.apply(&source, &mut found.findings, Some(self.user), Some(now()));
        let standard = policy.standard.map(|wanted| standard(wanted, self.change)).transpose()?.flatten();
        let opinion = Opinion { policy, findings: found.findings, standard };
        self.answer.hear(&opinion, &found.existing, self.change.partly);
        Ok(())
    }
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
