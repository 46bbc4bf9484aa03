use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    effective::{self, Setting},
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::{PodView, Role},
};

rule! {
    /// A container runs with a group id that the node may have given to somebody, or with whatever its image says.
    ///
    /// ## Why it matters
    ///
    /// Without a user namespace, ids in a container are the ids of its node. Who gets out of the container, or finds
    /// a file of the node, has the rights of the group that has the same id there; ids up to 10000 are those that
    /// distributions and administrators give out.
    ///
    /// ## Remediation
    ///
    /// Set `securityContext.runAsGroup` of the pod to an id above 10000 that nothing else uses, or give the pod a user
    /// namespace of its own with `hostUsers: false`.
    severity: Low,
    category: Security,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "set once for the whole pod",
            pod!("securityContext: {runAsGroup: 10001}, containers: [{name: a, image: x}, {name: b, image: x}]"),
        ),
        Case::pass(
            "every container overrides the pod",
            pod!("securityContext: {runAsGroup: 1000}, containers: [{name: a, image: x, securityContext: {runAsGroup: 20000}}]"),
        ),
        Case::pass(
            "ids that mean nothing on the node",
            pod!("hostUsers: false, containers: [{name: a, image: x}]"),
        ),
        Case::pass(
            "Windows has no such ids",
            pod!("os: {name: windows}, containers: [{name: a, image: x}]"),
        ),
        Case::pass(
            "root is for another rule to tell",
            pod!("securityContext: {runAsGroup: 0}, containers: [{name: a, image: x}]"),
        ),
        Case::fail(
            "the pod's id, once; and that of the one container that has its own",
            deployment!("securityContext: {runAsGroup: 1000}, containers: [{name: a, image: x}, {name: b, image: x}, {name: c, image: x, securityContext: {runAsGroup: 10000}}, {name: d, image: x, securityContext: {runAsGroup: 10001}}]"),
            &[
                "Deployment.apps/shop/web spec.template.spec.securityContext.runAsGroup: pods run as group 1000",
                "Deployment.apps/shop/web [c] spec.template.spec.containers[2].securityContext.runAsGroup: container runs as group 10000",
            ],
        ),
        Case::fail(
            "nothing said",
            pod!("containers: [{name: a, image: x}]"),
            &["Pod/shop/p [a] spec.containers[0].securityContext.runAsGroup: group is left to the image"],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if effective::maps_users(pods) || effective::is_windows(pods) {
        return Ok(());
    }
    let mut inherited = None;
    for container in pods.containers().filter(|container| container.role != Role::Ephemeral) {
        match effective::group(pods, &container) {
            Setting::Own(id @ 1..=10_000) => {
                let message = format!("container runs as group {id}");
                out.fail_in(&container, "securityContext.runAsGroup", message);
            }
            Setting::Pod(id @ 1..=10_000) => inherited = Some(id),
            Setting::Unset => {
                out.fail_in(&container, "securityContext.runAsGroup", "group is left to the image");
            }
            Setting::Own(_) | Setting::Pod(_) => {}
        }
    }
    if let Some(id) = inherited {
        out.fail(pods.path("securityContext.runAsGroup"), format!("pods run as group {id}"));
    }
    Ok(())
}
