use crate::audit::{
    api::Namespace,
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    pod_security::{Level, Mode, Policy, is_of_the_system, modes, possible},
    rule::{Check, Outcome, rule},
};

rule! {
    /// Everything in a namespace passes a stricter Pod Security Standard than the one that it enforces.
    ///
    /// ## Why it matters
    ///
    /// Enforcing it costs nothing now, and keeps the next workload, or whoever gets hold of an account that may create
    /// pods, from undoing that.
    ///
    /// ## Remediation
    ///
    /// Set the label `pod-security.kubernetes.io/enforce` of the namespace to the level that the message names, and
    /// `enforce-version` to its version. Jobs that run rarely and pods that others create are not seen here: warn for
    /// some days first, with the label `warn`.
    severity: Info,
    category: PodSecurity,
    admission: Warn,
    needs: Objects,
    reads: [POD, DEPLOYMENT, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB],
    references: ["PSS restricted", "CIS 5.2.1"],
    check: [Check::Namespace(check)],
    cases: [
        Case::pass(
            "as strict as can be",
            concat!(
                "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}}\n---\n",
                pod!("containers: [{name: a, image: x}]"),
            ),
        ),
        Case::pass("nothing in it, so that nothing is known", "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}"),
        Case::fail(
            "the baseline could be enforced, the restricted level could not",
            concat!(
                "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n",
                pod!("securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: x, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]"),
                deployment!("containers: [{name: a, image: x}]"),
            ),
            &["Namespace/shop metadata.labels[pod-security.kubernetes.io/enforce]: enforces privileged:latest, though all 2 workloads pass baseline:v1.36; restricted:v1.36 would refuse 1"],
        ),
        Case::fail(
            "the restricted level could be enforced",
            concat!(
                "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}}\n---\n",
                pod!("securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: x, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]"),
            ),
            &["Namespace/shop metadata.labels[pod-security.kubernetes.io/enforce]: enforces baseline:latest, though the one workload passes restricted:v1.36"],
        ),
        Case::unknown(
            "not all workloads were read",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}",
            &["StatefulSet.apps"],
            &["? Namespace/shop StatefulSet.apps in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(namespace: &Namespace, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let metadata = &namespace.metadata;
    let enforced = modes(&metadata.labels).enforce;
    if is_of_the_system(&metadata.name) || enforced.level == Level::Restricted {
        return Ok(());
    }
    let version = cx.version().into();
    let levels = cx.units_within(&metadata.name)?.into_iter().map(|unit| possible(unit, version));
    let levels: Vec<Level> = levels.collect();
    let Some(reached) = levels.iter().min().copied().filter(|level| *level > enforced.level) else {
        return Ok(());
    };
    let workloads = match levels.len() {
        1 => "the one workload passes".to_owned(),
        count => format!("all {count} workloads pass"),
    };
    let policy = Policy::new(reached, version);
    let mut message = format!("enforces {enforced}, though {workloads} {policy}");
    if reached < Level::Restricted {
        let refused = levels.iter().filter(|level| **level < Level::Restricted).count();
        message = format!("{message}; {} would refuse {refused}", Policy::new(Level::Restricted, version));
    }
    out.fail(format!("metadata.labels[{}]", Mode::Enforce.label()), message);
    Ok(())
}
