use crate::audit::{
    amounts::lacking_limit,
    case::{Case, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A container may take all processor time that its node has left.
    ///
    /// ## Why it matters
    ///
    /// Whether that is bad is disputed: it makes neighbours slower than they were in tests, but takes nothing that others
    /// requested, while a limit slows a container down even on an idle node. Clusters of many tenants want limits.
    ///
    /// ## Remediation
    ///
    /// If you want it, set `resources.limits.cpu`, or a default for the namespace by a LimitRange. If not, turn this rule off.
    severity: Info,
    category: Efficiency,
    admission: Never,
    needs: Objects,
    reads: [LIMIT_RANGE],
    references: ["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "a request is no limit",
            pod!("containers: [{name: a, image: x, resources: {requests: {cpu: '1'}}}]"),
            &["Pod/shop/p [a] spec.containers[0].resources.limits.cpu: container has no limit of cpu"],
        ),
        Case::pass("limited itself", pod!("containers: [{name: a, image: x, resources: {limits: {cpu: '1'}}}]")),
        Case::pass("limited as a whole", pod!("resources: {limits: {cpu: '1'}}, containers: [{name: a, image: x}]")),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for container in lacking_limit(pods, cx, "cpu")? {
        out.fail_in(&container, "resources.limits.cpu", "container has no limit of cpu");
    }
    Ok(())
}
