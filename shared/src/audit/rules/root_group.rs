use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    effective::{self, Setting},
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// Processes belong to the group of root.
    ///
    /// ## Why it matters
    ///
    /// Many images leave files writable for the group of root, `/etc/passwd` among them, and so do many nodes: a
    /// process that is in this group can change what its user alone could not.
    ///
    /// ## Remediation
    ///
    /// Give `runAsGroup`, `fsGroup` and `supplementalGroups` ids other than 0, or set `hostUsers: false` so that the
    /// group is nobody's on the node.
    severity: Low,
    category: Security,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "groups of its own",
            pod!("securityContext: {runAsGroup: 2000, fsGroup: 2000, supplementalGroups: [3000]}, containers: [{name: a, image: x}]"),
        ),
        Case::pass("nothing said", pod!("containers: [{name: a, image: x}]")),
        Case::pass(
            "every container overrides the pod",
            pod!("securityContext: {runAsGroup: 0}, containers: [{name: a, image: x, securityContext: {runAsGroup: 2000}}]"),
        ),
        Case::pass(
            "root of a user namespace",
            pod!("hostUsers: false, securityContext: {runAsGroup: 0, fsGroup: 0}, containers: [{name: a, image: x}]"),
        ),
        Case::fail(
            "in each of the fields",
            deployment!("securityContext: {runAsGroup: 0, fsGroup: 0, supplementalGroups: [1, 0]}, containers: [{name: a, image: x}, {name: b, image: x, securityContext: {runAsGroup: 0}}]"),
            &[
                "Deployment.apps/shop/web spec.template.spec.securityContext.fsGroup: volumes belong to group 0",
                "Deployment.apps/shop/web spec.template.spec.securityContext.runAsGroup: pods run as group 0",
                "Deployment.apps/shop/web spec.template.spec.securityContext.supplementalGroups[1]: pods run with group 0",
                "Deployment.apps/shop/web [b] spec.template.spec.containers[1].securityContext.runAsGroup: container runs as group 0",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if effective::maps_users(pods) {
        return Ok(());
    }
    let mut inherited = false;
    for container in pods.containers() {
        match effective::group(pods, &container) {
            Setting::Own(0) => {
                out.fail_in(&container, "securityContext.runAsGroup", "container runs as group 0");
            }
            Setting::Pod(0) => inherited = true,
            _ => {}
        }
    }
    if inherited {
        out.fail(pods.path("securityContext.runAsGroup"), "pods run as group 0");
    }
    let Some(context) = &pods.spec.security_context else {
        return Ok(());
    };
    if context.fs_group == Some(0) {
        out.fail(pods.path("securityContext.fsGroup"), "volumes belong to group 0");
    }
    for index in context.supplemental_groups.iter().enumerate().filter(|(_, id)| **id == 0).map(|(at, _)| at)
    {
        out.fail(pods.path(&format!("securityContext.supplementalGroups[{index}]")), "pods run with group 0");
    }
    Ok(())
}
