//! Role bindings grant a role to accounts, users and groups.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        Within,
        edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    },
    model::{Kind, ObjectMeta, Selector, kinds},
};

const ROLE: &str = "roleRef";
const SUBJECTS: &str = "subjects[]";
const BOUND: Target = Target::OneOf(&[kinds::SERVICE_ACCOUNT, kinds::USER, kinds::GROUP]);

pub(super) static FAMILY: Family = Family {
    title: "Role bindings",
    readers: &[Reader::of::<RoleBinding>(), Reader::of::<ClusterRoleBinding>()],
    edges: &[
        EdgeRule {
            source: kinds::ROLE_BINDING,
            edge: "grants",
            target: Target::OneOf(&[kinds::ROLE, kinds::CLUSTER_ROLE]),
            via: ROLE,
        },
        EdgeRule { source: kinds::ROLE_BINDING, edge: "binds", target: BOUND, via: SUBJECTS },
        EdgeRule {
            source: kinds::CLUSTER_ROLE_BINDING,
            edge: "grants",
            target: Target::Kind(kinds::CLUSTER_ROLE),
            via: ROLE,
        },
        EdgeRule { source: kinds::CLUSTER_ROLE_BINDING, edge: "binds", target: BOUND, via: SUBJECTS },
    ],
    cases: &[
        Case {
            name: "a binding grants the role of its namespace, or a cluster's role, to the accounts it names",
            objects: r"
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: local, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
- {kind: ServiceAccount, name: robot, namespace: shop}
- {kind: ServiceAccount, name: robot, namespace: build}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: wide, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: binding-reader}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: binding-everywhere}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: binding-gone}
subjects: [{kind: ServiceAccount, name: robot, namespace: shop}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: build}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: binding-reader, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: binding-reader}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: shop}
",
            edges: &[
                "RoleBinding.rbac.authorization.k8s.io/shop/local grants Role.rbac.authorization.k8s.io/shop/reader",
                "RoleBinding.rbac.authorization.k8s.io/shop/local binds ServiceAccount/shop/robot",
                "RoleBinding.rbac.authorization.k8s.io/shop/local binds ServiceAccount/build/robot!",
                "RoleBinding.rbac.authorization.k8s.io/shop/wide grants \
                 ClusterRole.rbac.authorization.k8s.io/binding-reader",
                "ClusterRoleBinding.rbac.authorization.k8s.io/binding-everywhere grants \
                 ClusterRole.rbac.authorization.k8s.io/binding-gone!",
                "ClusterRoleBinding.rbac.authorization.k8s.io/binding-everywhere binds ServiceAccount/shop/robot",
            ],
        },
        Case {
            name: "users and groups are no objects and never missing; an account's user name is the account",
            objects: r"
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: people, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: alice}
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:serviceaccount:build:robot'}
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:serviceaccount:robot'}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: build}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: alice, namespace: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: shop}
",
            edges: &[
                "RoleBinding.rbac.authorization.k8s.io/shop/people grants Role.rbac.authorization.k8s.io/shop/reader",
                "RoleBinding.rbac.authorization.k8s.io/shop/people binds User.rbac.authorization.k8s.io/alice",
                "RoleBinding.rbac.authorization.k8s.io/shop/people binds Group.rbac.authorization.k8s.io/developers",
                "RoleBinding.rbac.authorization.k8s.io/shop/people binds ServiceAccount/build/robot",
                "RoleBinding.rbac.authorization.k8s.io/shop/people binds \
                 User.rbac.authorization.k8s.io/system:serviceaccount:robot",
            ],
        },
        Case {
            name: "the group of a namespace's accounts binds those, the groups of all accounts every one",
            objects: r"
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: binding-builders}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: binding-reader}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:serviceaccounts:build'}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: binding-accounts}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: binding-reader}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:serviceaccounts'}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: anyone, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: binding-reader}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:authenticated'}
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:unauthenticated'}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: binding-reader}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: builder, namespace: build}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: seller, namespace: shop}
",
            edges: &[
                "ClusterRoleBinding.rbac.authorization.k8s.io/binding-builders grants \
                 ClusterRole.rbac.authorization.k8s.io/binding-reader",
                "ClusterRoleBinding.rbac.authorization.k8s.io/binding-builders binds \
                 Group.rbac.authorization.k8s.io/system:serviceaccounts:build",
                "ClusterRoleBinding.rbac.authorization.k8s.io/binding-builders binds ServiceAccount/build/builder",
                "ClusterRoleBinding.rbac.authorization.k8s.io/binding-accounts grants \
                 ClusterRole.rbac.authorization.k8s.io/binding-reader",
                "ClusterRoleBinding.rbac.authorization.k8s.io/binding-accounts binds \
                 Group.rbac.authorization.k8s.io/system:serviceaccounts",
                "ClusterRoleBinding.rbac.authorization.k8s.io/binding-accounts binds ServiceAccount/build/builder",
                "ClusterRoleBinding.rbac.authorization.k8s.io/binding-accounts binds ServiceAccount/shop/seller",
                "RoleBinding.rbac.authorization.k8s.io/shop/anyone grants \
                 ClusterRole.rbac.authorization.k8s.io/binding-reader",
                "RoleBinding.rbac.authorization.k8s.io/shop/anyone binds \
                 Group.rbac.authorization.k8s.io/system:authenticated",
                "RoleBinding.rbac.authorization.k8s.io/shop/anyone binds \
                 Group.rbac.authorization.k8s.io/system:unauthenticated",
                "RoleBinding.rbac.authorization.k8s.io/shop/anyone binds ServiceAccount/build/builder",
                "RoleBinding.rbac.authorization.k8s.io/shop/anyone binds ServiceAccount/shop/seller",
            ],
        },
    ],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RoleBinding {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, repeated, tag = "2")]
    subjects: Vec<Subject>,
    #[prost(message, optional, tag = "3")]
    role_ref: Option<RoleRef>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ClusterRoleBinding {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, repeated, tag = "2")]
    subjects: Vec<Subject>,
    #[prost(message, optional, tag = "3")]
    role_ref: Option<RoleRef>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RoleRef {
    #[prost(string, tag = "2")]
    kind: String,
    #[prost(string, tag = "3")]
    name: String,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Subject {
    #[prost(string, tag = "1")]
    kind: String,
    #[prost(string, tag = "3")]
    name: String,
    #[prost(string, tag = "4")]
    namespace: String,
}

impl Source for RoleBinding {
    const KIND: Kind = kinds::ROLE_BINDING;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        grants(emit, self.role_ref.as_ref());
        self.subjects.iter().for_each(|subject| binds(emit, subject));
    }
}

