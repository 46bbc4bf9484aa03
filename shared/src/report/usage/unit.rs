/// What a plain number of a resource counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Unit {
    Cores,
    Bytes,
    Objects,
}

impl Unit {
    /// Of a quota's key or a resource: `requests.cpu`, `gold.storageclass.storage.k8s.io/requests.storage`.
    pub(in crate::report) fn of(resource: &str) -> Self {
        let bare =
            resource.rsplit_once('/').filter(|(class, _)| class.ends_with(".storageclass.storage.k8s.io"));
        let key = bare.map_or(resource, |(_, key)| key);
        let name = key.strip_prefix("requests.").or_else(|| key.strip_prefix("limits.")).unwrap_or(key);
        match name {
            "cpu" => Self::Cores,
            "memory" | "storage" | "ephemeral-storage" => Self::Bytes,
            _ if name.starts_with("hugepages-") => Self::Bytes,
            // Objects of a kind, and devices.
            _ => Self::Objects,
        }
    }

    pub(in crate::report) fn name(self) -> &'static str {
        match self {
            Self::Cores => "cores",
            Self::Bytes => "bytes",
            Self::Objects => "objects",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_resource_has_a_unit() {
        for (resource, unit) in [
            ("cpu", "cores"),
            ("requests.cpu", "cores"),
            ("limits.memory", "bytes"),
            ("requests.storage", "bytes"),
            ("gold.storageclass.storage.k8s.io/requests.storage", "bytes"),
            ("gold.storageclass.storage.k8s.io/persistentvolumeclaims", "objects"),
            ("requests.ephemeral-storage", "bytes"),
            ("hugepages-2Mi", "bytes"),
            ("requests.nvidia.com/gpu", "objects"),
            ("example.com/cpu", "objects"),
            ("count/deployments.apps", "objects"),
            ("pods", "objects"),
        ] {
            assert_eq!(Unit::of(resource).name(), unit, "{resource}");
        }
    }
}
