//! What an API server says about one of its resource types.

use std::fmt;

/// One resource type in one version: how its kind, its address and its names for people relate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Resource {
    /// API group; empty for the core group.
    pub group: String,
    /// Version, as in `v1`.
    pub version: String,
    /// Kind, as in `Deployment`.
    pub kind: String,
    /// Name in addresses, as in `deployments`.
    pub plural: String,
    /// Name of one, as in `deployment`.
    pub singular: String,
    /// Abbreviations, as in `deploy`.
    pub short_names: Vec<String>,
    /// Groups of types that are asked for together, as in `all`.
    pub categories: Vec<String>,
    /// Whether objects live in a namespace.
    pub namespaced: bool,
    /// What can be done, as in `list`.
    pub verbs: Vec<String>,
}

impl Resource {
    /// What objects of the type say in `apiVersion`: `apps/v1`, or `v1` in the core group.
    pub fn api_version(&self) -> String {
        group_version(&self.group, &self.version)
    }

    /// Group and plural as Kubernetes writes them: `deployments.apps`, or `pods` in the core group.
    pub fn group_resource(&self) -> String {
        if self.group.is_empty() { self.plural.clone() } else { format!("{}.{}", self.plural, self.group) }
    }

    /// The address of the type's collection; `None`, or a type without namespaces, gives the one of the whole cluster.
    pub fn path(&self, namespace: Option<&str>) -> String {
        let root = if self.group.is_empty() { "/api" } else { "/apis" };
        let api_version = self.api_version();
        match namespace.filter(|namespace| self.namespaced && !namespace.is_empty()) {
            Some(namespace) => format!("{root}/{api_version}/namespaces/{namespace}/{}", self.plural),
            None => format!("{root}/{api_version}/{}", self.plural),
        }
    }

    /// The address of one object.
    pub fn object_path(&self, namespace: Option<&str>, name: &str) -> String {
        format!("{}/{name}", self.path(namespace))
    }

    /// Whether the server offers `verb` on the type.
    pub fn supports(&self, verb: &str) -> bool {
        self.verbs.iter().any(|offered| offered == verb)
    }

    /// Whether `group` and `kind` name this type, in any version.
    pub fn is_kind(&self, group: &str, kind: &str) -> bool {
        self.group == group && self.kind == kind
    }

    /// Whether `name`, in lower case, is the type's plural or singular.
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.plural == name || self.singular == name
    }
}

/// `deployments.apps`, as Kubernetes writes it in its messages.
impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.group_resource())
    }
}

/// `group/version`, or `version` in the core group.
pub fn group_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(group: &str, version: &str, plural: &str, namespaced: bool) -> Resource {
        Resource {
            group: group.into(),
            version: version.into(),
            plural: plural.into(),
            namespaced,
            ..Resource::default()
        }
    }

    #[test]
    fn addresses() {
        let pods = resource("", "v1", "pods", true);
        assert_eq!(pods.path(None), "/api/v1/pods");
        assert_eq!(pods.path(Some("")), "/api/v1/pods");
        assert_eq!(pods.object_path(Some("shop"), "web"), "/api/v1/namespaces/shop/pods/web");
        let roles = resource("rbac.authorization.k8s.io", "v1", "clusterroles", false);
        assert_eq!(roles.path(Some("shop")), "/apis/rbac.authorization.k8s.io/v1/clusterroles");
    }

    #[test]
    fn names() {
        assert_eq!(resource("", "v1", "pods", true).to_string(), "pods");
        assert_eq!(resource("apps", "v1", "deployments", true).to_string(), "deployments.apps");
        assert_eq!(resource("apps", "v1", "deployments", true).api_version(), "apps/v1");
    }
}