impl Source for ClusterRoleBinding {
    const KIND: Kind = kinds::CLUSTER_ROLE_BINDING;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        grants(emit, self.role_ref.as_ref());
        self.subjects.iter().for_each(|subject| binds(emit, subject));
    }
}

fn grants(emit: &mut Emit<'_>, role: Option<&RoleRef>) {
    let Some(role) = role else { return };
    let kind = match role.kind.as_str() {
        "ClusterRole" => kinds::CLUSTER_ROLE,
        // A cluster role binding can't grant a role of a namespace.
        "Role" if !emit.metadata().namespace.is_empty() => kinds::ROLE,
        _ => return,
    };
    let _ = emit.refer("grants", kind, &role.name, ROLE);
}

fn binds(emit: &mut Emit<'_>, subject: &Subject) {
    match subject.kind.as_str() {
        "ServiceAccount" => account(emit, &subject.namespace, &subject.name),
        "User" => {
            match subject.name.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':')) {
                Some((namespace, name)) => account(emit, namespace, name),
                None => {
                    let _ = emit.refer("binds", kinds::USER, &subject.name, SUBJECTS).imaginary();
                }
            }
        }
        "Group" => {
            let _ = emit.refer("binds", kinds::GROUP, &subject.name, SUBJECTS).imaginary();
            if let Some(within) = accounts_of(&subject.name) {
                let everyone = Selector::everything();
                emit.select_within("binds", kinds::SERVICE_ACCOUNT, within, everyone, SUBJECTS);
            }
        }
        _ => {}
    }
}

/// The namespace is required, in a namespace's binding too.
fn account(emit: &mut Emit<'_>, namespace: &str, name: &str) {
    if !namespace.is_empty() {
        let _ = emit.refer("binds", kinds::SERVICE_ACCOUNT, name, SUBJECTS).in_namespace(namespace);
    }
}

/// The groups that the API server puts service accounts in.
fn accounts_of(group: &str) -> Option<Within> {
    match group {
        "system:serviceaccounts" | "system:authenticated" => Some(Within::Cluster),
        _ => {
            let namespace = group.strip_prefix("system:serviceaccounts:")?;
            Some(Within::Namespace(namespace.to_owned()))
        }
    }
}
