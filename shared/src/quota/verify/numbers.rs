//! `status` against what is wanted and what is there.

use super::{Evidence, Finding, Problem};
use crate::{
    model::Time,
    quantity::Quantity,
    quota::{
        Amounts, QuotaSpec, QuotaStatus, ResourceQuota,
        counted::counted_types,
        usage::{Charged, Pod, is_countable, recount, usage_with},
    },
    text::counted,
};

/// How old a quota may be without a status, in seconds: a controller that has just begun takes its time.
const YOUNG: i64 = 30;

const ASK: &str = "kubectl quota-usage verify --nudge asks for a recount";
const CONTROLLER: &str = "see whether kube-controller-manager runs, and its log for \"resource quota\" and \
    \"quota monitor\": one type that it cannot list keeps it from counting any";

/// Whether some quota shows that nobody recounts: its status is not what is wanted, and it had time.
pub(super) fn controller_sleeps(evidence: &Evidence<'_>) -> bool {
    evidence.quotas.iter().any(|quota| {
        let (spec, status) = parts(quota);
        spec.hard != status.hard && !is_young(quota, evidence.now)
    })
}

fn is_young(quota: &ResourceQuota, now: Time) -> bool {
    let created = quota.metadata.as_ref().and_then(|metadata| metadata.creation_timestamp);
    created.is_some_and(|created| now.seconds.saturating_sub(created.seconds) < YOUNG)
}

fn parts(quota: &ResourceQuota) -> (QuotaSpec, QuotaStatus) {
    (quota.spec.clone().unwrap_or_default(), quota.status.clone().unwrap_or_default())
}

/// What is wrong with a quota's numbers.
pub(super) fn check(
    evidence: &Evidence<'_>,
    quota: &ResourceQuota,
    objects: &[&Charged],
    asleep: bool,
) -> Vec<Finding> {
    let (spec, status) = parts(quota);
    if spec.hard.is_empty() {
        let cause = "spec.hard is empty, so there is nothing that it could limit";
        return vec![Finding::new(
            Problem::LimitsNothing,
            cause,
            "name a limit in spec.hard, or delete the quota",
        )];
    }
    if status.hard.is_empty() {
        let cause = "status.hard is empty, and that is what the API server enforces: the quota controller has never \
            looked at this quota, and nothing is refused";
        return vec![Finding::new(Problem::NeverSynced, cause, CONTROLLER)];
    }
    let mut findings = stale(&spec.hard, &status.hard);
    for (key, hard) in &status.hard {
        if is_countable(key) && status.used.get(key).is_none() && is_served(evidence, key) {
            let cause = "status.hard has this key and status.used does not: the API server refuses every object that \
                it counts with \"status unknown for quota\"";
            findings.push(Finding::new(Problem::UsageUnknown, cause, CONTROLLER).of(key, Some(*hard)));
        }
    }
    let counting = Counting { evidence, spec: &spec, objects, asleep };
    let now = recount(&spec, objects.iter().copied(), evidence.devices, evidence.now);
    for (key, counted) in &now {
        let (Some(used), hard) = (status.used.get(key), spec.hard.get(key)) else { continue };
        if !is_served(evidence, key) || !is_read(evidence, key) {
            continue;
        }
        if used != *counted {
            let finding = counting.explain(key, used, *counted).of(key, hard);
            findings.push(Finding { used: Some(used), counted: Some(*counted), ..finding });
        }
    }
    for (key, used) in &status.used {
        if let Some(hard) = spec.hard.get(key).filter(|hard| used > hard) {
            let cause = format!(
                "{used} is used and {hard} allowed: the limit was lowered, or objects came before it. What is there \
                 stays; nothing that takes more of it is let in until {} is given back",
                *used - hard
            );
            let remedy = format!(
                "raise spec.hard to {used} at least, or delete what is not needed: kubectl quota-usage explain {key} tells what takes it"
            );
            let finding = Finding::new(Problem::OverHard, cause, remedy).of(key, Some(hard));
            findings.push(Finding { used: Some(*used), ..finding });
        }
    }
    findings
}

/// Keys whose limit is enforced otherwise than it is wanted.
fn stale(spec: &Amounts, enforced: &Amounts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (key, hard) in spec {
        let cause = match enforced.get(key) {
            Some(other) if other == *hard => continue,
            Some(other) => format!(
                "spec.hard says {hard}, and {other} is enforced (status.hard): the quota controller has not seen the change"
            ),
            None => format!(
                "spec.hard says {hard}, and nothing is enforced (status.hard lacks it): the quota controller has not seen it"
            ),
        };
        findings.push(Finding::new(Problem::Stale, cause, CONTROLLER).of(key, Some(*hard)));
    }
    for (key, other) in enforced {
        if spec.get(key).is_none() {
            let cause = format!(
                "spec.hard has it no more, and {other} is still enforced (status.hard): the quota controller has not \
                 seen the change"
            );
            findings.push(Finding::new(Problem::Stale, cause, CONTROLLER).of(key, None));
        }
    }
    findings
}

