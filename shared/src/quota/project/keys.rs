//! Which names of resources a quota takes: the API server's rule for ResourceQuota.

/// Names without a slash (`standardQuotaResources` of the API server).
const STANDARD: &[&str] = &[
    "configmaps",
    "cpu",
    "ephemeral-storage",
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "memory",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
    "requests.storage",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
];

/// Names without a slash that may go on.
const BEGINNINGS: &[&str] = &["hugepages-", "requests.hugepages-"];

/// Names of what can't be divided.
const WHOLE: &[&str] = &[
    "configmaps",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
];

/// Whether a quota takes this key.
pub fn is_key(key: &str) -> bool {
    match key.split_once('/') {
        None => STANDARD.contains(&key) || BEGINNINGS.iter().any(|beginning| name_after(key, beginning)),
        Some((prefix, name)) => {
            let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
            prefix.len() <= 253
                && is_name(prefix)
                && prefix.chars().all(lower)
                && is_name(name)
                && name.len() <= 63
        }
    }
}

/// Whether only whole numbers of it make sense: objects and devices.
pub fn is_whole(key: &str) -> bool {
    WHOLE.contains(&key)
        || key.starts_with("count/")
        || (key.contains('/') && !key.ends_with("/requests.storage"))
}

/// Whether it is counted in bytes.
pub fn is_bytes(key: &str) -> bool {
    ["memory", "storage"].iter().any(|word| key.ends_with(word)) || key.contains("hugepages-")
}

fn name_after(key: &str, beginning: &str) -> bool {
    key.strip_prefix(beginning).is_some_and(is_name)
}

fn is_name(name: &str) -> bool {
    let edge = |c: char| c.is_ascii_alphanumeric();
    name.starts_with(edge)
        && name.ends_with(edge)
        && name.chars().all(|c| edge(c) || matches!(c, '-' | '_' | '.'))
}

/// The same as an expression of CEL, about the variable of this name.
pub(super) fn rule(variable: &str) -> String {
    let standard: Vec<String> = STANDARD.iter().map(|name| format!("'{name}'")).collect();
    format!(
        "{variable} in [{}] || {variable}.matches('^((requests[.])?hugepages-|[a-z0-9]([-a-z0-9.]*[a-z0-9])?/)\
         [A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$')",
        standard.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_the_api_server() {
        for key in [
            "cpu",
            "requests.cpu",
            "pods",
            "count/jobs.batch",
            "requests.nvidia.com/gpu",
            "gold.storageclass.storage.k8s.io/requests.storage",
            "hugepages-2Mi",
            "requests.hugepages-1Gi",
        ] {
            assert!(is_key(key), "{key}");
        }
        for key in ["", "reqests.cpu", "CPU", "a/b/c", "/x", "x/", "hugepages-", "a b/c", "A/c", "备注"] {
            assert!(!is_key(key), "{key}");
        }
        assert!(is_whole("count/pods") && is_whole("requests.nvidia.com/gpu") && !is_whole("cpu"));
        assert!(is_bytes("gold.storageclass.storage.k8s.io/requests.storage") && !is_bytes("requests.cpu"));
        assert!(!is_whole("gold.storageclass.storage.k8s.io/requests.storage"));
    }
}
