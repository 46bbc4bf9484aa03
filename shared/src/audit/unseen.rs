//! What files can't show: names that are still to be filled in, and what controllers add when they run.

use super::{
    context::Context,
    makers::is_operated,
    rule::Outcome,
    subject::{PodView, Workload},
    world::{POD_KINDS, Unknown, beyond_files},
};
use crate::model::{Kind, Labels, ObjectKey, ObjectMeta, Requirement, Selector};

/// Labels that controllers give pods when they make them; no template has them.
const GIVEN: &[&str] = &[
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index",
    "batch.kubernetes.io/job-name",
    "controller-revision-hash",
    "controller-uid",
    "job-name",
    "pod-template-hash",
    "statefulset.kubernetes.io/pod-name",
];

/// Whether a text in a file stands for another that a tool puts in before the file is applied: `${TAG}`,
/// `{{ .Values.tag }}`, `{TAG}`, `$(IMAGE)`, `<your-host>`, `__HOST__`, or an image that is still to be built.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let is_between = |start: &str, end: &str| {
        text.split_once(start)
            .is_some_and(|(_, rest)| rest.split_once(end).is_some_and(|(it, _)| !it.is_empty()))
    };
    let is_shouted = || {
        let mut parts = text.split("__");
        parts.next();
        let shouted = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'_')
        };
        parts.next().is_some_and(shouted) && parts.next().is_some()
    };
    is_between("{", "}")
        || is_between("$(", ")")
        || is_between("<", ">")
        || text.starts_with("ko://")
        || is_shouted()
}

/// Whether a tool makes an object for a step of its own, and takes it away afterwards.
pub(crate) fn is_hook(metadata: &ObjectMeta) -> bool {
    ["helm.sh/hook", "argocd.argoproj.io/hook"].iter().any(|hook| metadata.annotations.contains_key(*hook))
}

impl Context<'_> {
    /// That an object of this name, which was not read, does not exist; why that is not known otherwise.
    pub(crate) fn is_absent(&self, kind: Kind, namespace: &str, name: &str) -> Result<(), Unknown> {
        self.is_whole(kind, kind.namespaced.then_some(namespace))?;
        if self.is_live() {
            return Ok(());
        }
        self.filled("name", name)?;
        self.nobody_makes(kind, namespace, name)
    }

    /// That what was read of a kind is all there is in a namespace, or (`None`) in any; why that is not known
    /// otherwise. No files hold what a distribution puts into the namespaces of the cluster itself, not even those that
    /// are said to be complete.
    pub(crate) fn is_whole(&self, kind: Kind, namespace: Option<&str>) -> Outcome {
        self.world().coverage.is_all(kind, namespace)?;
        if self.is_live() {
            return Ok(());
        }
        if let Some(unknown) = beyond_files(kind, namespace) {
            return Err(unknown);
        }
        namespace.map_or(Ok(()), |namespace| self.filled("namespace", namespace))
    }

    /// That no objects of a kind are there but those that were read, in any namespace; why that is not known otherwise.
    pub(crate) fn is_all(&self, kind: Kind) -> Outcome {
        self.world().coverage.is_all(kind, None)
    }

    /// That no pods are there but those that were read, in a namespace or (`None`) in any; why that is not known
    /// otherwise.
    pub(crate) fn no_other_pods(&self, namespace: Option<&str>) -> Result<(), Unknown> {
        for kind in POD_KINDS {
            self.is_whole(*kind, namespace)?;
        }
        if self.is_live() {
            return Ok(());
        }
        let here = |key: &ObjectKey| {
            namespace.is_none_or(|namespace| key.namespace.is_empty() || &*key.namespace == namespace)
        };
        match self.world().customs().map(|(key, _)| key).find(|key| here(key) && is_operated(key)) {
            Some(key) => Err(Unknown(format!("{key} may make pods"))),
            None => Ok(()),
        }
    }

    /// That a text in a file is still to be filled in, so that nothing can be said of it. Of live objects it is what
    /// it is.
    pub(crate) fn filled(&self, what: &str, text: &str) -> Result<(), Unknown> {
        if self.is_live() || !is_placeholder(text) {
            return Ok(());
        }
        Err(Unknown(format!("{what} {text:?} is still to be filled in")))
    }
}

/// A selector without what it asks of labels that controllers give.
pub(crate) fn of_templates(selector: &Selector) -> Selector {
    let own = selector.requirements().iter().filter(|it| it.key().is_none_or(|key| !GIVEN.contains(&key)));
    Selector::new(own.cloned().collect())
}

impl PodView<'_> {
    /// Whether a selector selects the pods: some of them at least, by the labels of their template, those that their
    /// controller gives them, or those that they have.
    pub(crate) fn is_selected_by(&self, selector: &Selector) -> bool {
        let labels = Labels::from(self.labels());
        let holds =
            |it: &Requirement| it.holds(&labels) || it.key().is_some_and(|key| self.may_have(key, it));
        selector.requirements().iter().all(holds)
            || self.pods.iter().any(|pod| selector.matches(&Labels::from(&pod.metadata.labels)))
    }

    /// Whether the controller gives some of the pods a label that is as required.
    fn may_have(&self, key: &str, requirement: &Requirement) -> bool {
        if !GIVEN.contains(&key) {
            return false;
        }
        let metadata = self.workload.metadata();
        let any = |fits: &dyn Fn(&str) -> bool| match requirement {
            Requirement::In(_, values) => values.iter().any(|value| fits(value)),
            Requirement::Exists(_) => true,
            _ => false,
        };
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
        match (key, &self.workload) {
            ("statefulset.kubernetes.io/pod-name", Workload::StatefulSet(_)) => any(&|value| {
                let rest = value.strip_prefix(metadata.name.as_str()).and_then(|rest| rest.strip_prefix('-'));
                rest.is_some_and(is_number)
            }),
            ("apps.kubernetes.io/pod-index", Workload::StatefulSet(_)) => any(&is_number),
            ("job-name" | "batch.kubernetes.io/job-name", Workload::Job(_)) => {
                any(&|value| value == metadata.name)
            }
            ("job-name" | "batch.kubernetes.io/job-name", Workload::CronJob(_)) => {
                any(&|value| value.starts_with(metadata.name.as_str()))
            }
            // Hashes and uids are known to nobody before.
            ("controller-revision-hash", Workload::StatefulSet(_) | Workload::DaemonSet(_))
            | ("pod-template-hash", Workload::Deployment(_) | Workload::ReplicaSet(_))
            | (_, Workload::Job(_) | Workload::CronJob(_)) => any(&|_| true),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_still_to_be_filled_in() {
        for text in [
            "${TAG}",
            "shop/web:${TAG:=1}",
            "green-{{ .Index }}",
            "$(IMAGE)",
            "{IMAGE}",
            "<your-host>",
            "__INGRESS_HOST__",
            "ko://example.com/cmd/web",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["web", "$", "a$b", "a__b", "a__b__c", "${", "}{", "<>", "x<y", "{}", "A__B", ""] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
