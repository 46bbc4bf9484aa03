use crate::{
    audit::{
        case::{Case, deployment, pod},
        context::Context,
        findings::Findings,
        rule::{Check, Outcome, rule},
        subject::PodView,
    },
    model::{Labels, Selector},
};

rule! {
    /// A topology spread constraint counts no pods of its own workload.
    ///
    /// ## Why it matters
    ///
    /// A constraint without a selector, or with one that does not match the pods that carry it, looks like protection
    /// and spreads nothing: all replicas may run on one node.
    ///
    /// ## Remediation
    ///
    /// Give the constraint a `labelSelector` that matches the labels of the pod template.
    severity: Medium,
    category: Reliability,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "no selector, or that of others",
            deployment!("topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule}, {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: db}}}], containers: [{name: a, image: x}]"),
            &[
                "Deployment.apps/shop/web spec.template.spec.topologySpreadConstraints[0].labelSelector: selects no pods at all",
                "Deployment.apps/shop/web spec.template.spec.topologySpreadConstraints[1].labelSelector: selects app=db, which these pods are not",
            ],
        ),
        Case::fail(
            "a skew of nothing",
            pod!("topologySpreadConstraints: [{maxSkew: 0, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}], containers: [{name: a, image: x}]"),
            &["Pod/shop/p spec.topologySpreadConstraints[0].maxSkew: maxSkew 0 is not above 0"],
        ).in_files_only(),
        Case::unknown(
            "in files, a label that is still to be filled in",
            pod!("topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: '${APP}'}}}], containers: [{name: a, image: x}]"),
            &[],
            &["? Pod/shop/p label \"${APP}\" is still to be filled in"],
        ).in_files_only(),
        Case::pass("its own labels, and everything", deployment!("topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}, {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {}}], containers: [{name: a, image: x}]")),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (index, constraint) in pods.spec.topology_spread_constraints.iter().enumerate() {
        let at = |field: &str| pods.path(&format!("topologySpreadConstraints[{index}].{field}"));
        if constraint.max_skew <= 0 {
            out.fail(at("maxSkew"), format!("maxSkew {} is not above 0", constraint.max_skew));
        }
        let selector = constraint.label_selector.as_ref().map(Selector::from);
        match selector {
            None => {
                out.fail(at("labelSelector"), "selects no pods at all");
            }
            Some(selector) if !selector.matches(&Labels::from(pods.labels())) => {
                if let Err(unknown) = cx.selection_is_filled(&selector, std::iter::once(pods.labels())) {
                    out.unknown(&unknown);
                    continue;
                }
                let message = format!("selects {selector}, which these pods are not");
                out.fail(at("labelSelector"), message);
            }
            Some(_) => {}
        }
    }
    Ok(())
}
