use crate::audit::{
    api::{Namespace, NetworkPolicy},
    case::{Case, pod},
    context::Context,
    findings::Findings,
    network::Direction,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A namespace has no network policy that denies ingress by default.
    ///
    /// ## Why it matters
    ///
    /// Policies only limit the pods that they select. Without one for all pods, whatever is deployed next is open
    /// to everyone until somebody thinks of it.
    ///
    /// ## Remediation
    ///
    /// Add a network policy with an empty `podSelector`, `policyTypes: [Ingress]` and no rules, and beside it
    /// policies for what is needed.
    severity: Medium,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [NETWORK_POLICY, CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, POD, REPLICATION_CONTROLLER, REPLICA_SET, STATEFUL_SET],
    references: ["CIS 5.3.2", "NSA network-policies"],
    check: [Check::Namespace(check)],
    cases: [
        Case::pass("denied, and something allowed again", concat!("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n", pod!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: q, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{}]}}")),
        Case::pass("a rule for all pods that allows a little", concat!("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n", pod!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: 53}]}]}}")),
        Case::pass("nothing runs there", "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}"),
        Case::pass("a namespace of the cluster itself", "{apiVersion: v1, kind: Namespace, metadata: {name: kube-system}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: dns, namespace: kube-system}, spec: {containers: [{name: a, image: x}]}}").in_files_only(),
        Case::fail(
            "only for some pods",
            concat!("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n", pod!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}}"),
            &["Namespace/shop no network policy denies ingress by default"],
        ),
        Case::fail(
            "for all pods, but it allows everything",
            concat!("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n", pod!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{}]}}"),
            &["Namespace/shop no network policy denies ingress by default"],
        ),
        Case::fail(
            "for the other direction",
            concat!("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n", pod!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Egress]}}"),
            &["Namespace/shop no network policy denies ingress by default"],
        ),
        Case::unknown(
            "policies were not read",
            concat!("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n", pod!("containers: [{name: a, image: x}]")),
            &["NetworkPolicy.networking.k8s.io"],
            &["? Namespace/shop NetworkPolicy.networking.k8s.io in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(namespace: &Namespace, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let name = namespace.metadata.name.as_str();
    if matches!(name, "kube-system" | "kube-public" | "kube-node-lease")
        || namespace.metadata.deletion_timestamp.is_some()
    {
        return Ok(());
    }
    let denies = |policy: &NetworkPolicy| {
        let spec = &policy.spec;
        spec.selects_all() && spec.limits(Direction::Ingress) && spec.lets_all(Direction::Ingress).is_none()
    };
    if !cx.within::<NetworkPolicy>(name)?.any(denies) && cx.has_pods(name)? {
        out.fail("", "no network policy denies ingress by default");
    }
    Ok(())
}
