//! What pods request and are limited to, once a namespace's LimitRanges have filled in what they leave out.

use std::collections::BTreeMap;

use prost::Message as _;

use super::{
    api::{LimitRange, LimitRangeItem, PodSpec, ResourceQuota, ResourceRequirements},
    context::Context,
    subject::{ContainerView, PodView},
    world::{LivePod, Unknown},
};
use crate::{
    model::{ObjectKey, decode, kinds},
    quantity::{Quantity, Wire},
    quota::{
        Amounts, QuotaSpec,
        fit::LimitItem,
        usage::{self, Charged, Pod, PodStatus},
    },
};

/// A list of a container: its requests or its limits.
type List = BTreeMap<String, Wire>;

impl ResourceRequirements {
    /// What it requests of a resource: a limit without a request is a request too, as the API server has it.
    pub(crate) fn effective_request(&self, resource: &str) -> Option<Quantity> {
        self.requests.get(resource).or_else(|| self.limits.get(resource)).map(Wire::quantity)
    }

    /// What it is limited to.
    pub(crate) fn limit(&self, resource: &str) -> Option<Quantity> {
        self.limits.get(resource).map(Wire::quantity)
    }
}

/// The LimitRanges of a namespace. Of files that hold none, what the files say is judged as it stands.
pub(crate) fn limit_ranges<'w>(cx: &Context<'w>, namespace: &str) -> Result<Vec<&'w LimitRange>, Unknown> {
    match cx.within::<LimitRange>(namespace) {
        Ok(all) => Ok(all.collect()),
        Err(_) if cx.has_data() && cx.world().coverage.missed(kinds::LIMIT_RANGE).is_none() => Ok(Vec::new()),
        Err(unknown) => Err(unknown),
    }
}

impl LimitRangeItem {
    /// The same with what the API server fills in when it stores one.
    pub(crate) fn settled(&self) -> LimitItem {
        let list = |amounts: &List| Amounts::from(amounts);
        let (min, max) = (list(&self.min), list(&self.max));
        let (limits, requests) = (list(&self.default), list(&self.default_request));
        LimitItem::settled(&self.r#type, [min, max, limits, requests, list(&self.max_limit_request_ratio)])
    }
}

/// What LimitRanges give to containers that leave it out: requests, and limits.
pub(crate) fn defaults(ranges: &[&LimitRange]) -> (Amounts, Amounts) {
    let (mut requests, mut limits) = (Amounts::new(), Amounts::new());
    for item in ranges.iter().flat_map(|range| &range.spec.limits).filter(|item| item.r#type == "Container") {
        let item = item.settled();
        limits.0.extend(item.limits.0);
        requests.0.extend(item.requests.0);
    }
    (requests, limits)
}

/// The containers that request nothing of a resource: neither they nor their pod say it, nor do LimitRanges fill it in.
/// What runs before the others does not count: the others' requests are set aside by then.
pub(crate) fn lacking_request<'w>(
    pods: &PodView<'w>,
    cx: &Context<'_>,
    resource: &str,
) -> Result<Vec<ContainerView<'w>>, Unknown> {
    let whole = pods.spec.resources.as_ref().is_some_and(|all| all.effective_request(resource).is_some());
    let lacking = |one: &ContainerView<'w>| one.resources.effective_request(resource).is_none();
    let filled = |ranges: &[&LimitRange]| defaults(ranges).0.get(resource).is_some();
    lacking_unless(pods, cx, whole, lacking, filled)
}

/// The containers that have no limit of a resource, in the same sense.
pub(crate) fn lacking_limit<'w>(
    pods: &PodView<'w>,
    cx: &Context<'_>,
    resource: &str,
) -> Result<Vec<ContainerView<'w>>, Unknown> {
    let whole = pods.spec.resources.as_ref().is_some_and(|all| all.limit(resource).is_some());
    let lacking = |one: &ContainerView<'w>| one.resources.limit(resource).is_none();
    let filled = |ranges: &[&LimitRange]| defaults(ranges).1.get(resource).is_some();
    lacking_unless(pods, cx, whole, lacking, filled)
}

fn lacking_unless<'w>(
    pods: &PodView<'w>,
    cx: &Context<'_>,
    whole: bool,
    lacking: impl Fn(&ContainerView<'w>) -> bool,
    filled: impl Fn(&[&LimitRange]) -> bool,
) -> Result<Vec<ContainerView<'w>>, Unknown> {
    if whole || pods.is_mirror() || !pods.running_containers().any(|one| lacking(&one)) {
        return Ok(Vec::new());
    }
    if filled(&limit_ranges(cx, pods.namespace())?) {
        return Ok(Vec::new());
    }
    Ok(pods.running_containers().filter(lacking).collect())
}

