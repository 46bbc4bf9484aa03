//! The cluster as the library sees it, and what the rules about live workloads say of it.

use passmuster::audit::{Finding, Settings, Verdict, catalogue, run};
use passmuster::cluster::{AuditQuestion, ConnectOptions, Env, audit, connect};
use passmuster::model::{Time, discovery::Discovery, kinds};
use passmuster_tests::ControlPlane;
use serde_json::json;

use crate::trouble::Trouble;

/// Every finding of a rule that needs live objects, about an object of the namespaces of the trouble.
pub(crate) fn of(plane: &ControlPlane, trouble: &Trouble) -> Vec<Finding> {
    let options =
        ConnectOptions { kubeconfig: Some(plane.kubeconfig().to_owned()), http2: true, ..Default::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let question = AuditQuestion {
        kinds: [
            kinds::CONFIG_MAP,
            kinds::CRON_JOB,
            kinds::DAEMON_SET,
            kinds::DEPLOYMENT,
            kinds::EVENT,
            kinds::HORIZONTAL_POD_AUTOSCALER,
            kinds::JOB,
            kinds::NODE,
            kinds::PERSISTENT_VOLUME_CLAIM,
            kinds::POD,
            kinds::POD_DISRUPTION_BUDGET,
            kinds::POD_TEMPLATE,
            kinds::REPLICATION_CONTROLLER,
            kinds::REPLICA_SET,
            kinds::RESOURCE_QUOTA,
            kinds::SECRET,
            kinds::STATEFUL_SET,
        ]
        .into(),
        namespaces: [&trouble.namespace, &trouble.poor, &trouble.strict].map(Clone::clone).into(),
        ..AuditQuestion::default()
    };
    let read = runtime.block_on(async {
        let connection = connect(&options, &Env::empty()).await.expect("a connection");
        let discovery = Discovery::fetch(&connection).await.expect("discovery");
        audit(&connection, &discovery, &question, None).await
    });
    assert_eq!(read.skipped, []);
    // The server's clock, an hour later: nothing is young enough any more to be only starting.
    let namespace = plane.api().get(&format!("/api/v1/namespaces/{}", trouble.namespace)).unwrap();
    let created: Time = serde_json::from_value(json!(namespace["metadata"]["creationTimestamp"])).unwrap();
    let settings =
        Settings { now: Some(Time { seconds: created.seconds + 3600, nanos: 0 }), ..Settings::default() };
    let rules: Vec<_> = catalogue()
        .iter()
        .filter(|entry| entry.needs().is_live() && DIAGNOSTICS.contains(&entry.id))
        .collect();
    assert_eq!(rules.len(), DIAGNOSTICS.len());
    let within = |key: &passmuster::model::ObjectKey, _: &passmuster::model::ObjectMeta| {
        [&trouble.namespace, &trouble.poor, &trouble.strict].contains(&&key.namespace.to_string())
    };
    let outcomes = run(&read.world, &settings, &rules, &within);
    assert!(
        outcomes.findings.iter().all(|finding| finding.verdict == Verdict::Fail),
        "{:#?}",
        outcomes.findings
    );
    outcomes.findings
}

/// The rules about how workloads are doing.
const DIAGNOSTICS: &[&str] = &[
    "container-config-error",
    "container-start-error",
    "crash-loop-back-off",
    "cron-job-missed-runs",
    "daemon-set-not-on-all-nodes",
    "disruption-budget-exhausted",
    "evicted-pods",
    "image-pull-failure",
    "init-container-retrying",
    "job-failed",
    "out-of-memory-killed",
    "pod-failed",
    "pod-sandbox-failed",
    "pod-stuck-terminating",
    "pods-not-created",
    "probe-failing",
    "replicas-unavailable",
    "rollout-stuck",
    "scheduling-gates-pending",
    "suspended-job",
    "too-many-restarts",
    "unschedulable",
    "volume-mount-failed",
];
