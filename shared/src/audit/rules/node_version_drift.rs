use std::collections::BTreeMap;

use crate::audit::{
    api::{Node, NodeSystemInfo},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    world::Object,
};

rule! {
    /// A node runs another version of kubelet, kernel or container runtime than most of its kind.
    ///
    /// ## Why it matters
    ///
    /// A pod that runs here and fails there costs days, and a node that an upgrade left behind has holes that the others
    /// no longer have.
    ///
    /// ## Remediation
    ///
    /// Finish the upgrade: drain the node and replace or upgrade it.
    severity: Low,
    category: Nodes,
    admission: Never,
    needs: Status,
    reads: [NODE],
    references: ["https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/upgrading-linux-nodes/"],
    check: [Check::Cluster(check)],
    cases: [
        Case::fail(
            "one of three was left behind",
            "{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {nodeInfo: {kubeletVersion: v1.36.1, operatingSystem: linux, architecture: amd64, osImage: A, kernelVersion: '6.8', containerRuntimeVersion: containerd://2.1}}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n2}, status: {nodeInfo: {kubeletVersion: v1.36.1, operatingSystem: linux, architecture: amd64, osImage: A, kernelVersion: '6.8', containerRuntimeVersion: containerd://2.1}}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n3}, status: {nodeInfo: {kubeletVersion: v1.35.0, operatingSystem: linux, architecture: amd64, osImage: A, kernelVersion: '6.8', containerRuntimeVersion: containerd://1.7}}}",
            &[
                "Node/n3 status.nodeInfo.containerRuntimeVersion: container runtime is containerd://1.7; most nodes have containerd://2.1",
                "Node/n3 status.nodeInfo.kubeletVersion: kubelet is v1.35.0; most nodes have v1.36.1",
            ],
        ),
        Case::pass(
            "another system, another architecture and another image have versions of their own",
            "{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {nodeInfo: {kubeletVersion: v1.36.1, operatingSystem: linux, architecture: amd64, osImage: A, kernelVersion: '6.8'}}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n2}, status: {nodeInfo: {kubeletVersion: v1.36.1, operatingSystem: linux, architecture: amd64, osImage: B, kernelVersion: '6.9'}}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n3}, status: {nodeInfo: {kubeletVersion: v1.36.1, operatingSystem: windows, architecture: amd64, osImage: W, kernelVersion: '10'}}}",
        ),
        Case::pass(
            "half and half: no version is that of most",
            "{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {nodeInfo: {kubeletVersion: v1.36.1, osImage: A, kernelVersion: '6.8'}}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n2}, status: {nodeInfo: {kubeletVersion: v1.36.0, osImage: A, kernelVersion: '6.9'}}}",
        ),
    ],
}

/// What is compared, the field, and among which nodes: kernels and runtimes come with the image of the machine.
type Compared = (&'static str, &'static str, fn(&NodeSystemInfo) -> &str, fn(&NodeSystemInfo) -> [&str; 3]);

const COMPARED: &[Compared] = &[
    ("kubelet", "kubeletVersion", |info| &info.kubelet_version, |_| ["", "", ""]),
    (
        "kernel",
        "kernelVersion",
        |info| &info.kernel_version,
        |info| [&info.operating_system, &info.architecture, &info.os_image],
    ),
    (
        "container runtime",
        "containerRuntimeVersion",
        |info| &info.container_runtime_version,
        |info| [&info.operating_system, &info.architecture, &info.os_image],
    ),
];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let nodes: Vec<&Node> = cx.all::<Node>()?.collect();
    for (what, field, version, among) in COMPARED {
        let mut counts: BTreeMap<[&str; 3], BTreeMap<&str, usize>> = BTreeMap::new();
        for info in nodes.iter().map(|node| &node.status.node_info) {
            *counts.entry(among(info)).or_default().entry(version(info)).or_default() += 1;
        }
        for node in &nodes {
            let info = &node.status.node_info;
            let (own, versions) = (version(info), counts.get(&among(info)));
            let total: usize = versions.into_iter().flat_map(BTreeMap::values).sum();
            let most = versions.into_iter().flatten().find(|(_, count)| **count * 2 > total);
            if let Some((most, _)) = most.filter(|(most, _)| **most != own && !own.is_empty()) {
                let message = format!("{what} is {own}; most nodes have {most}");
                out.about(&node.key(), format!("status.nodeInfo.{field}"), message);
            }
        }
    }
    Ok(())
}