/// A pod as quotas charge it: with what LimitRanges fill in, the overhead of its runtime class left as it says.
pub(crate) fn charged(pods: &PodView<'_>, ranges: &[&LimitRange]) -> Option<Pod> {
    // Tags are the same: what quotas do not read is left out.
    let mut spec: usage::PodSpec = decode::from_protobuf(&pods.spec.encode_to_vec()).ok()?;
    let (requests, limits) = defaults(ranges);
    for container in spec.containers.iter_mut().chain(&mut spec.init_containers) {
        let resources = container.resources.get_or_insert_default();
        let (own_requests, own_limits) = (&mut resources.requests, &mut resources.limits);
        for (name, amount) in own_limits.iter() {
            own_requests.entry(name.clone()).or_insert_with(|| amount.clone());
        }
        fill(own_limits, &limits);
        fill(own_requests, &requests);
    }
    let metadata = Some(pods.metadata.clone());
    Some(Pod { metadata, spec: Some(spec), status: None })
}

fn fill(list: &mut List, from: &Amounts) {
    for (name, amount) in from {
        list.entry(name.clone()).or_insert_with(|| Wire::from(*amount));
    }
}

/// A live pod as quotas charge it.
pub(crate) fn charged_live(pod: &LivePod) -> Option<Charged> {
    let spec: usage::PodSpec = decode::from_protobuf(&pod.spec.encode_to_vec()).ok()?;
    let status: PodStatus = decode::from_protobuf(&pod.status.encode_to_vec()).ok()?;
    let metadata = Some(pod.metadata.clone());
    Some(Charged::from(Pod { metadata, spec: Some(spec), status: Some(status) }))
}

/// What pods of a spec request, and what they are limited to, by the names that containers use.
pub(crate) fn asked_by(spec: &PodSpec) -> (Amounts, Amounts) {
    let spec = decode::from_protobuf(&spec.encode_to_vec()).ok();
    let pod = Pod { metadata: None, spec, status: None };
    (usage::pod_requests(&pod), usage::pod_limits(&pod))
}

/// What a quota enforces, and of which objects: what its status says, once the controller has seen it.
pub(crate) fn quota_spec(quota: &ResourceQuota) -> Option<QuotaSpec> {
    let mut spec: QuotaSpec = decode::from_protobuf(&quota.spec.encode_to_vec()).ok()?;
    if !quota.status.hard.is_empty() {
        spec.hard = Amounts::from(&quota.status.hard);
    }
    Some(spec)
}

/// What a quota would be charged if all workloads had all their pods.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// For all of them.
    sum: Amounts,
    /// For each.
    each: BTreeMap<ObjectKey, Amounts>,
    /// Of each resource, how many there are of which one alone takes more than the quota has.
    beyond: BTreeMap<String, usize>,
}

impl Plan {
    fn add(&mut self, owner: &ObjectKey, own: Amounts, hard: &Amounts) {
        for (resource, _) in own.iter().filter(|(resource, amount)| **amount > hard.of(resource)) {
            *self.beyond.entry(resource.clone()).or_default() += 1;
        }
        self.sum.add_all(&own);
        self.each.insert(owner.clone(), own);
    }

    /// What all but one of them are charged.
    pub(crate) fn of_others(&self, owner: &ObjectKey) -> Amounts {
        self.each.get(owner).map_or_else(|| self.sum.clone(), |own| self.sum.less(own))
    }

    /// Whether another one alone takes more of a resource than the quota has.
    pub(crate) fn another_is_beyond(&self, owner: &ObjectKey, resource: &str, hard: Quantity) -> bool {
        let is_own = self.each.get(owner).is_some_and(|own| own.of(resource) > hard);
        self.beyond.get(resource).copied().unwrap_or_default() > usize::from(is_own)
    }
}

/// What every quota would be charged, by namespace and name of the quota.
pub(crate) fn planned(cx: &Context<'_>) -> BTreeMap<(Box<str>, Box<str>), Plan> {
    let mut planned: BTreeMap<(Box<str>, Box<str>), Plan> = BTreeMap::new();
    let quotas = cx.world().store::<ResourceQuota>();
    for unit in cx.units().iter().filter(|unit| quotas.has_any(unit.namespace()) && !unit.is_idle()) {
        let ranges = limit_ranges(cx, unit.namespace()).unwrap_or_default();
        let Some(pod) = charged(unit, &ranges).map(Charged::from) else { continue };
        let replicas = i64::from(unit.replicas().unwrap_or_default());
        let each = usage::usage(&pod, cx.now().unwrap_or_default());
        for quota in quotas.within(unit.namespace()) {
            let Some(spec) = quota_spec(quota).filter(|spec| spec.matches(&pod)) else { continue };
            let key = (unit.namespace().into(), quota.metadata.name.as_str().into());
            let counted = each.iter().filter(|(key, _)| spec.hard.get(key).is_some());
            let own = counted.map(|(key, one)| (key.clone(), one.times(replicas))).collect();
            planned.entry(key).or_default().add(&unit.owner, own, &spec.hard);
        }
    }
    planned
}

/// Whether a resource is one of those that device plugins add.
pub(crate) fn is_extended(resource: &str) -> bool {
    resource.contains('/') && !resource.contains("kubernetes.io/") && !resource.starts_with("requests.")
}

/// A share in whole percent; `None` of nothing.
pub(crate) fn percent(part: Quantity, whole: Quantity) -> Option<i64> {
    part.ratio(whole, 2).and_then(|ratio| i64::try_from(ratio).ok())
}
