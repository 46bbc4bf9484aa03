//! What can be judged: resources, and what is done with them.

use std::fmt;

/// What is done with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// It is made.
    Create,
    /// It, or a part of it, is changed.
    Update,
    /// It is deleted.
    Delete,
    /// Somebody connects to it, as `kubectl exec` does.
    Connect,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Connect => "CONNECT",
        })
    }
}

/// Where objects of a resource are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// In namespaces.
    Namespaced,
    /// In none.
    Cluster,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Namespaced => "Namespaced",
            Self::Cluster => "Cluster",
        })
    }
}

/// Requests that can be judged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handled {
    /// The API group; empty for the core group.
    pub group: String,
    /// Its version.
    pub version: String,
    /// Where its objects are.
    pub scope: Scope,
    /// What is done with it, sorted.
    pub operations: Vec<Operation>,
    /// The resource, with a subresource behind a slash: `pods`, `pods/resize`.
    pub resource: String,
}

impl Handled {
    /// Operations on a resource.
    pub fn new(group: &str, version: &str, resource: &str, operations: &[Operation], scope: Scope) -> Self {
        let mut operations = operations.to_vec();
        operations.sort();
        operations.dedup();
        Self {
            group: group.to_owned(),
            version: version.to_owned(),
            scope,
            operations,
            resource: resource.to_owned(),
        }
    }
}

/// Whole objects: group, version, resources.
const WRITTEN: &[(&str, &str, &[&str])] = &[
    ("", "v1", &["persistentvolumeclaims", "pods", "podtemplates", "replicationcontrollers", "services"]),
    ("apps", "v1", &["daemonsets", "deployments", "replicasets", "statefulsets"]),
    ("batch", "v1", &["cronjobs", "jobs"]),
];

/// Parts of objects, by which pods change or become more without anybody writing a pod.
const CHANGED: &[(&str, &str, &[&str])] = &[
    ("", "v1", &["pods/ephemeralcontainers", "pods/resize", "replicationcontrollers/scale"]),
    ("apps", "v1", &["deployments/scale", "replicasets/scale", "statefulsets/scale"]),
];

/// What the rules and the quotas can judge, sorted.
pub fn handled() -> Vec<Handled> {
    let written = [Operation::Create, Operation::Update];
    let all = |table: &'static [(&str, &str, &[&str])], operations: &'static [Operation]| {
        table.iter().flat_map(move |(group, version, resources)| {
            resources
                .iter()
                .map(move |resource| Handled::new(group, version, resource, operations, Scope::Namespaced))
        })
    };
    let mut handled: Vec<Handled> = all(WRITTEN, &[Operation::Create, Operation::Update])
        .chain(all(CHANGED, &[Operation::Update]))
        .chain([Handled::new("", "v1", "namespaces", &written, Scope::Cluster)])
        .collect();
    handled.sort();
    handled
}
