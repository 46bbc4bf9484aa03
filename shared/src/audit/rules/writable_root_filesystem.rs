use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    effective,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::{PodView, Role},
};

rule! {
    /// A container can write to its own root filesystem.
    ///
    /// ## Why it matters
    ///
    /// Who breaks into the process can leave tools behind, replace binaries and change configuration, all of which a
    /// read-only image refuses. What is written there also fills the disk of the node, and is lost on every restart.
    ///
    /// ## Remediation
    ///
    /// Set `securityContext.readOnlyRootFilesystem: true`, and mount an `emptyDir` with a `sizeLimit` at each path
    /// that the program has to write to, such as `/tmp`.
    severity: Medium,
    category: Security,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "read-only, with a place to write to",
            pod!("containers: [{name: a, image: x, securityContext: {readOnlyRootFilesystem: true}, volumeMounts: [{name: tmp, mountPath: /tmp}]}], volumes: [{name: tmp, emptyDir: {}}]"),
        ),
        Case::pass(
            "Windows has no such setting",
            pod!("os: {name: windows}, containers: [{name: a, image: x}]"),
        ),
        Case::pass(
            "a container that was added to debug has to write",
            pod!("containers: [{name: a, image: x, securityContext: {readOnlyRootFilesystem: true}}], ephemeralContainers: [{name: debug, image: x}]"),
        ).in_files_only(),
        Case::fail(
            "left out in one container, denied in another",
            deployment!("initContainers: [{name: i, image: x, securityContext: {readOnlyRootFilesystem: false}}], containers: [{name: a, image: x}]"),
            &[
                "Deployment.apps/shop/web [a] spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem: root filesystem is writable",
                "Deployment.apps/shop/web [i] spec.template.spec.initContainers[0].securityContext.readOnlyRootFilesystem: root filesystem is writable",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if effective::is_windows(pods) {
        return Ok(());
    }
    for container in pods.containers().filter(|container| container.role != Role::Ephemeral) {
        let read_only = container.security_context.as_ref().and_then(|it| it.read_only_root_filesystem);
        if read_only != Some(true) {
            out.fail_in(&container, "securityContext.readOnlyRootFilesystem", "root filesystem is writable");
        }
    }
    Ok(())
}
