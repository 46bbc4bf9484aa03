use crate::audit::{
    api::{Namespace, ResourceQuota},
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A namespace in which pods run has no ResourceQuota.
    ///
    /// ## Why it matters
    ///
    /// One team, or one loop in a pipeline, can take all that the cluster has.
    ///
    /// ## Remediation
    ///
    /// Create a ResourceQuota with `requests.cpu`, `requests.memory` and `pods`; start well above what is used today.
    severity: Low,
    category: Efficiency,
    admission: Never,
    needs: Objects,
    reads: [RESOURCE_QUOTA, POD, DEPLOYMENT, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB],
    references: ["CIS 5.7.1", "https://kubernetes.io/docs/concepts/policy/resource-quotas/"],
    check: [Check::Namespace(check)],
    cases: [
        Case::fail(
            "with pods",
            concat!("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n", pod!("containers: [{name: a, image: x}]")),
            &["Namespace/shop namespace has no ResourceQuota"],
        ),
        Case::pass(
            "an empty one, and one of Kubernetes itself",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: kube-system}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: dns, namespace: kube-system}, spec: {containers: [{name: a, image: x}]}}",
        ),
        Case::pass(
            "with a quota",
            concat!("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n", pod!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}, spec: {hard: {pods: '10'}}}"),
        ),
        Case::unknown(
            "quotas were not read",
            concat!("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n", pod!("containers: [{name: a, image: x}]")),
            &["ResourceQuota"],
            &["? Namespace/shop ResourceQuota in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(namespace: &Namespace, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let name = namespace.metadata.name.as_str();
    if name.starts_with("kube-") || !cx.units().iter().any(|unit| unit.namespace() == name) {
        return Ok(());
    }
    if cx.within::<ResourceQuota>(name)?.next().is_none() {
        out.fail("", "namespace has no ResourceQuota");
    }
    Ok(())
}
