use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    network::Direction,
    rule::{Check, Outcome, rule},
    subject::{PodView, Workload},
};

rule! {
    /// No network policy limits who may connect to a pod.
    ///
    /// ## Why it matters
    ///
    /// Every pod of the cluster, and whatever else has an address in its network, may connect to every port of
    /// these pods: one break-in anywhere is one step from here.
    ///
    /// ## Remediation
    ///
    /// Add a network policy that selects these pods and names who may connect, on which ports; or one with an
    /// empty `podSelector` that denies all that no other policy allows.
    severity: Medium,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [NETWORK_POLICY],
    references: ["CIS 5.3.2", "NSA network-policies"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("a policy that selects every pod of the namespace", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress]}}")),
        Case::pass("by an expression", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchExpressions: [{key: app, operator: In, values: [db, web]}]}, policyTypes: [Ingress]}}")),
        Case::pass("two policies that match by two labels", concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: q, namespace: shop}, spec: {podSelector: {matchExpressions: [{key: app, operator: Exists}]}, policyTypes: [Ingress]}}")),
        Case::pass("types that are left out: ingress always", concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 80}]}]}}")),
        Case::pass("pods in the network of their node, where policies have no hold on them", pod!("hostNetwork: true, containers: [{name: a, image: x}]")),
        Case::fail(
            "the policy is of another namespace",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: other}, spec: {podSelector: {}, policyTypes: [Ingress]}}"),
            &["Deployment.apps/shop/web no network policy limits who reaches these pods"],
        ),
        Case::fail(
            "the policy is about the other direction alone",
            concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Egress]}}"),
            &["Pod/shop/p no network policy limits who reaches these pods"],
        ),
        Case::unknown(
            "policies were not read",
            pod!("containers: [{name: a, image: x}]"),
            &["NetworkPolicy.networking.k8s.io"],
            &["? Pod/shop/p NetworkPolicy.networking.k8s.io in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if pods.spec.host_network || matches!(pods.workload, Workload::PodTemplate(_)) {
        return Ok(());
    }
    if !cx.policies_of(pods)?.iter().any(|policy| policy.spec.limits(Direction::Ingress)) {
        out.fail("", "no network policy limits who reaches these pods");
    }
    Ok(())
}
