use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A scratch volume has no size limit.
    ///
    /// ## Why it matters
    ///
    /// An `emptyDir` takes as much of the node's disk, or with `medium: Memory` of its memory, as is written to it. A log
    /// that runs away fills the node, and the kubelet evicts pods that have nothing to do with it.
    ///
    /// ## Remediation
    ///
    /// Set `sizeLimit` to what the application needs at most.
    severity: Low,
    category: Storage,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["https://kubernetes.io/docs/concepts/storage/volumes/#emptydir"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "on disk and in memory",
            pod!("volumes: [{name: d, emptyDir: {}}, {name: m, emptyDir: {medium: Memory}}], containers: [{name: a, image: x}]"),
            &[
                "Pod/shop/p spec.volumes[0].emptyDir.sizeLimit: scratch volume \"d\" may fill the disk of its node",
                "Pod/shop/p spec.volumes[1].emptyDir.sizeLimit: scratch volume \"m\" may fill the memory of its node",
            ],
        ),
        Case::pass(
            "limited itself, or by what every container is limited to",
            pod!("volumes: [{name: d, emptyDir: {}}, {name: m, emptyDir: {medium: Memory}}, {name: s, emptyDir: {sizeLimit: 1Gi}}], containers: [{name: a, image: x, resources: {limits: {memory: 1Gi, ephemeral-storage: 1Gi}}}]"),
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (n, volume) in pods.spec.volumes.iter().enumerate() {
        let Some(scratch) = &volume.source.empty_dir else { continue };
        let (resource, what) = match scratch.medium.as_str() {
            "" => ("ephemeral-storage", "disk"),
            "Memory" => ("memory", "memory"),
            _ => continue,
        };
        // The kubelet counts scratch volumes to the limits of the pod, if all containers have one.
        let limited = pods.running_containers().all(|one| one.resources.limits.contains_key(resource));
        if scratch.size_limit.is_none() && !limited {
            out.fail(
                pods.path(&format!("volumes[{n}].emptyDir.sizeLimit")),
                format!("scratch volume {:?} may fill the {what} of its node", volume.name),
            );
        }
    }
    Ok(())
}
