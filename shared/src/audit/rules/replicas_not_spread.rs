use crate::{
    audit::{
        case::{Case, deployment},
        context::Context,
        findings::Findings,
        reliability::is_scaled,
        rule::{Check, Outcome, rule},
        subject::PodView,
    },
    model::{Labels, Selector},
};

rule! {
    /// Nothing keeps the replicas of a workload on different nodes.
    ///
    /// ## Why it matters
    ///
    /// The scheduler may well put all of them on one node, and with that node all of them are gone. Its own default only
    /// prefers to spread, and gives in to what else it weighs.
    ///
    /// ## Remediation
    ///
    /// Add `topologySpreadConstraints` over `kubernetes.io/hostname` or `topology.kubernetes.io/zone`, or a
    /// `podAntiAffinity`, that selects the workload's own labels.
    severity: Low,
    category: Reliability,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "nothing said, or said of others",
            concat!(
                deployment!("containers: [{name: a, image: x}]"),
                "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {serviceName: db, replicas: 2, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}]}}, containers: [{name: a, image: x}]}}}}",
            ),
            &[
                "Deployment.apps/shop/web spec.template.spec.topologySpreadConstraints: nothing keeps the 3 replicas on different nodes",
                "StatefulSet.apps/shop/db spec.template.spec.topologySpreadConstraints: nothing keeps the 2 replicas on different nodes",
            ],
        ),
        Case::pass("spread", deployment!("topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}], containers: [{name: a, image: x}]")),
        Case::pass("kept apart by preference", deployment!("affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchExpressions: [{key: app, operator: In, values: [web]}]}}}]}}, containers: [{name: a, image: x}]")),
        Case::pass(
            "one replica, one on each node",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}
---
{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: dns, namespace: shop}, spec: {selector: {matchLabels: {app: dns}}, template: {metadata: {labels: {app: dns}}, spec: {containers: [{name: a, image: x}]}}}}
",
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(replicas) = pods.replicas().filter(|replicas| is_scaled(pods) && *replicas > 1) else {
        return Ok(());
    };
    let apart = pods.spec.affinity.as_ref().and_then(|affinity| affinity.pod_anti_affinity.as_ref());
    let required = apart.iter().flat_map(|it| &it.required_during_scheduling_ignored_during_execution);
    let preferred = apart.iter().flat_map(|it| &it.preferred_during_scheduling_ignored_during_execution);
    let terms =
        required.chain(preferred.map(|term| &term.pod_affinity_term)).map(|term| &term.label_selector);
    let spread = pods.spec.topology_spread_constraints.iter().map(|constraint| &constraint.label_selector);
    let selectors: Vec<_> = terms.chain(spread).flatten().collect();
    let own = Labels::from(pods.labels());
    if !selectors.iter().any(|selector| Selector::from(*selector).matches(&own)) {
        let message = format!("nothing keeps the {replicas} replicas on different nodes");
        out.fail(pods.path("topologySpreadConstraints"), message);
    }
    Ok(())
}
