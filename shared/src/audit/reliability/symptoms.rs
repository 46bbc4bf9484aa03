//! Equal symptoms of many pods are one finding of their workload.

use std::collections::BTreeMap;

use super::is_up;
use crate::audit::{
    api::ContainerStatus,
    findings::{Findings, Found},
    subject::{PodView, Role},
    world::LivePod,
};

/// The pods that have the same symptom, by name.
pub(crate) type Pods<'w> = Vec<&'w LivePod>;

/// The symptoms of containers that are up, each with the pods that have it: by what the container is for, its name, and
/// the symptom.
pub(crate) fn fold<'w, S: Ord>(
    view: &PodView<'w>,
    symptom: impl Fn(&'w LivePod, Role, &'w ContainerStatus) -> Option<S>,
) -> BTreeMap<(Role, &'w str, S), Pods<'w>> {
    let mut found: BTreeMap<(Role, &str, S), Pods<'w>> = BTreeMap::new();
    for pod in up(view) {
        for (role, status) in statuses(pod) {
            if let Some(symptom) = symptom(pod, role, status) {
                found.entry((role, &status.name, symptom)).or_default().push(pod);
            }
        }
    }
    found
}

/// The symptoms of whole pods that are up, each with the pods that have it.
pub(crate) fn fold_pods<'w, S: Ord>(
    view: &PodView<'w>,
    symptom: impl Fn(&'w LivePod) -> Option<S>,
) -> BTreeMap<S, Pods<'w>> {
    let mut found: BTreeMap<S, Pods<'w>> = BTreeMap::new();
    for pod in up(view) {
        if let Some(symptom) = symptom(pod) {
            found.entry(symptom).or_default().push(pod);
        }
    }
    found
}

/// Tells of a container's symptom, at the container of the template where it has one of that name.
pub(crate) fn report<'f>(
    out: &'f mut Findings<'_>,
    view: &PodView<'_>,
    container: (Role, &str),
    message: String,
) -> Found<'f> {
    let (role, name) = container;
    match view.containers().find(|it| it.role == role && it.name == name) {
        Some(container) => out.fail_in(&container, "", message),
        None => out.fail("", message).container(name),
    }
}

/// How many pods have it, and the first of them; nothing where the pod itself is the subject.
pub(crate) fn some_of(view: &PodView<'_>, pods: &[&LivePod]) -> String {
    let Some(first) = pods.first().filter(|_| &*view.owner.kind != "Pod") else {
        return String::new();
    };
    let all = up(view).count().max(pods.len());
    format!("{} of {all} pods ({} first): ", pods.len(), first.metadata.name)
}

/// The pods of a workload that are up, by name.
pub(crate) fn up<'v, 'w>(view: &'v PodView<'w>) -> impl Iterator<Item = &'w LivePod> + use<'v, 'w> {
    view.pods.iter().copied().filter(|pod| is_up(pod))
}

/// What the kubelet says of each container, with what the container is for.
pub(crate) fn statuses(pod: &LivePod) -> impl Iterator<Item = (Role, &ContainerStatus)> {
    let init = pod.status.init_container_statuses.iter().map(|status| {
        let spec = pod.spec.init_containers.iter().find(|container| container.name == status.name);
        let sidecar = spec.is_some_and(|it| it.restart_policy.as_deref() == Some("Always"));
        (if sidecar { Role::Sidecar } else { Role::Init }, status)
    });
    let main = pod.status.container_statuses.iter().map(|status| (Role::Main, status));
    let ephemeral = pod.status.ephemeral_container_statuses.iter().map(|status| (Role::Ephemeral, status));
    init.chain(main).chain(ephemeral)
}
