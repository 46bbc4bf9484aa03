use crate::audit::{
    amounts::is_extended,
    api::Node,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};
use crate::quantity::Quantity;

rule! {
    /// A node has devices, and no pod on it asks for any.
    ///
    /// ## Why it matters
    ///
    /// Machines with accelerators cost many times what others do. Pods that need none fill them up, or they stand idle.
    ///
    /// ## Remediation
    ///
    /// Taint such nodes, so that only pods that ask for the device run there, and let the autoscaler take the pool to zero.
    severity: Medium,
    category: Efficiency,
    admission: Never,
    needs: Status,
    reads: [POD],
    references: ["https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/"],
    check: [Check::Node(check)],
    cases: [
        Case::fail(
            "none of four is asked for",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {allocatable: {cpu: '4', nvidia.com/gpu: '4'}}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {nodeName: node, containers: [{name: a, image: x}]}, status: {phase: Running}}",
            &["Node/node status.allocatable[nvidia.com/gpu]: no pod asks for any of 4 nvidia.com/gpu"],
        ).in_files_only(),
        Case::pass(
            "one is asked for; and a plugin that offers nothing",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {allocatable: {nvidia.com/gpu: '4', example.com/d: '0', hugepages-2Mi: 1Gi, attachable-volumes-csi-x.com: '9'}}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {nodeName: node, containers: [{name: a, image: x, resources: {limits: {nvidia.com/gpu: '1'}}}]}, status: {phase: Running}}",
        ).in_files_only(),
    ],
}

fn check(node: &Node, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (name, amount) in &node.status.allocatable {
        if !is_extended(name) || amount.quantity() <= Quantity::ZERO {
            continue;
        }
        let asks = |resources: &crate::audit::api::ResourceRequirements| {
            resources.requests.contains_key(name) || resources.limits.contains_key(name)
        };
        let asked = cx.pods_on(&node.metadata.name)?.iter().any(|pod| {
            let mut containers = pod.spec.containers.iter().chain(&pod.spec.init_containers);
            containers.any(|container| asks(&container.resources))
        });
        if !asked {
            let message = format!("no pod asks for any of {} {name}", amount.string);
            out.fail(format!("status.allocatable[{name}]"), message);
        }
    }
    Ok(())
}
