use crate::audit::{
    api::Namespace,
    case::Case,
    context::Context,
    findings::Findings,
    pod_security::{Level, Mode, is_of_the_system, modes},
    rule::{Check, Outcome, rule},
};

rule! {
    /// A namespace enforces no Pod Security Standard.
    ///
    /// ## Why it matters
    ///
    /// Who may create pods in it, be it only through a Deployment or a Job, can create privileged ones and is root on
    /// every node that they fit on.
    ///
    /// ## Remediation
    ///
    /// Label it `pod-security.kubernetes.io/enforce: restricted`, or `baseline` where that is too much, with
    /// `enforce-version` set to the version of the cluster. `kubectl audit enforce --level restricted -n NAMESPACE`
    /// tells what would be refused. Agents of nodes belong into a namespace of their own, with an exemption for this
    /// rule. Clusters whose API server enforces a level by its own configuration may ignore this rule.
    severity: Medium,
    category: PodSecurity,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["PSS baseline", "CIS 5.2.1", "NSA pod-security"],
    check: [Check::Namespace(check)],
    cases: [
        Case::pass(
            "the baseline is enforced",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}}",
        ),
        Case::pass(
            "a level that does not exist is the strictest one",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: Baseline}}}",
        )
        .in_files_only(),
        Case::pass("nodes need what runs in kube-system", "{apiVersion: v1, kind: Namespace, metadata: {name: kube-system}}"),
        Case::fail(
            "no label, or one that only warns",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {pod-security.kubernetes.io/warn: restricted}}}",
            &["Namespace/shop metadata.labels[pod-security.kubernetes.io/enforce]: no Pod Security Standard is enforced"],
        ),
        Case::fail(
            "privileged, which allows everything",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: privileged}}}",
            &["Namespace/shop metadata.labels[pod-security.kubernetes.io/enforce]: enforced level is privileged, which allows everything"],
        ),
    ],
}

fn check(namespace: &Namespace, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let metadata = &namespace.metadata;
    let label = Mode::Enforce.label();
    if is_of_the_system(&metadata.name) || modes(&metadata.labels).enforce.level != Level::Privileged {
        return Ok(());
    }
    let message = if metadata.labels.contains_key(&label) {
        "enforced level is privileged, which allows everything"
    } else {
        "no Pod Security Standard is enforced"
    };
    out.fail(format!("metadata.labels[{label}]"), message);
    Ok(())
}
