use crate::audit::{
    api::{LimitRange, Namespace},
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A namespace in which pods run has no LimitRange.
    ///
    /// ## Why it matters
    ///
    /// Containers that say nothing about resources get no request and no limit, and whoever forgets them once runs with
    /// nothing set aside.
    ///
    /// ## Remediation
    ///
    /// Create a LimitRange with `defaultRequest` and `default` for containers.
    severity: Low,
    category: Efficiency,
    admission: Never,
    needs: Objects,
    reads: [LIMIT_RANGE, POD, DEPLOYMENT, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB],
    references: ["CIS 5.7.1", "https://kubernetes.io/docs/concepts/policy/limit-range/"],
    check: [Check::Namespace(check)],
    cases: [
        Case::fail(
            "with pods",
            concat!("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n", pod!("containers: [{name: a, image: x}]")),
            &["Namespace/shop namespace has no LimitRange"],
        ),
        Case::pass("an empty one", "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}"),
        Case::unknown(
            "LimitRanges were not read",
            concat!("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n", pod!("containers: [{name: a, image: x}]")),
            &["LimitRange"],
            &["? Namespace/shop LimitRange in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(namespace: &Namespace, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let name = namespace.metadata.name.as_str();
    if name.starts_with("kube-") || !cx.units().iter().any(|unit| unit.namespace() == name) {
        return Ok(());
    }
    if cx.within::<LimitRange>(name)?.next().is_none() {
        out.fail("", "namespace has no LimitRange");
    }
    Ok(())
}
