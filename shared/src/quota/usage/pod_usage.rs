//! What pods are charged.

use super::{Pod, arithmetic, keys};
use crate::{model::Time, quantity::Quantity, quota::Amounts};

/// What a pod is charged. Once it has ended it is an object and no more.
pub(super) fn usage(pod: &Pod, now: Time) -> Amounts {
    let mut usage = Amounts::new();
    usage.set(keys::COUNT_PODS, Quantity::from(1));
    if !pod.has_ended(now) {
        add_compute(&mut usage, &arithmetic::pod_requests(pod), &arithmetic::pod_limits(pod));
    }
    usage
}

/// Says requests and limits by the keys of quotas.
pub(super) fn add_compute(usage: &mut Amounts, requests: &Amounts, limits: &Amounts) {
    usage.set(keys::PODS, Quantity::from(1));
    for (resource, amount) in requests {
        let plain = keys::COMPUTE.contains(&resource.as_str()) || resource.starts_with(keys::HUGE_PAGES);
        if plain {
            usage.set(resource.as_str(), *amount);
        }
        if plain || keys::is_extended_resource(resource) {
            usage.set(format!("{}{resource}", keys::REQUESTS), *amount);
        }
    }
    for (resource, amount) in limits {
        if keys::COMPUTE.contains(&resource.as_str()) {
            usage.set(format!("{}{resource}", keys::LIMITS), *amount);
        }
    }
}
