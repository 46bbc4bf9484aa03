//! A healthy cluster has no findings; each problem, provoked for real, has its own.

use passmuster_tests::{ControlPlane, Plugin, controlplane::Rule, eventually};
use serde_json::{Value, json};

use crate::{
    LONG, items, quota_usage,
    shop::{container, deployment, enforced, quota, still},
    text,
};

fn findings(namespace: &str) -> Vec<Value> {
    items(&quota_usage(namespace, &["verify", "-o", "json", "--settle", "2s"]).success().json()["findings"])
}

/// The only finding of a problem.
fn only(namespace: &str, problem: &str) -> Value {
    let found = findings(namespace);
    let of: Vec<Value> = found.iter().filter(|finding| finding["problem"] == problem).cloned().collect();
    assert_eq!(of.len(), 1, "{problem}: {found:?}");
    of[0].clone()
}

fn small() -> Value {
    json!({"containers": [container("app", json!({"requests": {"cpu": "100m", "memory": "32Mi"}}))]})
}

#[test]
fn nothing_is_wrong_with_a_healthy_namespace() {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("healthy");
    enforced(&quota(
        &namespace,
        "all",
        json!({"pods": "20", "requests.cpu": "4", "requests.memory": "4Gi", "services": "5", "services.nodeports": "4",
            "persistentvolumeclaims": "4", "requests.storage": "10Gi", "configmaps": "9", "secrets": "9",
            "count/deployments.apps": "3", "count/replicasets.apps": "9"}),
    ));
    let mut scoped = quota(&namespace, "short", json!({"pods": "5"}));
    scoped["spec"]["scopes"] = json!(["Terminating"]);
    enforced(&scoped);
    plane.create(&deployment(&namespace, "web", 3, json!({}), small())).unwrap();
    plane
        .create(
            &json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s", "namespace": namespace},
            "spec": {"type": "NodePort", "ports": [{"port": 80, "name": "a"}, {"port": 81, "name": "b"}]}}),
        )
        .unwrap_or_else(|error| panic!("{error}"));
    let mut brief = still(&namespace, "brief", small());
    brief["spec"]["activeDeadlineSeconds"] = json!(3600);
    plane.create(&brief).unwrap();
    plane
        .create(&json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "d", "namespace": namespace},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}))
        .unwrap();
    let run = eventually(LONG, "the deployment's pods are there", || {
        let run = quota_usage(&namespace, &["verify", "--exit-code", "--strict"]);
        let explained = quota_usage(&namespace, &["explain", "pods", "-o", "json"]).success().json();
        (explained["sections"][0]["sum"] == "4").then_some(run)
    });
    assert_eq!(run.success().stdout, "No problems found in 2 quotas\n");
}

#[test]
fn a_leak_is_found_and_a_nudge_takes_it_back() {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("leak");
    let quota = quota(&namespace, "compute", json!({"requests.cpu": "2", "pods": "9"}));
    enforced(&quota);
    plane.create(&still(&namespace, "a", small())).unwrap();
    // The pod has been charged at once; what is written now, nobody takes back before the next full recount.
    let hard = &quota["spec"]["hard"];
    plane
        .write_status(&quota, &json!({"hard": hard, "used": {"requests.cpu": "700m", "pods": "1"}}))
        .unwrap();
    let leak = only(&namespace, "leak");
    assert_eq!((text(&leak["used"]), text(&leak["counted"])), ("700m", "100m"), "{leak}");
    assert!(text(&leak["cause"]).starts_with("600m more is charged than is there"), "{leak}");
    let run = quota_usage(&namespace, &["verify", "--exit-code", "--settle", "1s"]).exits(3);
    assert!(run.stdout.contains("1 problem found in 1 quota"), "{run}");

    plane.write_status(&quota, &json!({"hard": hard, "used": {"requests.cpu": "50m", "pods": "1"}})).unwrap();
    let under = only(&namespace, "under-count");
    assert!(text(&under["cause"]).starts_with("50m less is charged than is there"), "{under}");

    let run = quota_usage(&namespace, &["verify", "--nudge", "--exit-code", "--settle", "1s"]).success();
    assert_eq!(
        run.stderr,
        format!("nudged the quota controller about {namespace}/compute: it counted anew\n")
    );
    let live = plane.api().get(&plane.path_of(&quota).unwrap()).unwrap();
    assert_eq!(live["status"]["used"], json!({"requests.cpu": "100m", "pods": "1"}));
    assert_eq!(live["spec"]["hard"], *hard, "nothing is left behind");
}

#[test]
fn an_annotation_moves_no_quota_controller() {
    // What a nudge is made of would be pointless if this were enough.
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("annotated");
    let quota = quota(&namespace, "q", json!({"pods": "9", "configmaps": "9"}));
    enforced(&quota);
    let path = plane.path_of(&quota).unwrap();
    let wrong = json!({"hard": quota["spec"]["hard"], "used": {"pods": "3", "configmaps": "1"}});
    plane.write_status(&quota, &wrong).unwrap();
    plane.api().patch(&path, &json!({"metadata": {"annotations": {"a": "b"}}})).unwrap();
    assert_eq!(only(&namespace, "leak")["used"], "3");
}

