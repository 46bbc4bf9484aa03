use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    network::Direction,
    rule::{Check, Outcome, rule},
    subject::{PodView, Workload},
};

rule! {
    /// No network policy limits where a pod may connect to.
    ///
    /// ## Why it matters
    ///
    /// Whoever breaks into these pods can call home, reach the cloud's metadata service and every other pod of
    /// the cluster.
    ///
    /// ## Remediation
    ///
    /// Add a network policy of type `Egress` that selects these pods and names what they need, the DNS of the
    /// cluster first.
    severity: Medium,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [NETWORK_POLICY],
    references: ["CIS 5.3.2", "NSA network-policies"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("a policy that selects every pod of the namespace", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Egress]}}")),
        Case::pass("by an expression", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchExpressions: [{key: app, operator: In, values: [db, web]}]}, policyTypes: [Egress]}}")),
        Case::pass("two policies that match by two labels", concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: q, namespace: shop}, spec: {podSelector: {matchExpressions: [{key: app, operator: Exists}]}, policyTypes: [Egress]}}")),
        Case::pass("types that are left out: egress, when there are rules for it", concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}, egress: [{ports: [{port: 80}]}]}}")),
        Case::pass("pods in the network of their node, where policies have no hold on them", pod!("hostNetwork: true, containers: [{name: a, image: x}]")),
        Case::fail(
            "the policy is of another namespace",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: other}, spec: {podSelector: {}, policyTypes: [Egress]}}"),
            &["Deployment.apps/shop/web no network policy limits what these pods reach"],
        ),
        Case::fail(
            "the policy is about the other direction alone",
            concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress]}}"),
            &["Pod/shop/p no network policy limits what these pods reach"],
        ),
        Case::fail(
            "a policy without types and without rules for it is about ingress",
            concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}}}"),
            &["Pod/shop/p no network policy limits what these pods reach"],
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
    if !cx.policies_of(pods)?.iter().any(|policy| policy.spec.limits(Direction::Egress)) {
        out.fail("", "no network policy limits what these pods reach");
    }
    Ok(())
}
