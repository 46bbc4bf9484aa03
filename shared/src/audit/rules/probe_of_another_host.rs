use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    pod_security::{Culprit, checks::host_probes_and_host_lifecycle::CHECK, findings::find_filled},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A probe or a hook makes the kubelet ask another host than the pod.
    ///
    /// ## Why it matters
    ///
    /// The kubelet asks from the node, where no network policy holds it: who may create such a pod reads from its
    /// status which hosts and ports answer, the node's own loopback address among them. And the pod is called
    /// healthy when something else is.
    ///
    /// ## Remediation
    ///
    /// Remove `host` from `httpGet` and `tcpSocket`: the kubelet then asks the pod. A host name that the program
    /// wants to hear goes into `httpHeaders`.
    severity: High,
    category: PodSecurity,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["PSS baseline"],
    check: [Check::Pods(check)],
    cases: [
        Case::unknown(
            "in files, a value that is still to be filled in",
            pod!("containers: [{name: a, image: x, livenessProbe: {httpGet: {port: 80, host: '${HOST}'}}}]"),
            &[],
            &["? Pod/shop/p value \"${HOST}\" is still to be filled in"],
        ).in_files_only(),
        Case::pass("the pod itself, by whatever name it wants to hear", pod!("containers: [{name: a, image: x, livenessProbe: {httpGet: {port: 80, host: '', httpHeaders: [{name: Host, value: shop.example.com}]}}, readinessProbe: {tcpSocket: {port: 80}}}]")),
        Case::fail(
            "in probes, in hooks, and of sidecars",
            pod!("initContainers: [{name: s, image: x, restartPolicy: Always, startupProbe: {tcpSocket: {port: 80, host: 127.0.0.1}}}], containers: [{name: a, image: x, lifecycle: {preStop: {httpGet: {port: 80, host: other.example.com}}}}]"),
            &[
                "Pod/shop/p [a] spec.containers[0].lifecycle.preStop.httpGet.host: kubelet asks host \"other.example.com\"",
                "Pod/shop/p [s] spec.initContainers[0].startupProbe.tcpSocket.host: kubelet asks host \"127.0.0.1\"",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    find_filled(&CHECK, pods, cx, out, message);
    Ok(())
}

fn message(culprit: &Culprit) -> String {
    format!("kubelet asks host {}", culprit.seen())
}
