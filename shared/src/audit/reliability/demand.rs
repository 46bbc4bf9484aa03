use prost::Message as _;

use crate::{
    audit::{
        api::{LimitRange, Pod, ResourceRequirements},
        context::Context,
        subject::PodView,
        world::Unknown,
    },
    quota::{
        Amounts,
        usage::{self, pod_limits, pod_requests},
    },
};

/// What so many pods of a workload count for in a quota, with what the namespace gives to containers that say nothing.
pub(crate) fn demand_of(pods: &PodView<'_>, count: i64, cx: &Context<'_>) -> Result<Amounts, Unknown> {
    let mut spec = pods.spec.clone();
    for container in spec.containers.iter_mut().chain(&mut spec.init_containers) {
        fill_in(&mut container.resources, pods.namespace(), cx)?;
    }
    let pod = Pod { spec, ..Pod::default() };
    // One message in two declarations: the sums are those of the quota's own code.
    let pod =
        usage::Pod::decode(pod.encode_to_vec().as_slice()).map_err(|error| Unknown(error.to_string()))?;
    let mut demand = Amounts::new();
    demand.set("pods", count.into());
    for (side, amounts) in [("requests", pod_requests(&pod)), ("limits", pod_limits(&pod))] {
        for (resource, amount) in &amounts {
            demand.set(format!("{side}.{resource}"), amount.times(count));
        }
    }
    Ok(demand)
}

/// As the API server does it: a limit that is left out, then a request that is.
fn fill_in(own: &mut ResourceRequirements, namespace: &str, cx: &Context<'_>) -> Result<(), Unknown> {
    for (resource, limit) in &own.limits {
        own.requests.entry(resource.clone()).or_insert_with(|| limit.clone());
    }
    for item in cx.within::<LimitRange>(namespace)?.flat_map(|range| &range.spec.limits) {
        if item.r#type == "Container" {
            for (resource, limit) in &item.default {
                own.limits.entry(resource.clone()).or_insert_with(|| limit.clone());
            }
            for (resource, request) in item.default_request.iter().chain(&item.default) {
                own.requests.entry(resource.clone()).or_insert_with(|| request.clone());
            }
        }
    }
    Ok(())
}
