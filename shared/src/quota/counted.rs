//! Which types of objects the keys of quotas count.

use std::collections::BTreeSet;

use super::usage::{Charged, Devices, PersistentVolumeClaim, Pod, ResourceClaim, Service};
use crate::model::{discovery::Discovery, resource::Resource};

/// The types whose objects these keys count. A key of a type that the server does not have counts nothing.
pub fn counted_types<'a>(
    keys: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
    discovery: &Discovery,
) -> Vec<&Resource> {
    let keys = keys.into_iter();
    let counted = |resource: &&Resource| keys.clone().any(|key| counts(key, resource));
    discovery
        .preferred()
        .filter(|resource| resource.namespaced && resource.supports("list"))
        .filter(counted)
        .collect()
}

/// Whether a key counts objects of a type.
pub fn counts(key: &str, resource: &Resource) -> bool {
    let probe = probe(resource);
    // A device class may stand for any extended resource; which, only the cluster knows.
    let extended =
        || matches!(probe, Charged::ResourceClaim(_)) && key.starts_with("requests.") && key.contains('/');
    probe.is_counted_by(key, &Devices::default()) || extended()
}

/// An object of a type, with nothing in it.
fn probe(resource: &Resource) -> Charged {
    match resource.group_resource().as_str() {
        "pods" => Pod::default().into(),
        "services" => Service::default().into(),
        "persistentvolumeclaims" => PersistentVolumeClaim::default().into(),
        "resourceclaims.resource.k8s.io" => ResourceClaim::default().into(),
        _ => Charged::other(resource, None),
    }
}

/// One name for keys that count the same.
pub fn canonical(key: &str) -> &str {
    match key {
        "cpu" => "requests.cpu",
        "memory" => "requests.memory",
        "ephemeral-storage" => "requests.ephemeral-storage",
        "count/services" => "services",
        "count/persistentvolumeclaims" => "persistentvolumeclaims",
        "count/configmaps" => "configmaps",
        "count/secrets" => "secrets",
        "count/resourcequotas" => "resourcequotas",
        "count/replicationcontrollers" => "replicationcontrollers",
        _ => key,
    }
}

/// Every key of these quotas.
pub fn keys_of<'a>(quotas: impl IntoIterator<Item = &'a super::ResourceQuota>) -> BTreeSet<String> {
    let of = |quota: &'a super::ResourceQuota| {
        let spec = quota.spec.iter().flat_map(|spec| &spec.hard);
        spec.chain(quota.status.iter().flat_map(|status| &status.hard)).map(|(key, _)| key.clone())
    };
    quotas.into_iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::builtin_kinds::builtin;

    #[test]
    fn only_kinds_that_are_counted() {
        let types = |keys: &[&str]| {
            let found = counted_types(keys.iter().copied(), builtin());
            found.iter().map(|resource| resource.group_resource()).collect::<Vec<_>>()
        };
        assert_eq!(types(&["requests.cpu", "pods"]), ["pods"]);
        assert_eq!(types(&["gold.storageclass.storage.k8s.io/requests.storage"]), ["persistentvolumeclaims"]);
        assert_eq!(types(&["count/deployments.apps", "secrets"]), ["secrets", "deployments.apps"]);
        assert_eq!(types(&["requests.nvidia.com/gpu"]), ["pods", "resourceclaims.resource.k8s.io"]);
        assert_eq!(types(&["count/deployments", "nvidia.com/gpu"]), [""; 0]);
    }
}
