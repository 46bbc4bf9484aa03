//! Which objects a quota counts at all.

use super::{
    QuotaSpec, ScopedResourceSelectorRequirement,
    usage::{Charged, Devices, PersistentVolumeClaim, Pod, PodAffinity, PodAffinityTerm, is_best_effort},
};

impl QuotaSpec {
    /// Whether an object counts: it is in every scope, and the quota has some key for its kind. [`matches_with`] also
    /// knows the keys for extended resources that come from device classes.
    ///
    /// [`matches_with`]: Self::matches_with
    pub fn matches(&self, object: &Charged) -> bool {
        self.matches_with(object, &Devices::default())
    }

    /// Whether an object counts, in a cluster with these device classes.
    pub fn matches_with(&self, object: &Charged, devices: &Devices) -> bool {
        self.hard.iter().any(|(key, _)| object.is_counted_by(key, devices)) && self.covers(object)
    }

    /// Whether an object is in every scope of the quota. Without scopes every object is; with one, only objects that
    /// can be in it.
    pub fn covers(&self, object: &Charged) -> bool {
        let scopes = self.scopes.iter().map(|scope| Scope { name: scope, operator: "Exists", values: &[] });
        let selector = self.scope_selector.iter().flat_map(|selector| &selector.match_expressions);
        scopes.chain(selector.map(Scope::from)).all(|scope| scope.matches(object))
    }
}

/// One scope, however the quota says it.
struct Scope<'a> {
    name: &'a str,
    operator: &'a str,
    values: &'a [String],
}

impl<'a> From<&'a ScopedResourceSelectorRequirement> for Scope<'a> {
    fn from(requirement: &'a ScopedResourceSelectorRequirement) -> Self {
        let ScopedResourceSelectorRequirement { scope_name, operator, values } = requirement;
        Self { name: scope_name, operator, values }
    }
}

impl Scope<'_> {
    fn matches(&self, object: &Charged) -> bool {
        match object {
            Charged::Pod(pod) => self.matches_pod(pod),
            Charged::Claim(claim) => self.matches_claim(claim),
            Charged::Service(_) | Charged::ResourceClaim(_) | Charged::Other(_) => false,
        }
    }

    fn matches_pod(&self, pod: &Pod) -> bool {
        match self.name {
            "Terminating" => pod.has_deadline(),
            "NotTerminating" => !pod.has_deadline(),
            "BestEffort" => is_best_effort(pod),
            "NotBestEffort" => !is_best_effort(pod),
            "PriorityClass" => {
                let class = pod.spec.as_ref().map(|spec| spec.priority_class_name.as_str());
                self.selects(class.filter(|class| !class.is_empty()).as_slice())
            }
            "CrossNamespacePodAffinity" => looks_across_namespaces(pod),
            _ => false,
        }
    }

    fn matches_claim(&self, claim: &PersistentVolumeClaim) -> bool {
        let classes: Vec<&str> = claim.volume_attributes_classes().into_iter().collect();
        self.name == "VolumeAttributesClass" && self.selects(&classes)
    }

    /// Whether one of the classes that an object names is selected; for an object without any, whether having none is.
    fn selects(&self, classes: &[&str]) -> bool {
        if !self.is_valid() {
            return false;
        }
        let is_one_of = |class: &str| self.values.iter().any(|value| value == class);
        match self.operator {
            "Exists" => !classes.is_empty(),
            "DoesNotExist" => classes.is_empty(),
            "In" => classes.iter().any(|class| is_one_of(class)),
            "NotIn" => classes.is_empty() || classes.iter().any(|class| !is_one_of(class)),
            _ => false,
        }
    }

    /// Values are labels' values to the API server: a class whose name is no such value (there are longer ones) makes
    /// the selector invalid, and such a quota counts nothing.
    fn is_valid(&self) -> bool {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        self.values.iter().all(|value| {
            let bytes = value.as_bytes();
            let ends = bytes.first().is_none_or(u8::is_ascii_alphanumeric)
                && bytes.last().is_none_or(u8::is_ascii_alphanumeric);
            value.len() <= 63 && ends && bytes.iter().copied().all(inner)
        })
    }
}

/// Whether the pod wants to be near to, or far from, pods of other namespaces.
fn looks_across_namespaces(pod: &Pod) -> bool {
    let across = |term: &PodAffinityTerm| !term.namespaces.is_empty() || term.namespace_selector.is_some();
    let any = |affinity: &PodAffinity| {
        let preferred = affinity.preferred.iter().filter_map(|weighted| weighted.pod_affinity_term.as_ref());
        affinity.required.iter().chain(preferred).any(across)
    };
    let affinity = pod.spec.as_ref().and_then(|spec| spec.affinity.as_ref());
    affinity.is_some_and(|affinity| {
        affinity.pod_affinity.as_ref().is_some_and(any)
            || affinity.pod_anti_affinity.as_ref().is_some_and(any)
    })
}