#[test]
fn keys_and_scopes_that_count_nothing() {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("misspelt");
    let hard = json!({"pods": "9", "count/deployments": "3", "nvidia.com/gpu": "1",
        "slow.storageclass.storage.k8s.io/requests.storage": "1Gi"});
    plane.create(&quota(&namespace, "typo", hard)).unwrap();
    let mut scoped = quota(&namespace, "scoped", json!({"pods": "9", "count/deployments.apps": "1"}));
    scoped["spec"]["scopes"] = json!(["NotTerminating"]);
    enforced(&scoped);
    plane.create(&deployment(&namespace, "one", 1, json!({}), small())).unwrap();
    plane.create(&deployment(&namespace, "two", 1, json!({}), small())).unwrap_or_else(|error| {
        panic!("the key does limit deployments, though nothing should match it: {error}")
    });
    let found = eventually(LONG, "both quotas are synced", || {
        let found = findings(&namespace);
        let settled = !found.iter().any(|finding| finding["problem"] == "never-synced");
        settled.then_some(found)
    });
    let told = |problem: &str, resource: &str| {
        let of = |finding: &&Value| finding["problem"] == problem && finding["resource"] == resource;
        let finding = found.iter().find(of).unwrap_or_else(|| panic!("{problem} {resource}: {found:?}"));
        text(&finding["remedy"]).to_owned()
    };
    assert_eq!(
        told("unknown-key", "count/deployments"),
        "write count/deployments.apps instead, or remove count/deployments"
    );
    assert_eq!(
        told("unknown-key", "nvidia.com/gpu"),
        "write requests.nvidia.com/gpu instead, or remove nvidia.com/gpu"
    );
    assert!(
        told("unknown-key", "slow.storageclass.storage.k8s.io/requests.storage")
            .starts_with("create the StorageClass")
    );
    assert_eq!(
        told("unmatched-scope", "count/deployments.apps"),
        "move count/deployments.apps to a quota without scopes"
    );
    assert_eq!(found.len(), 4, "{found:?}");
}

#[test]
fn lowered_limits_and_pointless_quotas() {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("lowered");
    let tight = quota(&namespace, "tight", json!({"pods": "9", "requests.cpu": "1"}));
    enforced(&tight);
    enforced(&quota(&namespace, "wide", json!({"cpu": "5"})));
    for name in ["a", "b", "c"] {
        plane.create(&still(&namespace, name, small())).unwrap();
    }
    let path = plane.path_of(&tight).unwrap();
    plane.api().patch(&path, &json!({"spec": {"hard": {"requests.cpu": "200m"}}})).unwrap();
    let over = eventually(LONG, "the controller has seen the limit", || {
        let found = findings(&namespace);
        let over = found.iter().find(|finding| finding["problem"] == "over-hard")?;
        (found.len() == 2).then(|| over.clone())
    });
    assert_eq!((&over["hard"], &over["used"]), (&json!("200m"), &json!("300m")));
    assert_eq!(only(&namespace, "pointless")["quota"], "wide");
    // It is as the finding says: nothing more comes in, what is there stays.
    let refused = plane.create(&still(&namespace, "d", small())).unwrap_err().to_string();
    assert!(refused.contains("exceeded quota: tight"), "{refused}");
}

#[test]
fn scopes_that_contradict_each_other() {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("contradiction");
    let with = |name: &str, scopes: Value, expressions: Value| {
        let mut quota = quota(&namespace, name, json!({"pods": "1"}));
        quota["spec"]["scopes"] = scopes;
        quota["spec"]["scopeSelector"] = json!({"matchExpressions": expressions});
        enforced(&quota);
    };
    with("both", json!(["BestEffort"]), json!([{"scopeName": "NotBestEffort", "operator": "Exists"}]));
    with(
        "nobody",
        json!([]),
        json!([{"scopeName": "PriorityClass", "operator": "In", "values": ["no-such-class"]}]),
    );
    for name in ["a", "b", "c"] {
        plane.create(&still(&namespace, name, small())).unwrap();
    }
    let found = findings(&namespace);
    let quotas: Vec<&str> = found
        .iter()
        .filter(|finding| finding["problem"] == "unmatched-scope")
        .map(|finding| text(&finding["quota"]))
        .collect();
    assert_eq!(quotas, ["both", "nobody"], "{found:?}");
}

#[test]
fn what_may_not_be_read_is_not_judged() {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("restricted");
    enforced(&quota(&namespace, "q", json!({"pods": "9", "configmaps": "9", "requests.cpu": "2"})));
    plane.create(&deployment(&namespace, "web", 1, json!({}), small())).unwrap();
    let kubeconfig =
        plane.restricted_kubeconfig(&namespace, &[Rule::new("get,list", "pods,resourcequotas")]).unwrap();
    let plugin = |args: &[&str]| Plugin::new("kubectl-quota-usage").kubeconfig(&kubeconfig).args(args);
    let run = eventually(LONG, "the pod is there", || {
        let run = plugin(&["explain", "cpu", "-o", "json"]).run();
        run.stdout.contains("\"sum\": \"100m\"").then_some(run)
    });
    assert_eq!(run.json()["sections"][0]["workloads"][0]["owner"], "Deployment/web", "as its names say");
    assert!(run.stderr.contains("replicasets.apps"), "{run}");
    let run = plugin(&["verify", "--exit-code", "--strict"]).run().exits(4);
    assert!(run.stdout.contains("No problems found in 1 quota"), "{run}");
    assert!(run.stderr.contains("configmaps"), "{run}");
    // Nodes and claims may not be read either, and what fits is told all the same.
    let object = deployment(&namespace, "more", 2, json!({}), small());
    let run = plugin(&["fit", "-f", "-", "-o", "json", "--strict"]).stdin(object.to_string()).run();
    assert!(run.stderr.contains("forbidden") || run.code == Some(4), "{run}");
}
