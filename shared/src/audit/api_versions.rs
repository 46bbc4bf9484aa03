//! Every version of a built-in API that Kubernetes deprecated or removed since 1.16, and what to write instead.

mod lives;

use lives::{LIVES, Life};

use super::kubernetes_version::KubernetesVersion;

/// How it stands with a version of an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// This version of Kubernetes has it no more.
    Removed { since: KubernetesVersion, instead: &'static str },
    /// It is there still.
    Deprecated { since: KubernetesVersion, removed: Option<KubernetesVersion>, instead: &'static str },
}

/// How it stands with an API in a version of Kubernetes; `None`: nothing is wrong with it, as far as is known.
pub(crate) fn standing(api_version: &str, kind: &str, at: KubernetesVersion) -> Option<Standing> {
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    let single = kind.strip_suffix("List").unwrap_or(kind);
    let is = |life: &&Life| {
        life.group == group
            && life.version == version
            && (life.kinds.is_empty() || life.kinds.contains(&kind) || life.kinds.contains(&single))
    };
    let life = LIVES.iter().find(is)?;
    let removed = life.removed.map(KubernetesVersion::of);
    let (since, instead) = (KubernetesVersion::of(life.deprecated), life.instead);
    match removed {
        Some(removed) if at >= removed => Some(Standing::Removed { since: removed, instead }),
        _ => (at >= since).then_some(Standing::Deprecated { since, removed, instead }),
    }
}

/// What a Deployment, an Ingress… of any version may once have been written as: whether an apiVersion in its history is
/// one that is gone or going.
pub(crate) fn ends(api_version: &str, kind: &str, at: KubernetesVersion) -> Option<KubernetesVersion> {
    match standing(api_version, kind, at)? {
        Standing::Removed { since, .. } => Some(since),
        Standing::Deprecated { removed, .. } => removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_life_ends_after_it_was_deprecated_and_is_told_once() {
        for (at, life) in LIVES.iter().enumerate() {
            assert!(life.removed.is_none_or(|removed| removed >= life.deprecated), "{life:?}");
            assert!(!life.instead.is_empty(), "{life:?}");
            for other in LIVES.iter().skip(at + 1) {
                let same = life.group == other.group && life.version == other.version;
                let both = life.kinds.iter().any(|kind| other.kinds.contains(kind));
                assert!(!same || (!life.kinds.is_empty() && !both), "{life:?} {other:?}");
            }
        }
    }

    #[test]
    fn the_same_manifest_in_four_versions() {
        let ingress = |minor| standing("networking.k8s.io/v1beta1", "Ingress", KubernetesVersion::of(minor));
        let instead = "networking.k8s.io/v1";
        let (since, removed) = (KubernetesVersion::of(19), KubernetesVersion::of(22));
        assert_eq!(ingress(18), None);
        assert_eq!(ingress(19), Some(Standing::Deprecated { since, removed: Some(removed), instead }));
        assert_eq!(ingress(22), Some(Standing::Removed { since: removed, instead }));
        assert_eq!(standing(instead, "Ingress", KubernetesVersion::NEWEST), None);
    }

    #[test]
    fn of_one_version_only_some_kinds() {
        let at = KubernetesVersion::of(35);
        assert!(standing("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy", at).is_some());
        assert_eq!(standing("admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicy", at), None);
        assert_eq!(standing("v1", "Pod", at), None);
        let group = |kind| standing("scheduling.k8s.io/v1beta1", kind, KubernetesVersion::of(37));
        assert!(group("PriorityClass").is_some());
        assert_eq!(group("PodGroup"), None, "new in a version that was gone");
        assert_eq!(standing("example.com/v1beta1", "Ingress", at), None, "of another group");
    }
}
