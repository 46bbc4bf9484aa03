use crate::audit::{
    case::{Case, pod},
    context::Context,
    findings::Findings,
    placement,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A pod chooses its node by a label that Kubernetes deprecated.
    ///
    /// ## Why it matters
    ///
    /// The kubelet sets the old labels for old times' sake; node pools and autoscalers that are newer don't always. A pod
    /// that asks for one of them then waits for a node for ever.
    ///
    /// ## Remediation
    ///
    /// Use the label that the finding names; every kubelet has set it for years.
    severity: Medium,
    category: Api,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["https://kubernetes.io/docs/reference/labels-annotations-taints/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "in each place that chooses nodes",
            pod!("nodeSelector: {beta.kubernetes.io/os: linux}, affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: beta.kubernetes.io/arch, operator: In, values: [amd64]}]}]}}}, topologySpreadConstraints: [{maxSkew: 1, topologyKey: failure-domain.beta.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}], containers: [{name: a, image: x}]"),
            &[
                "Pod/shop/p spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key: label beta.kubernetes.io/arch is deprecated; use kubernetes.io/arch",
                "Pod/shop/p spec.nodeSelector[beta.kubernetes.io/os]: label beta.kubernetes.io/os is deprecated; use kubernetes.io/os",
                "Pod/shop/p spec.topologySpreadConstraints[0].topologyKey: label failure-domain.beta.kubernetes.io/zone is deprecated; use topology.kubernetes.io/zone",
            ],
        ),
        Case::pass("the labels of today", pod!("nodeSelector: {kubernetes.io/os: linux, topology.kubernetes.io/zone: a}, containers: [{name: a, image: x}]")),
    ],
}

/// The old label, and the new one.
const LABELS: &[(&str, &str)] = &[
    ("beta.kubernetes.io/arch", "kubernetes.io/arch"),
    ("beta.kubernetes.io/os", "kubernetes.io/os"),
    ("beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type"),
    ("failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"),
    ("failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"),
];

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let mut look = |key: &str, path: &dyn Fn() -> String| {
        if let Some((old, new)) = LABELS.iter().find(|(old, _)| *old == key) {
            out.fail(pods.path(&path()), format!("label {old} is deprecated; use {new}"));
        }
    };
    for key in pods.spec.node_selector.keys() {
        look(key, &|| format!("nodeSelector[{key}]"));
    }
    for (n, constraint) in pods.spec.topology_spread_constraints.iter().enumerate() {
        look(&constraint.topology_key, &|| format!("topologySpreadConstraints[{n}].topologyKey"));
    }
    let at = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
    for (n, term) in
        placement::required(pods.spec).iter().flat_map(|all| &all.node_selector_terms).enumerate()
    {
        for (m, requirement) in term.match_expressions.iter().enumerate() {
            look(&requirement.key, &|| format!("{at}[{n}].matchExpressions[{m}].key"));
        }
    }
    let preferred = pods.spec.affinity.as_ref().and_then(|affinity| affinity.node_affinity.as_ref());
    let preferred =
        preferred.iter().flat_map(|all| &all.preferred_during_scheduling_ignored_during_execution);
    let at = "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution";
    for (n, term) in preferred.enumerate() {
        for (m, requirement) in term.preference.match_expressions.iter().enumerate() {
            look(&requirement.key, &|| format!("{at}[{n}].preference.matchExpressions[{m}].key"));
        }
    }
    Ok(())
}
