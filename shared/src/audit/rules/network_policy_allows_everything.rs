use crate::audit::{
    api::NetworkPolicy,
    case::Case,
    context::Context,
    findings::Findings,
    network::Direction,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A network policy allows everything in a direction that it seems to limit.
    ///
    /// ## Why it matters
    ///
    /// Policies add up: one that allows everything makes every other one for the same pods worthless. A rule with
    /// neither peers nor ports, an empty item in the list, is such a rule; an empty list is the opposite.
    ///
    /// ## Remediation
    ///
    /// Name peers or ports in the rule. To deny, leave the list of rules empty and keep the direction in
    /// `policyTypes`.
    severity: Medium,
    category: Network,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["NSA network-policies"],
    check: [Check::NetworkPolicy(check)],
    cases: [
        Case::pass("no rules at all: nothing is allowed", "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress, Egress]}}"),
        Case::pass("empty lists are the same", "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress, Egress], ingress: [], egress: []}}"),
        Case::pass("everyone, on one port", "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, ingress: [{ports: [{port: 443}]}]}}"),
        Case::pass("every pod of the cluster, and nobody outside", "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}}"),
        Case::pass("a selector of no labels but an expression, as peer and as subject", "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchExpressions: [{key: app, operator: Exists}]}, ingress: [{from: [{podSelector: {}}]}]}}"),
        Case::pass("all addresses but some", "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]}}"),
        Case::pass("rules for a direction that the policy is not about have no effect", "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress], egress: [{}]}}"),
        Case::fail(
            "a rule of nothing",
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {}}]}, {}], egress: [{}]}}",
            &[
                "NetworkPolicy.networking.k8s.io/shop/p spec.egress[0]: everything is allowed out",
                "NetworkPolicy.networking.k8s.io/shop/p spec.ingress[1]: everything is allowed in",
            ],
        ),
        Case::fail(
            "all addresses; the direction follows from the rules",
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}}",
            &["NetworkPolicy.networking.k8s.io/shop/p spec.egress[0]: everything is allowed out to 0.0.0.0/0"],
        ),
    ],
}

fn check(policy: &NetworkPolicy, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if let Some((at, cidr)) = policy.spec.lets_all(Direction::Ingress) {
        let from = cidr.map(|cidr| format!(" from {cidr}")).unwrap_or_default();
        out.fail(format!("spec.ingress[{at}]"), format!("everything is allowed in{from}"));
    }
    if let Some((at, cidr)) = policy.spec.lets_all(Direction::Egress) {
        let to = cidr.map(|cidr| format!(" to {cidr}")).unwrap_or_default();
        out.fail(format!("spec.egress[{at}]"), format!("everything is allowed out{to}"));
    }
    Ok(())
}
