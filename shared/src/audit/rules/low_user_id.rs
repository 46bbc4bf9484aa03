use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    effective::{self, Setting},
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::{PodView, Role},
};

rule! {
    /// A container runs with a user id that the node may have given to somebody, or with whatever its image says.
    ///
    /// ## Why it matters
    ///
    /// Without a user namespace, ids in a container are the ids of its node. Who gets out of the container, or finds
    /// a file of the node, has the rights of the user that has the same id there; ids up to 10000 are those that
    /// distributions and administrators give out.
    ///
    /// ## Remediation
    ///
    /// Set `securityContext.runAsUser` of the pod to an id above 10000 that nothing else uses, or give the pod a user
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
            pod!("securityContext: {runAsUser: 10001}, containers: [{name: a, image: x}, {name: b, image: x}]"),
        ),
        Case::pass(
            "every container overrides the pod",
            pod!("securityContext: {runAsUser: 1000}, containers: [{name: a, image: x, securityContext: {runAsUser: 20000}}]"),
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
            pod!("securityContext: {runAsUser: 0}, containers: [{name: a, image: x}]"),
        ),
        Case::fail(
            "the pod's id, once; and that of the one container that has its own",
            deployment!("securityContext: {runAsUser: 1000}, containers: [{name: a, image: x}, {name: b, image: x}, {name: c, image: x, securityContext: {runAsUser: 10000}}, {name: d, image: x, securityContext: {runAsUser: 10001}}]"),
            &[
                "Deployment.apps/shop/web spec.template.spec.securityContext.runAsUser: pods run as user 1000",
                "Deployment.apps/shop/web [c] spec.template.spec.containers[2].securityContext.runAsUser: container runs as user 10000",
            ],
        ),
        Case::fail(
            "nothing said",
            pod!("containers: [{name: a, image: x}]"),
            &["Pod/shop/p [a] spec.containers[0].securityContext.runAsUser: user is left to the image"],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if effective::maps_users(pods) || effective::is_windows(pods) {
        return Ok(());
    }
    let mut inherited = None;
    for container in pods.containers().filter(|container| container.role != Role::Ephemeral) {
        match effective::user(pods, &container) {
            Setting::Own(id @ 1..=10_000) => {
                let message = format!("container runs as user {id}");
                out.fail_in(&container, "securityContext.runAsUser", message);
            }
            Setting::Pod(id @ 1..=10_000) => inherited = Some(id),
            Setting::Unset => {
                out.fail_in(&container, "securityContext.runAsUser", "user is left to the image");
            }
            Setting::Own(_) | Setting::Pod(_) => {}
        }
    }
    if let Some(id) = inherited {
        out.fail(pods.path("securityContext.runAsUser"), format!("pods run as user {id}"));
    }
    Ok(())
}
