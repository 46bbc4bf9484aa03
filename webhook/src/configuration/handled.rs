//! What can be judged: resources, and what is done with them.

use std::{collections::BTreeSet, fmt};

use passmuster::{
    audit::{Rules, catalogue, judged},
    model::{Kind, builtin_kinds::builtin, discovery::Discovery, kinds, resource::Resource},
};

use crate::kinds::resource_of;

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

/// Parts of objects, by which pods change or become more without anybody writing a pod: kind, resource.
const PARTS: &[(Kind, &str)] = &[
    (kinds::POD, "pods/ephemeralcontainers"),
    (kinds::POD, "pods/resize"),
    (kinds::REPLICATION_CONTROLLER, "replicationcontrollers/scale"),
    (kinds::DEPLOYMENT, "deployments/scale"),
    (kinds::REPLICA_SET, "replicasets/scale"),
    (kinds::STATEFUL_SET, "statefulsets/scale"),
];

/// What quotas of projects are charged for whatever they say, or what makes that.
const CHARGED: &[Kind] = &[
    kinds::CRON_JOB,
    kinds::DAEMON_SET,
    kinds::DEPLOYMENT,
    kinds::JOB,
    kinds::NAMESPACE,
    kinds::PERSISTENT_VOLUME_CLAIM,
    kinds::POD,
    kinds::POD_TEMPLATE,
    kinds::REPLICA_SET,
    kinds::REPLICATION_CONTROLLER,
    kinds::RESOURCE_QUOTA,
    kinds::SERVICE,
    kinds::STATEFUL_SET,
];

/// What is to be sent so that objects of these kinds are judged, sorted. Kinds that the server does not have are left
/// out until it has them.
pub fn of_kinds(judged: &BTreeSet<Kind>, discovery: &Discovery) -> Vec<Handled> {
    let written = [Operation::Create, Operation::Update];
    let mut handled = Vec::new();
    for kind in judged {
        let Some(resource) = resource_of(*kind, discovery) else { continue };
        let scope = if resource.namespaced { Scope::Namespaced } else { Scope::Cluster };
        let (group, version) = (&resource.group, &resource.version);
        handled.push(Handled::new(group, version, &resource.plural, &written, scope));
        let parts = PARTS.iter().filter(|(of, _)| of == kind);
        handled
            .extend(parts.map(|(_, part)| {
                Handled::new(group, version, part, &[Operation::Update], Scope::Namespaced)
            }));
    }
    handled.sort();
    handled
}

/// What quotas of projects must be asked about, sorted. What they merely `count` adds nothing once it is there, so
/// nobody need ask when it changes: of Secrets, say, no more is sent than must be.
pub fn charged<'a>(counted: impl IntoIterator<Item = &'a Resource>) -> Vec<Handled> {
    let mut charged = of_kinds(&CHARGED.iter().copied().collect(), builtin());
    for Resource { group, version, plural, .. } in counted {
        if !charged.iter().any(|one| one.group == *group && one.resource == *plural) {
            charged.push(Handled::new(group, version, plural, &[Operation::Create], Scope::Namespaced));
        }
    }
    charged.sort();
    charged
}

/// Everything that the rules and the quotas can judge and that every server has, sorted.
pub fn handled() -> Vec<Handled> {
    let mut kinds = judged(&Rules::built_in(&catalogue().iter().collect::<Vec<_>>()));
    kinds.extend(CHARGED);
    of_kinds(&kinds, builtin())
}
