//! What a rule must say of some objects. Cases run with the unit tests, through files, through a real API server and
//! through admission.

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
    #[cfg(test)]
    pub(crate) fn parameters(&self) -> super::settings::Parameters {
        let allowed_registries = self.allowed_registries.iter().map(|place| (*place).to_owned()).collect();
        super::settings::Parameters { allowed_registries, ..super::settings::Parameters::default() }
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
