use crate::audit::{
    amounts::{defaults, limit_ranges},
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container that writes to its own file system may fill the disk of its node.
    ///
    /// ## Why it matters
    ///
    /// What a container writes outside of volumes, and its logs, is on the node's disk. When that is full, the kubelet
    /// evicts pods, those without a limit first, and in the end the node takes no more pods.
    ///
    /// ## Remediation
    ///
    /// Set `resources.limits.ephemeral-storage`, or make the root file system read-only.
    severity: Low,
    category: Storage,
    admission: Warn,
    needs: Objects,
    reads: [LIMIT_RANGE],
    references: ["https://kubernetes.io/docs/concepts/storage/ephemeral-storage/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "no limit",
            pod!("containers: [{name: a, image: x}]"),
            &["Pod/shop/p [a] spec.containers[0].resources.limits.ephemeral-storage: container may fill the disk of its node"],
        ),
        Case::pass(
            "limited, or with nothing to write to",
            pod!("containers: [{name: a, image: x, resources: {limits: {ephemeral-storage: 1Gi}}}, {name: b, image: x, securityContext: {readOnlyRootFilesystem: true}}]"),
        ),
        Case::pass(
            "limited by the namespace",
            concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: LimitRange, metadata: {name: l, namespace: shop}, spec: {limits: [{type: Container, default: {ephemeral-storage: 1Gi}, defaultRequest: {ephemeral-storage: 1Gi}}]}}"),
        ).in_files_only(),
    ],
}

const RESOURCE: &str = "ephemeral-storage";

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let mut writing = pods.running_containers().filter(|container| {
        let read_only = container.security_context.as_ref().and_then(|own| own.read_only_root_filesystem);
        !container.resources.limits.contains_key(RESOURCE) && read_only != Some(true)
    });
    let Some(first) = writing.next() else { return Ok(()) };
    let (_, limits) = defaults(&limit_ranges(cx, pods.namespace())?);
    if limits.get(RESOURCE).is_none() {
        for container in std::iter::once(first).chain(writing) {
            let field = "resources.limits.ephemeral-storage";
            out.fail_in(&container, field, "container may fill the disk of its node");
        }
    }
    Ok(())
}
