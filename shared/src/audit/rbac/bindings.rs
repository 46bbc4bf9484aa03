//! What bindings say.

use super::permissions::{EVERYONE, UNKNOWN};
use crate::audit::{
    api::{ClusterRoleBinding, RoleBinding, RoleRef, Subject},
    world::Object,
};

/// A binding of either kind.
pub(crate) trait Binding: Object {
    /// Whom it gives the role.
    fn subjects(&self) -> &[Subject];

    /// The role.
    fn role(&self) -> &RoleRef;

    /// Where the role holds; empty: everywhere.
    fn namespace(&self) -> &str;

    /// Those subjects that are no part of the cluster itself.
    /// Namespace of a service account that is a subject: its own, or that of the binding where it leaves it out.
    fn home<'a>(&'a self, subject: &'a Subject) -> &'a str {
        if subject.namespace.is_empty() { self.namespace() } else { &subject.namespace }
    }

    fn outsiders(&self) -> impl Iterator<Item = (usize, &Subject)> {
        self.subjects().iter().enumerate().filter(|(_, subject)| !subject.is_system())
    }
}

impl Binding for RoleBinding {
    fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    fn role(&self) -> &RoleRef {
        &self.role_ref
    }

    fn namespace(&self) -> &str {
        &self.metadata.namespace
    }
}

impl Binding for ClusterRoleBinding {
    fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    fn role(&self) -> &RoleRef {
        &self.role_ref
    }

    fn namespace(&self) -> &'static str {
        ""
    }
}

impl Subject {
    /// Whether it is a part of the control plane, or the group of its administrators.
    pub(crate) fn is_system(&self) -> bool {
        match self.kind.as_str() {
            "User" => {
                self.name.starts_with("system:")
                    && self.name != "system:anonymous"
                    && !self.name.starts_with("system:serviceaccount:")
            }
            "Group" => matches!(
                self.name.as_str(),
                "system:masters" | "system:nodes" | "system:monitoring" | "kubeadm:cluster-admins"
            ),
            _ => false,
        }
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.kind.as_str() {
            "ServiceAccount" if !self.namespace.is_empty() => {
                write!(f, "ServiceAccount {}/{}", self.namespace, self.name)
            }
            "ServiceAccount" => write!(f, "ServiceAccount {}", self.name),
            kind => write!(f, "{kind} {:?}", self.name),
        }
    }
}

/// Whether a subject is whoever comes, with or without a name.
pub(crate) fn is_everyone(subject: &Subject) -> bool {
    match subject.kind.as_str() {
        "User" => subject.name == "system:anonymous",
        "Group" => matches!(subject.name.as_str(), EVERYONE | UNKNOWN),
        _ => false,
    }
}
