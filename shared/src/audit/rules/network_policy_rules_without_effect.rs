use crate::audit::{
    api::NetworkPolicy,
    case::Case,
    context::Context,
    findings::Findings,
    network::Direction,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A network policy has rules for a direction that its `policyTypes` leave out.
    ///
    /// ## Why it matters
    ///
    /// Those rules are ignored: the pods' traffic in that direction is not limited at all, although the policy
    /// reads as if it were.
    ///
    /// ## Remediation
    ///
    /// Add the direction to `policyTypes`, or remove the rules.
    severity: Medium,
    category: Network,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::NetworkPolicy(check)],
    cases: [
        Case::pass("types that are left out follow from the rules", "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, egress: [{ports: [{port: 53}]}]}}"),
        Case::pass("a direction without rules denies", "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress, Egress]}}"),
        Case::fail(
            "rules for what is not limited",
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress], egress: [{ports: [{port: 53}]}]}}",
            &["NetworkPolicy.networking.k8s.io/shop/p spec.egress: policyTypes has no Egress, so that these rules are ignored"],
        ),
    ],
}

fn check(policy: &NetworkPolicy, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (direction, field) in [(Direction::Ingress, "spec.ingress"), (Direction::Egress, "spec.egress")] {
        if !policy.spec.limits(direction) && policy.spec.rules(direction).next().is_some() {
            let told =
                format!("policyTypes has no {}, so that these rules are ignored", direction.policy_type());
            out.fail(field, told);
        }
    }
    Ok(())
}
