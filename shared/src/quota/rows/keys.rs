//! Names of resources: those of a quota and those of pods.

/// The resource of pods that a quota's key limits: `cpu` of `requests.cpu` and `limits.cpu`. `None` for what pods do
/// not ask for: storage, object counts.
pub fn base(key: &str) -> Option<&str> {
    let (name, prefixed) = match key.strip_prefix("requests.").or_else(|| key.strip_prefix("limits.")) {
        Some(name) => (name, true),
        None => (key, false),
    };
    let known = matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-");
    // An extended resource has a domain; a quota names it with `requests.` only.
    let extended = prefixed && name.contains('/');
    (known || extended).then_some(name)
}

/// Whether a user who asks for `wanted` means the quota's key or the resource `key`: exactly, by the pods' resource
/// (`cpu` is `requests.cpu` and `limits.cpu`), `storage` for that of claims in any class, `gpu` for any domain's.
pub fn matches(wanted: &str, key: &str) -> bool {
    let of_pods = base(key).unwrap_or(key);
    match wanted {
        _ if wanted == key || wanted == of_pods => true,
        "storage" => key.ends_with("requests.storage"),
        _ => of_pods.split_once('/').is_some_and(|(_, name)| name == wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_of_pods() {
        for (key, expected) in [
            ("requests.cpu", Some("cpu")),
            ("cpu", Some("cpu")),
            ("limits.memory", Some("memory")),
            ("requests.hugepages-2Mi", Some("hugepages-2Mi")),
            ("requests.nvidia.com/gpu", Some("nvidia.com/gpu")),
            ("requests.storage", None),
            ("count/deployments.apps", None),
            ("gold.storageclass.storage.k8s.io/requests.storage", None),
            ("pods", None),
        ] {
            assert_eq!(base(key), expected, "{key}");
        }
    }

    #[test]
    fn what_is_asked_for() {
        assert!(matches("cpu", "limits.cpu") && matches("cpu", "cpu") && !matches("cpu", "limits.memory"));
        assert!(matches("gpu", "requests.nvidia.com/gpu") && matches("gpu", "nvidia.com/gpu"));
        assert!(matches("storage", "requests.storage") && !matches("storage", "requests.ephemeral-storage"));
        assert!(matches("storage", "gold.storageclass.storage.k8s.io/requests.storage"));
        assert!(matches("limits.cpu", "limits.cpu") && !matches("limits.cpu", "requests.cpu"));
    }
}
