//! Which keys a user means.

use std::collections::BTreeSet;

use crate::{
    model::discovery::Discovery,
    quota::{counted::counted_types, usage::is_countable},
};

/// A name that no quota counts anything by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "no quota counts anything by {0:?}: take a quota's key such as requests.cpu, limits.memory, requests.storage or count/deployments.apps, or a short form such as cpu, memory, storage, gpu, pods or deploy"
)]
pub struct UnknownResource(pub String);

/// Short forms of keys.
const SHORT: [(&str, &str); 9] = [
    ("cpu", "requests.cpu"),
    ("memory", "requests.memory"),
    ("mem", "requests.memory"),
    ("ephemeral-storage", "requests.ephemeral-storage"),
    ("storage", "requests.storage"),
    ("nodeports", "services.nodeports"),
    ("loadbalancers", "services.loadbalancers"),
    ("pod", "pods"),
    ("pvc", "persistentvolumeclaims"),
];

/// The keys that a name stands for: itself, a short form (`cpu` is `requests.cpu`), an extended resource with or without
/// its domain among those that are `known` (`gpu` is `requests.nvidia.com/gpu`), or a type (`deploy` is
/// `count/deployments.apps`). Sorted.
pub fn keys_of(
    asked: &str,
    known: &BTreeSet<String>,
    types: &Discovery,
) -> Result<Vec<String>, UnknownResource> {
    if let Some((_, key)) = SHORT.iter().find(|(short, _)| *short == asked) {
        return Ok(vec![(*key).to_owned()]);
    }
    let served = |key: &str| !counted_types([key], types).is_empty();
    if is_countable(asked) && served(asked) {
        return Ok(vec![asked.to_owned()]);
    }
    if asked.starts_with("hugepages-") || (asked.contains('/') && !asked.starts_with("count/")) {
        let key = format!("requests.{asked}");
        if is_countable(&key) {
            return Ok(vec![key]);
        }
    }
    let ends = |key: &&String| {
        key.strip_prefix("requests.")
            .and_then(|resource| resource.split_once('/'))
            .is_some_and(|(_, name)| name == asked)
    };
    let extended: Vec<String> = known.iter().filter(ends).cloned().collect();
    if !extended.is_empty() {
        return Ok(extended);
    }
    if asked == "gpu" {
        return Ok(vec!["requests.nvidia.com/gpu".to_owned()]);
    }
    match types.resolve(asked) {
        Ok(resource) => {
            let key = format!("count/{}", resource.group_resource());
            if served(&key) { Ok(vec![key]) } else { Err(UnknownResource(asked.to_owned())) }
        }
        Err(_) => Err(UnknownResource(asked.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::builtin_kinds::builtin;

    #[test]
    fn what_is_meant() {
        let known = BTreeSet::from(["requests.amd.com/gpu".to_owned(), "requests.nvidia.com/gpu".to_owned()]);
        let keys = |asked: &str| keys_of(asked, &known, builtin()).map(|keys| keys.join(","));
        assert_eq!(keys("cpu").unwrap(), "requests.cpu");
        assert_eq!(keys("limits.cpu").unwrap(), "limits.cpu");
        assert_eq!(keys("gpu").unwrap(), "requests.amd.com/gpu,requests.nvidia.com/gpu");
        assert_eq!(keys("nvidia.com/gpu").unwrap(), "requests.nvidia.com/gpu");
        assert_eq!(keys("deploy").unwrap(), "count/deployments.apps");
        assert_eq!(keys("secrets").unwrap(), "secrets");
        assert_eq!(keys("gold.storageclass.storage.k8s.io/requests.storage").unwrap().len(), 49);
        assert!(keys("count/deployments").is_err() && keys("nonsense").is_err() && keys("nodes").is_err());
    }
}
