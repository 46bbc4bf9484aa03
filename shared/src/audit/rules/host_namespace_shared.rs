use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::host_namespaces::CHECK, findings::find},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A pod shares the network, the processes or the shared memory of its node.
    ///
    /// ## Why it matters
    ///
    /// On the node's network a pod reaches what listens on the node's loopback address, the kubelet and often the
    /// cloud's credentials among it, and no network policy holds it. With the node's processes it sees and can
    /// signal all of them, and reads what they were started with; with its shared memory it reads what they keep
    /// there.
    ///
    /// ## Remediation
    ///
    /// Remove `hostNetwork`, `hostPID` and `hostIPC`. What is to be reached from outside belongs behind a Service;
    /// agents of nodes that need one of them belong into a namespace of their own that nobody else may create pods
    /// in.
    severity: Critical,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS baseline", "CIS 5.2.3", "CIS 5.2.4", "CIS 5.2.5", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("said not to, or nothing said", pod!("hostNetwork: false, hostIPC: false, containers: [{name: a, image: x}]")),
        Case::pass("processes shared within the pod are its own", pod!("shareProcessNamespace: true, containers: [{name: a, image: x}]")),
        Case::fail(
            "each of them",
            pod!("hostNetwork: true, hostPID: true, hostIPC: true, containers: [{name: a, image: x}]"),
            &[
                "Pod/shop/p spec.hostIPC: pod shares the node's IPC namespace",
                "Pod/shop/p spec.hostNetwork: pod shares the node's network namespace",
                "Pod/shop/p spec.hostPID: pod shares the node's PID namespace",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find(&CHECK, pods, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    let name = culprit.path.rsplit("host").next().unwrap_or_default();
    let name = if name == "Network" { "network" } else { name };
    format!("pod shares the node's {name} namespace")
}
