//! What a rule must say of some objects. Cases run with the unit tests, through files, through a real API server and
//! through admission.

use super::kubernetes_version::KubernetesVersion;

/// Objects, and exactly what the rule has to say of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    /// What it shows, as a sentence.
    pub(crate) name: &'static str,
    /// The objects, as YAML documents.
    pub(crate) objects: &'static str,
    /// Every finding, in order, as [`Finding`](super::Finding) displays itself; `? ` before those that are not
    /// evaluated.
    pub(crate) findings: &'static [&'static str],
    /// Kinds of which nothing is known in this case, as `Secret`; all others were read whole.
    pub(crate) unread: &'static [&'static str],
    /// Whether the API server stores such objects; those that it refuses are only met in files.
    pub(crate) storable: bool,
    /// Whether the data of config maps and the keys of secrets were not read, as of a cluster.
    pub(crate) without_data: bool,
    /// The registries that the policy allows in this case; empty: all.
    pub(crate) allowed_registries: &'static [&'static str],
    /// The version of Kubernetes that the objects are for.
    pub(crate) version: KubernetesVersion,
}

impl Case {
    const NOTHING: Self = Self {
        name: "",
        objects: "",
        findings: &[],
        unread: &[],
        storable: true,
        without_data: false,
        allowed_registries: &[],
        version: KubernetesVersion::NEWEST,
    };

    /// Nothing is wrong. A near-miss: what looks like the defect and is none.
    pub(crate) const fn pass(name: &'static str, objects: &'static str) -> Self {
        Self { name, objects, ..Self::NOTHING }
    }

    /// The defect, and how it is told.
    pub(crate) const fn fail(
        name: &'static str,
        objects: &'static str,
        findings: &'static [&'static str],
    ) -> Self {
        Self { name, objects, findings, ..Self::NOTHING }
    }

    /// It can't be said, because objects of these kinds were not read.
    pub(crate) const fn unknown(
        name: &'static str,
        objects: &'static str,
        unread: &'static [&'static str],
        findings: &'static [&'static str],
    ) -> Self {
        Self { name, objects, findings, unread, ..Self::NOTHING }
    }

    /// The API server refuses such objects, so that only files can hold them.
    pub(crate) const fn in_files_only(self) -> Self {
        Self { storable: false, ..self }
    }

    /// The data of config maps and the keys of secrets were not read.
    pub(crate) const fn without_data(self) -> Self {
        Self { without_data: true, ..self }
    }

    /// The policy allows these registries alone.
    pub(crate) const fn allowing(self, allowed_registries: &'static [&'static str]) -> Self {
        Self { allowed_registries, ..self }
    }

    /// The thresholds and lists of the policy in this case.
    pub(crate) fn parameters(&self) -> super::settings::Parameters {
        let allowed_registries = self.allowed_registries.iter().map(|place| (*place).to_owned()).collect();
        super::settings::Parameters { allowed_registries, ..super::settings::Parameters::default() }
    }

    /// The objects are for Kubernetes `1.minor`.
    pub(crate) const fn for_version(self, minor: u32) -> Self {
        Self { version: KubernetesVersion::of(minor), storable: false, ..self }
    }
}

/// A pod `p` of namespace `shop` with this spec: `pod!("containers: [{name: a, image: x}]")`.
macro_rules! pod {
    ($spec:literal) => {
        concat!(
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop, labels: {app: web}}, spec: {",
            $spec,
            "}}\n---\n"
        )
    };
}

/// A deployment `web` of namespace `shop` of three replicas whose pods, labelled `app: web`, have this spec.
macro_rules! deployment {
    ($spec:literal) => {
        concat!(
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, ",
            "spec: {replicas: 3, selector: {matchLabels: {app: web}}, ",
            "template: {metadata: {labels: {app: web}}, spec: {",
            $spec,
            "}}}}\n---\n"
        )
    };
}

/// A stateful set `db` of namespace `shop` of three replicas whose pods have this spec; see `member!`.
macro_rules! stateful_set {
    ($spec:literal) => {
        concat!(
            "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, ",
            "spec: {serviceName: db, replicas: 3, selector: {matchLabels: {app: db}}, ",
            "template: {metadata: {labels: {app: db}}, spec: {",
            $spec,
            "}}}}\n---\n"
        )
    };
}

/// A pod of this name of the stateful set `db`, with this spec and this status.
macro_rules! member {
    ($name:literal, $spec:literal, $status:literal) => {
        concat!(
            "{apiVersion: v1, kind: Pod, metadata: {name: ",
            $name,
            ", namespace: shop, labels: {app: db}, ",
            "ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: u, controller: true}]}, spec: {",
            $spec,
            "}, status: {",
            $status,
            "}}\n---\n"
        )
    };
}

/// A role `r` of namespace `shop` with these rules.
macro_rules! role {
    ($rules:literal) => {
        concat!(
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r, namespace: shop}, rules: [",
            $rules,
            "]}\n---\n"
        )
    };
}

/// A cluster role `c` with these rules.
macro_rules! cluster_role {
    ($rules:literal) => {
        concat!(
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: c}, rules: [",
            $rules,
            "]}\n---\n"
        )
    };
}

/// A binding `b` of the cluster: name of the cluster role, subjects.
macro_rules! cluster_role_binding {
    ($role:literal, $subjects:literal) => {
        concat!(
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, ",
            "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ",
            $role,
            "}, subjects: [",
            $subjects,
            "]}\n---\n"
        )
    };
}

/// A binding `b` of namespace `shop`: kind and name of the role, subjects.
macro_rules! role_binding {
    ($kind:literal, $role:literal, $subjects:literal) => {
        concat!(
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, ",
            "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ",
            $kind,
            ", name: ",
            $role,
            "}, subjects: [",
            $subjects,
            "]}\n---\n"
        )
    };
}

pub(crate) use {
    cluster_role, cluster_role_binding, deployment, member, pod, role, role_binding, stateful_set,
};
