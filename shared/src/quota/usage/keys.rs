//! The keys that a quota can have, and which kinds of objects each of them counts.

use super::Devices;

pub(super) const PODS: &str = "pods";
pub(super) const COUNT_PODS: &str = "count/pods";
pub(super) const SERVICES: &str = "services";
pub(super) const COUNT_SERVICES: &str = "count/services";
pub(super) const NODE_PORTS: &str = "services.nodeports";
pub(super) const LOAD_BALANCERS: &str = "services.loadbalancers";
pub(super) const CLAIMS: &str = "persistentvolumeclaims";
pub(super) const COUNT_CLAIMS: &str = "count/persistentvolumeclaims";
pub(super) const STORAGE: &str = "requests.storage";
/// Between a storage class and [`CLAIMS`] or [`STORAGE`].
pub(super) const STORAGE_CLASS: &str = ".storageclass.storage.k8s.io/";
pub(super) const COUNT_RESOURCE_CLAIMS: &str = "count/resourceclaims.resource.k8s.io";
/// After a device class.
pub(super) const DEVICES: &str = ".deviceclass.resource.k8s.io/devices";
/// Before a device class: the extended resource that every class is without saying so.
pub(super) const IMPLICIT_EXTENDED: &str = "requests.deviceclass.resource.kubernetes.io/";
/// Before a device class, as a container requests it.
const IMPLICIT: &str = "deviceclass.resource.kubernetes.io/";
pub(super) const REQUESTS: &str = "requests.";
pub(super) const LIMITS: &str = "limits.";
pub(super) const HUGE_PAGES: &str = "hugepages-";
const COUNT: &str = "count/";

/// Resources of containers that quotas know by three keys: `cpu`, `requests.cpu`, `limits.cpu`.
pub(super) const COMPUTE: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

/// Types whose objects are counted by their own names too, beside `count/`.
const ALIASED: [&str; 4] = ["configmaps", "resourcequotas", "replicationcontrollers", "secrets"];

/// Types that no quota ever counts: what is not stored, and events.
const IGNORED: [&str; 10] = [
    "bindings",
    "componentstatuses",
    "tokenreviews.authentication.k8s.io",
    "selfsubjectreviews.authentication.k8s.io",
    "subjectaccessreviews.authorization.k8s.io",
    "selfsubjectaccessreviews.authorization.k8s.io",
    "localsubjectaccessreviews.authorization.k8s.io",
    "selfsubjectrulesreviews.authorization.k8s.io",
    "events",
    "events.events.k8s.io",
];

pub(super) fn of_pods(key: &str) -> bool {
    let compute = key.strip_prefix(REQUESTS).or_else(|| key.strip_prefix(LIMITS)).unwrap_or(key);
    matches!(key, PODS | COUNT_PODS)
        || COMPUTE.contains(&compute)
        || key.starts_with(HUGE_PAGES)
        || key.strip_prefix(REQUESTS).is_some_and(|rest| rest.starts_with(HUGE_PAGES))
        || is_extended(key)
}

pub(super) fn of_services(key: &str) -> bool {
    matches!(key, SERVICES | COUNT_SERVICES | NODE_PORTS | LOAD_BALANCERS)
}

pub(super) fn of_claims(key: &str) -> bool {
    let by_class = || {
        let of = |what| key.strip_suffix(what).is_some_and(|rest| rest.ends_with(STORAGE_CLASS));
        of(CLAIMS) || of(STORAGE)
    };
    matches!(key, CLAIMS | COUNT_CLAIMS | STORAGE) || by_class()
}

pub(super) fn of_resource_claims(key: &str, devices: &Devices) -> bool {
    key == COUNT_RESOURCE_CLAIMS
        || key.ends_with(DEVICES)
        || (is_extended(key) && key.strip_prefix(REQUESTS).is_some_and(|resource| devices.provide(resource)))
}

pub(super) fn of_others(key: &str, group_resource: &str) -> bool {
    let counted = || key.strip_prefix(COUNT) == Some(group_resource);
    let alias = || key == group_resource && ALIASED.contains(&group_resource);
    (counted() || alias()) && !IGNORED.contains(&group_resource)
}

/// The keys that count an object which is only counted.
pub(super) fn names_of_others(group_resource: &str) -> impl Iterator<Item = String> {
    let ignored = IGNORED.contains(&group_resource);
    let alias = ALIASED.contains(&group_resource).then(|| group_resource.to_owned());
    std::iter::once(format!("{COUNT}{group_resource}")).chain(alias).filter(move |_| !ignored)
}

/// Whether a server counts anything by this key. Of `count/…` it does if the server has such a type, which is not known
/// here.
pub fn is_countable(key: &str) -> bool {
    let counted = || key.strip_prefix(COUNT).is_some_and(|rest| !IGNORED.contains(&rest));
    of_pods(key)
        || of_services(key)
        || of_claims(key)
        || of_resource_claims(key, &Devices::default())
        || ALIASED.contains(&key)
        || counted()
}

/// Whether a container's resource is counted by `requests.` and its name: what some device plugin or device class
/// provides. The API server takes no name that is longer than that allows.
pub(super) fn is_extended_resource(resource: &str) -> bool {
    (!is_native(resource) && !resource.starts_with(REQUESTS)) || resource.starts_with(IMPLICIT)
}

/// Whether a key is `requests.` and the name of an extended resource.
fn is_extended(key: &str) -> bool {
    key.starts_with(REQUESTS) && (!is_native(key) || key.starts_with(IMPLICIT_EXTENDED))
}

/// Whether a name is in Kubernetes' own name space, where names without a prefix are too.
fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// The device class that an extended resource is without saying so.
pub(super) fn implicit_class(resource: &str) -> Option<&str> {
    resource.strip_prefix(IMPLICIT)
}
