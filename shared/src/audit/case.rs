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
    /// The version of Kubernetes that the objects are for.
    pub(crate) version: KubernetesVersion,
}

impl Case {
    /// Nothing is wrong. A near-miss: what looks like the defect and is none.
    pub(crate) const fn pass(name: &'static str, objects: &'static str) -> Self {
        Self { name, objects, findings: &[], unread: &[], storable: true, version: KubernetesVersion::NEWEST }
    }

    /// The defect, and how it is told.
    pub(crate) const fn fail(
        name: &'static str,
        objects: &'static str,
        findings: &'static [&'static str],
    ) -> Self {
        Self { name, objects, findings, unread: &[], storable: true, version: KubernetesVersion::NEWEST }
    }

    /// It can't be said, because objects of these kinds were not read.
    pub(crate) const fn unknown(
        name: &'static str,
        objects: &'static str,
        unread: &'static [&'static str],
        findings: &'static [&'static str],
    ) -> Self {
        Self { name, objects, findings, unread, storable: true, version: KubernetesVersion::NEWEST }
    }

    /// The API server refuses such objects, so that only files can hold them.
    pub(crate) const fn in_files_only(self) -> Self {
        Self { storable: false, ..self }
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

pub(crate) use {deployment, pod};
