//! A check of the standards as a rule: what it finds at the newest version, field by field.

use std::collections::BTreeMap;

use super::{blame::Culprit, check::Check, enforce::live, policy::PolicyVersion, subject::Subject};
use crate::{
    audit::{
        context::Context,
        findings::Findings,
        subject::{PodView, Workload},
        world::Unknown,
    },
    model::ObjectKey,
};

/// Tells every field that is to blame. `message` is what is wrong with it.
///
/// Containers that were added to debug stand in live pods only, never in the workload: they are told of the first pod
/// that has such a one.
pub(crate) fn find(
    check: &Check,
    pods: &PodView<'_>,
    out: &mut Findings<'_>,
    message: fn(&Culprit) -> String,
) {
    find_unless(check, pods, out, message, &|_| None);
}

/// The same where it is the value that decides: of one that is still to be filled in, nothing is known.
pub(crate) fn find_filled(
    check: &Check,
    pods: &PodView<'_>,
    cx: &Context<'_>,
    out: &mut Findings<'_>,
    message: fn(&Culprit) -> String,
) {
    find_unless(check, pods, out, message, &|culprit| {
        cx.filled("value", culprit.value.as_deref().unwrap_or_default()).err()
    });
}

fn find_unless(
    check: &Check,
    pods: &PodView<'_>,
    out: &mut Findings<'_>,
    message: fn(&Culprit) -> String,
    unknown: &dyn Fn(&Culprit) -> Option<Unknown>,
) {
    let violation = check.look(&Subject::pods(pods), PolicyVersion::NEWEST);
    for culprit in violation.into_iter().flat_map(|violation| violation.culprits) {
        if let Some(unknown) = unknown(&culprit) {
            out.unknown(&unknown);
            continue;
        }
        let found = out.fail(culprit.path.as_str(), message(&culprit));
        if let Some(container) = &culprit.container {
            found.container(container);
        }
    }
    let is_debugged =
        |view: &PodView<'_>| view.pods.iter().any(|pod| !pod.spec.ephemeral_containers.is_empty());
    if !matches!(pods.workload, Workload::Pod(_)) && is_debugged(pods) {
        for (culprit, pod) in added(check, pods) {
            let found = out.about(&pod, culprit.path.as_str(), message(&culprit));
            if let Some(container) = &culprit.container {
                found.container(container);
            }
        }
    }
}

/// Fields of containers that were added to the live pods of a workload, each once, with the first pod that has it.
fn added(check: &Check, pods: &PodView<'_>) -> BTreeMap<Culprit, ObjectKey> {
    let mut first = BTreeMap::new();
    for (view, _) in live(pods) {
        if view.spec.ephemeral_containers.is_empty() {
            continue;
        }
        let violation = check.look(&Subject::pods(&view), PolicyVersion::NEWEST);
        for culprit in violation.into_iter().flat_map(|violation| violation.culprits) {
            if culprit.path.contains(".ephemeralContainers[") {
                first.entry(culprit).or_insert_with(|| view.workload.key());
            }
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::audit::{Settings, World, find, run};

    #[test]
    fn containers_that_were_added_to_pods_of_a_workload_are_told_once() {
        let mut world = World::of_cluster();
        let spec =
            json!({"containers": [{"name": "a", "image": "x", "securityContext": {"privileged": true}}]});
        let owner = |kind: &str, name: &str| json!([{"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": "u", "controller": true}]);
        let template = json!({"metadata": {"labels": {"app": "web"}}, "spec": spec});
        let deployment =
            json!({"metadata": {"name": "web", "namespace": "shop"}, "spec": {"template": template}});
        world.take_json("apps", "Deployment", deployment).unwrap();
        let replicas = json!({
            "metadata": {"name": "web-1", "namespace": "shop", "ownerReferences": owner("Deployment", "web")},
            "spec": {"template": template},
        });
        world.take_json("apps", "ReplicaSet", replicas).unwrap();
        for (name, debugged) in [("web-1-a", false), ("web-1-b", true), ("web-1-c", true)] {
            let mut spec = spec.clone();
            if debugged {
                let added = json!([{"name": "d", "image": "x", "securityContext": {"privileged": true}}]);
                spec["ephemeralContainers"] = added;
            }
            let metadata =
                json!({"name": name, "namespace": "shop", "ownerReferences": owner("ReplicaSet", "web-1")});
            world.take_json("", "Pod", json!({"metadata": metadata, "spec": spec})).unwrap();
        }
        world.coverage.cover_everything();
        let rule = find("privileged-container").unwrap();
        let outcomes = run(&world, &Settings::default(), &[rule], &|_, _| true);
        let lines: Vec<_> = outcomes.findings.iter().map(ToString::to_string).collect();
        assert_eq!(
            lines,
            [
                "Pod/shop/web-1-b [d] spec.ephemeralContainers[0].securityContext.privileged: container runs privileged",
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].securityContext.privileged: container runs privileged",
            ]
        );
    }
}
