//! What the API server asks of every new or changed object: what it adds to a quota, and whether that is still allowed.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Charged, Devices, Pod, pod_usage,
    sums::{containers, is_of_pods},
    usage_with,
};
use crate::{
    model::Time,
    quantity::Quantity,
    quota::{Amounts, QuotaSpec},
};

/// Keys that, once a quota has them, every container must say: an old mistake that the API server keeps to.
const REQUIRED: [&str; 6] =
    ["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];

/// What is done to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// It is made.
    Create,
    /// It, or a subresource of it, is changed.
    Update,
}

/// Why a quota does not admit an object, in the API server's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Containers do not say what the quota wants to know.
    #[error("failed quota: {quota}: must specify {}", listed(missing))]
    MustSpecify {
        /// Name of the quota.
        quota: String,
        /// The containers, by key.
        missing: BTreeMap<String, BTreeSet<String>>,
    },
    /// The controller has not counted yet.
    #[error("status unknown for quota: {quota}, resources: {}", keys.join(","))]
    Unknown {
        /// Name of the quota.
        quota: String,
        /// What was not counted, sorted.
        keys: Vec<String>,
    },
    /// Somebody asks for less than nothing.
    #[error("quota usage is negative for resource(s): {}", keys.join(","))]
    Negative {
        /// Of what, sorted.
        keys: Vec<String>,
    },
    /// There is not enough left.
    #[error(
        "exceeded quota: {quota}, requested: {}, used: {}, limited: {}",
        amounts(requested),
        amounts(used),
        amounts(limited)
    )]
    Exceeded {
        /// Name of the quota.
        quota: String,
        /// What is asked for in addition, of the keys that are exceeded.
        requested: Amounts,
        /// What is used already.
        used: Amounts,
        /// What is allowed.
        limited: Amounts,
    },
}

fn listed(missing: &BTreeMap<String, BTreeSet<String>>) -> String {
    let one = |(key, containers): (&String, &BTreeSet<String>)| {
        format!("{key} for: {}", containers.iter().map(String::as_str).collect::<Vec<_>>().join(","))
    };
    missing.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn amounts(amounts: &Amounts) -> String {
    amounts.iter().map(|(key, amount)| format!("{key}={amount}")).collect::<Vec<_>>().join(",")
}

/// Whether quotas are asked at all about what is done. `subresource` is empty for the object itself.
pub fn concerns(operation: Operation, subresource: &str, old: Option<&Charged>, new: &Charged) -> bool {
    match (new, subresource, operation) {
        (Charged::Pod(new), "", Operation::Update) => {
            matches!(old, Some(Charged::Pod(old)) if old.has_deadline() != new.has_deadline())
        }
        (Charged::Pod(_), "resize", operation) | (Charged::Claim(_), "status", operation) => {
            operation == Operation::Update
        }
        (Charged::Other(_), "", operation) => operation == Operation::Create,
        (_, subresource, _) => subresource.is_empty(),
    }
}

/// What an object adds to a quota: all that it is charged if it is new to the quota, else what it is charged more than
/// before; by the quota's own keys, without those of which it is nothing.
pub fn charge(
    spec: &QuotaSpec,
    old: Option<&Charged>,
    new: &Charged,
    devices: &Devices,
    now: Time,
) -> Amounts {
    if !spec.matches_with(new, devices) {
        return Amounts::new();
    }
    let mut charge = usage_with(new, devices, now);
    if let Some(old) = old.filter(|old| spec.matches_with(old, devices)) {
        charge = charge.less(&usage_with(old, devices, now));
    }
    let more =
        charge.iter().filter(|(key, amount)| **amount > Quantity::ZERO && spec.hard.get(key).is_some());
    more.map(|(key, amount)| (key.clone(), *amount)).collect()
}

/// What a quota has used once it admits an addition, or why it does not. Only what is added to is compared: who is over
/// in memory may still ask for cpu.
pub fn admit(quota: &str, hard: &Amounts, used: &Amounts, requested: &Amounts) -> Result<Amounts, Denied> {
    let exceeds = |key: &str| hard.get(key).is_some_and(|hard| used.of(key) + requested.of(key) > hard);
    let limited = hard.only(|key| requested.get(key).is_some() && exceeds(key));
    if !limited.is_empty() {
        let among = |amounts: &Amounts| amounts.only(|key| limited.get(key).is_some());
        let (requested, used) = (among(requested), among(used));
        return Err(Denied::Exceeded { quota: quota.to_owned(), requested, used, limited });
    }
    let mut used = used.clone();
    used.add_all(requested);
    Ok(used)
}

/// Whether a pod's containers say all that a quota with these keys wants every container to say. A pod that has
/// resources as a whole need not.
pub fn check_constraints(quota: &str, hard: &Amounts, object: &Charged) -> Result<(), Denied> {
    let Charged::Pod(pod) = object else { return Ok(()) };
    let Some(spec) = pod.spec.as_ref().filter(|_| !has_resources_as_a_whole(pod)) else { return Ok(()) };
    let required: Vec<&str> = REQUIRED.into_iter().filter(|key| hard.get(key).is_some()).collect();
    let mut missing: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (container, _) in containers(spec) {
        let resources = container.resources.clone().unwrap_or_default();
        let mut said = Amounts::new();
        pod_usage::add_compute(
            &mut said,
            &Amounts::from(&resources.requests),
            &Amounts::from(&resources.limits),
        );
        for key in required.iter().filter(|key| said.get(key).is_none()) {
            missing.entry((*key).to_owned()).or_default().insert(container.name.clone());
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Denied::MustSpecify { quota: quota.to_owned(), missing })
}

fn has_resources_as_a_whole(pod: &Pod) -> bool {
    let resources = pod.spec.as_ref().and_then(|spec| spec.resources.as_ref());
    resources.is_some_and(|resources| {
        resources.requests.keys().chain(resources.limits.keys()).any(|resource| is_of_pods(resource))
    })
}

/// All that the API server asks of an object for one quota, in its order: what the quota has used once the object is
/// admitted, or why it is not. `spec.hard` is what is enforced, which for the server is the status's.
pub fn request(
    quota: &str,
    spec: &QuotaSpec,
    used: &Amounts,
    (old, new): (Option<&Charged>, &Charged),
    devices: &Devices,
    now: Time,
) -> Result<Amounts, Denied> {
    if !spec.matches_with(new, devices) {
        return Ok(used.clone());
    }
    check_constraints(quota, &spec.hard, new)?;
    let counted = || spec.hard.iter().map(|(key, _)| key).filter(|key| new.is_counted_by(key, devices));
    if counted().any(|key| used.get(key).is_none()) {
        return Err(Denied::Unknown { quota: quota.to_owned(), keys: counted().cloned().collect() });
    }
    let usage = usage_with(new, devices, now);
    let negative: Vec<String> =
        usage.iter().filter(|(_, amount)| amount.is_negative()).map(|(key, _)| key.clone()).collect();
    if !negative.is_empty() {
        return Err(Denied::Negative { keys: negative });
    }
    admit(quota, &spec.hard, used, &charge(spec, old, new, devices, now))
}
