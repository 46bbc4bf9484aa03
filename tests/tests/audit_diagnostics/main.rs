//! What goes wrong with workloads, provoked on a real cluster: each symptom is found once, and its cause is named.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests fail the test that calls them"
)]

mod findings;
mod kubelet;
mod trouble;

use std::collections::BTreeSet;

use passmuster_tests::ControlPlane;

/// Each symptom that there is to find: rule, object, cause.
const EXPECTED: &[(&str, &str, &str)] = &[
    ("container-config-error", "StatefulSet.apps/NS/config", "missing-secret StatefulSet.apps/NS/config"),
    ("crash-loop-back-off", "StatefulSet.apps/NS/crash", "out-of-memory-killed StatefulSet.apps/NS/crash"),
    ("disruption-budget-exhausted", "PodDisruptionBudget.policy/NS/picky", ""),
    ("image-pull-failure", "Pod/NS/puller", "missing-image-pull-secret Pod/NS/puller"),
    ("job-failed", "Job.batch/NS/tries", ""),
    ("out-of-memory-killed", "StatefulSet.apps/NS/crash", ""),
    ("pods-not-created", "DaemonSet.apps/NS/agents", "missing-service-account DaemonSet.apps/NS/agents"),
    ("pods-not-created", "Deployment.apps/POOR/greedy", "quota-nearly-full ResourceQuota/POOR/few"),
    (
        "pods-not-created",
        "Deployment.apps/STRICT/root",
        "privilege-escalation-allowed Deployment.apps/STRICT/root",
    ),
    ("pods-not-created", "StatefulSet.apps/NS/gone", "missing-service-account StatefulSet.apps/NS/gone"),
    ("replicas-unavailable", "Deployment.apps/NS/picky", "unschedulable Deployment.apps/NS/picky"),
    ("replicas-unavailable", "Deployment.apps/POOR/greedy", "pods-not-created Deployment.apps/POOR/greedy"),
    ("replicas-unavailable", "Deployment.apps/STRICT/root", "pods-not-created Deployment.apps/STRICT/root"),
    ("replicas-unavailable", "StatefulSet.apps/NS/config", "unschedulable StatefulSet.apps/NS/config"),
    ("replicas-unavailable", "StatefulSet.apps/NS/crash", "unschedulable StatefulSet.apps/NS/crash"),
    ("rollout-stuck", "Deployment.apps/NS/picky", "unschedulable Deployment.apps/NS/picky"),
    ("scheduling-gates-pending", "Pod/NS/gated", ""),
    ("suspended-job", "CronJob.batch/NS/off", ""),
    ("unschedulable", "Deployment.apps/NS/picky", "no-node-matches Deployment.apps/NS/picky"),
    ("unschedulable", "Pod/NS/claims", "missing-claim Pod/NS/claims"),
    ("unschedulable", "Pod/NS/huge", ""),
    ("unschedulable", "Pod/NS/puller", "no-node-matches Pod/NS/puller"),
    ("unschedulable", "StatefulSet.apps/NS/config", "no-node-matches StatefulSet.apps/NS/config"),
    ("unschedulable", "StatefulSet.apps/NS/crash", "no-node-matches StatefulSet.apps/NS/crash"),
];

#[test]
fn symptoms_of_a_real_cluster_and_their_causes() {
    let plane = ControlPlane::shared();
    let trouble = trouble::make(plane);
    let found = findings::of(plane, &trouble);

    let named = |text: &str| {
        let text = text.replace("/NS/", &format!("/{}/", trouble.namespace));
        text.replace("/POOR/", &format!("/{}/", trouble.poor))
            .replace("/STRICT/", &format!("/{}/", trouble.strict))
    };
    let expected: BTreeSet<[String; 3]> = EXPECTED
        .iter()
        .map(|(rule, object, cause)| [(*rule).to_owned(), named(object), named(cause)])
        .collect();
    let shown = |finding: &passmuster::audit::Finding| {
        let object = finding.object.as_ref().map(ToString::to_string).unwrap_or_default();
        [finding.rule.to_string(), object, finding.cause.clone().unwrap_or_default()]
    };
    let triples: Vec<[String; 3]> = found.iter().map(shown).collect();
    let missing: Vec<_> = expected.iter().filter(|it| !triples.contains(it)).collect();
    let surplus: Vec<_> =
        found.iter().filter(|it| !expected.contains(&shown(it))).map(ToString::to_string).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "missing: {missing:#?}\nsurplus: {surplus:#?}");
    assert_eq!(triples.len(), expected.len(), "each of them once: {triples:#?}");

    let message = |rule: &str, name: &str| {
        let is = |it: &&passmuster::audit::Finding| {
            it.rule == rule && it.object.as_ref().is_some_and(|object| &*object.name == name)
        };
        found.iter().find(is).map(|it| it.message.clone()).expect("the finding is there")
    };
    assert_eq!(message("unschedulable", "huge"), "fits none of 3 nodes: 3 have too little cpu");
    assert_eq!(
        message("job-failed", "tries"),
        "failed, BackoffLimitExceeded: Job has reached the specified backoff limit"
    );
    assert_eq!(
        message("pods-not-created", "greedy"),
        "pods can't be created: exceeded quota: few, requested: pods=1, limited: pods=1"
    );
    assert_eq!(
        message("container-config-error", "config"),
        "1 of 1 pods (config-0 first): can't be configured: secret \"gone\" not found"
    );
    assert_eq!(
        message("crash-loop-back-off", "crash"),
        "2 of 2 pods (crash-0 first): crashes again and again, the last time with exit code 137 (OOMKilled)",
    );
}