/// Whether the server has a type that the key counts.
fn is_served(evidence: &Evidence<'_>, key: &str) -> bool {
    !counted_types([key], evidence.types).is_empty()
}

/// Whether everything that the key counts was read.
fn is_read(evidence: &Evidence<'_>, key: &str) -> bool {
    let types = counted_types([key], evidence.types);
    types.iter().all(|resource| evidence.complete.contains(&resource.group_resource()))
}

/// A key that does not add up.
struct Counting<'a> {
    evidence: &'a Evidence<'a>,
    spec: &'a QuotaSpec,
    objects: &'a [&'a Charged],
    asleep: bool,
}

impl Counting<'_> {
    fn explain(&self, key: &str, used: Quantity, counted_now: Quantity) -> Finding {
        if used < counted_now {
            return under(counted_now - used);
        }
        let surplus = used - counted_now;
        let ended = self.ended(key, has_finished);
        let overdue = self.ended(key, |pod| !has_finished(pod));
        if surplus == overdue.amount {
            let cause = format!(
                "{} whose grace period is over {} still in it. No event tells the quota controller that a grace period \
                 is over; it finds out at its next full recount, every 5 minutes",
                counted(overdue.objects.len(), "pod"),
                if overdue.objects.len() == 1 { "is" } else { "are" },
            );
            let remedy =
                format!("wait, or {ASK}; see why the pods do not go: a node that is gone, or a finalizer");
            return Finding { objects: overdue.objects, ..Finding::new(Problem::Leak, cause, remedy) };
        }
        if !ended.amount.is_zero() && (surplus == ended.amount || surplus == ended.amount + overdue.amount) {
            let cause = format!(
                "{} that ended {} still in it: admission adds to status.used, and the quota controller, which alone \
                 takes away, does not run or does not keep up",
                counted(ended.objects.len(), "pod"),
                if ended.objects.len() == 1 { "is" } else { "are" },
            );
            return Finding { objects: ended.objects, ..Finding::new(Problem::Ratchet, cause, CONTROLLER) };
        }
        if self.asleep {
            let cause = format!(
                "{surplus} more is charged than is there, and the quota controller does not recount (other findings \
                 show it): admission adds to status.used, only the controller takes away, so that it only grows"
            );
            return Finding::new(Problem::Ratchet, cause, CONTROLLER);
        }
        let cause = format!(
            "{surplus} more is charged than is there: usage is charged before an object is stored, and stays when \
             storing fails (it exists already, a time-out, another quota or webhook that said no), or an object has gone \
             and the quota controller has not noticed"
        );
        let remedy = format!(
            "the quota controller takes it back at its next full recount, every 5 minutes; {ASK}. If it stays, {CONTROLLER}"
        );
        Finding::new(Problem::Leak, cause, remedy)
    }

    /// What pods that have ended would be charged if they had not.
    fn ended(&self, key: &str, wanted: impl Fn(&Pod) -> bool) -> Ended {
        let mut ended = Ended { amount: Quantity::ZERO, objects: Vec::new() };
        for object in self.objects {
            let Charged::Pod(pod) = object else { continue };
            if !pod.has_ended(self.evidence.now)
                || !wanted(pod)
                || !self.spec.matches_with(object, self.evidence.devices)
            {
                continue;
            }
            let mut alive = pod.clone();
            if let Some(status) = &mut alive.status {
                status.phase.clear();
            }
            if let Some(metadata) = &mut alive.metadata {
                metadata.deletion_timestamp = None;
            }
            let alive = Charged::Pod(alive);
            let of = |object: &Charged| usage_with(object, self.evidence.devices, self.evidence.now).of(key);
            let amount = of(&alive) - of(object);
            if !amount.is_zero() {
                ended.amount += amount;
                ended.objects.push(super::pods::id(pod));
            }
        }
        ended.objects.sort();
        ended
    }
}

/// Pods that have ended, and what they would be charged otherwise.
struct Ended {
    amount: Quantity,
    objects: Vec<String>,
}

fn has_finished(pod: &Pod) -> bool {
    pod.status.as_ref().is_some_and(|status| matches!(status.phase.as_str(), "Failed" | "Succeeded"))
}

fn under(missing: Quantity) -> Finding {
    let cause = format!(
        "{missing} less is charged than is there, so that as much too much can be created: objects came while the quota \
         was not enforced yet, or the quota controller counted before it saw objects that had just been let in"
    );
    let remedy = format!(
        "the quota controller corrects it at its next full recount, every 5 minutes; {ASK}. If it stays, {CONTROLLER}"
    );
    Finding::new(Problem::UnderCount, cause, remedy)
}
