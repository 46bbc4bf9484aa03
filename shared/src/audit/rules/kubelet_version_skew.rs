use crate::audit::{
    api::Node,
    case::Case,
    context::Context,
    findings::Findings,
    kubernetes_version::KubernetesVersion,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A kubelet is newer than the API server, or more than three minor versions older.
    ///
    /// ## Why it matters
    ///
    /// Kubernetes is tested with kubelets of the last three minor versions and no others: beyond that the kubelet may ask
    /// for what the server no longer has, and nodes drop out one by one after an upgrade of the control plane.
    ///
    /// ## Remediation
    ///
    /// Drain and upgrade the node before the control plane goes another version ahead.
    severity: High,
    category: Api,
    admission: Never,
    needs: Status,
    reads: [],
    references: ["https://kubernetes.io/releases/version-skew-policy/"],
    check: [Check::Node(check)],
    cases: [
        Case::fail(
            "four behind, and ahead",
            "{apiVersion: v1, kind: Node, metadata: {name: new}, status: {nodeInfo: {kubeletVersion: v1.37.0}}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: old}, status: {nodeInfo: {kubeletVersion: v1.32.9-eks-113}}}",
            &[
                "Node/new status.nodeInfo.kubeletVersion: kubelet v1.37.0 is newer than the API server, 1.36",
                "Node/old status.nodeInfo.kubeletVersion: kubelet v1.32.9-eks-113 is 4 minor versions older than the API server, 1.36; 3 are supported",
            ],
        ),
        Case::pass("three behind", "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {nodeInfo: {kubeletVersion: v1.33.0}}}"),
        Case::pass("a kubelet that says nothing yet", "{apiVersion: v1, kind: Node, metadata: {name: node}}"),
        Case::fail(
            "before 1.28 only two",
            "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {nodeInfo: {kubeletVersion: v1.24.1}}}",
            &["Node/node status.nodeInfo.kubeletVersion: kubelet v1.24.1 is 3 minor versions older than the API server, 1.27; 2 are supported"],
        ).for_version(27),
    ],
}

fn check(node: &Node, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let told = &node.status.node_info.kubelet_version;
    let Ok(kubelet) = told.parse::<KubernetesVersion>() else { return Ok(()) };
    let server = cx.version();
    if kubelet.major != server.major {
        return Ok(());
    }
    let supported = if server.minor < 28 { 2 } else { 3 };
    let path = "status.nodeInfo.kubeletVersion";
    if kubelet > server {
        out.fail(path, format!("kubelet {told} is newer than the API server, {server}"));
    } else if server.minor - kubelet.minor > supported {
        let behind = server.minor - kubelet.minor;
        out.fail(
            path,
            format!(
                "kubelet {told} is {behind} minor versions older than the API server, {server}; {supported} are supported"
            ),
        );
    }
    Ok(())
}
