//! No call fails while certificates, authorities, policies and replicas change, at a steady rate and with failurePolicy Fail.

use std::env;
use std::io::{self, Write};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use passmuster::cluster::{ConnectOptions, Connection, Env, connect};
use passmuster_tests::{Node, eventually};
use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval};

use crate::cluster::{
    LONG, SYSTEM, apply, await_calls, await_enforcing, configuration, figure, node, overlay, pods, reviews,
};

/// Set for the process that makes the calls, inside the node's network: how many.
const CALLS: &str = "PASSMUSTER_CALLS";
const NAME: &str = "load::no_call_fails_while_everything_changes";
const TOTAL: usize = 12_000;
const PER_SECOND: u64 = 200;

#[test]
fn no_call_fails_while_everything_changes() {
    if let Ok(calls) = env::var(CALLS) {
        return call(calls.parse().unwrap());
    }
    let Some(node) = node() else { return };
    apply(&node, &overlay(&node, &kustomization()));
    await_enforcing(&node);
    await_calls(&node);
    let before = reviews(&node);

    let mut load = node.command(env::current_exe().unwrap().to_str().unwrap());
    load.args(["--exact", NAME, "--nocapture"]).env(CALLS, TOTAL.to_string());
    let load = load.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
    let load = std::thread::spawn(move || load.wait_with_output().unwrap());
    let (mut bundles, mut rollouts, mut policies) = (Vec::new(), 0, 0);
    while !load.is_finished() {
        let bundle = configuration(&node).unwrap()["webhooks"][0]["clientConfig"]["caBundle"].clone();
        if !bundles.contains(&bundle) {
            bundles.push(bundle);
        }
        policies += 1;
        node.checked(&["apply", "-f", "-"], &policy(policies).to_string()).unwrap();
        // A rollout takes as long as the replicas drain.
        if settled(&node) && rollouts < 2 {
            rollouts += 1;
            node.kubectl(&["rollout", "restart", "deployment/passmuster", "-n", SYSTEM]);
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    let output = load.join().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let result = said.lines().find_map(|line| line.strip_prefix("calls "));
    let result: Value = serde_json::from_str(result.unwrap_or_else(|| panic!("{said}"))).unwrap();
    let told = format!("{result}, {rollouts} rollouts, {} bundles, {policies} policies", bundles.len());
    let _ = writeln!(io::stderr(), "{told}");
    assert_eq!(result["failed"], 0, "{told}");
    assert_eq!(result["made"], TOTAL, "{told}");
    assert!(rollouts == 2 && bundles.len() >= 3 && policies >= 10, "{told}");
    // They were judged, though by replicas some of which are gone with their figures.
    eventually(LONG, "settled replicas", || settled(&node).then_some(()));
    let after = reviews(&node);
    assert!(after > 0.0, "{before} and then {after} reviews");
    let renewed =
        pods(&node).iter().filter_map(|pod| figure(&node, pod, "certificate_reloads_total")).sum::<f64>();
    assert!(renewed >= 2.0, "{renewed}");
}

/// A policy that changes what is judged, what is looked up for it, and what comes of it.
fn policy(number: usize) -> Value {
    let rules = [&["service-target-port-missing"][..], &["ingress-backend-missing", "privileged-container"]];
    let action = if number.is_multiple_of(3) { "Deny" } else { "Warn" };
    json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "AuditPolicy", "metadata": {"name": "changing"},
        "spec": {"rules": [{"select": rules[number % 2], "action": action}]}})
}

/// Short lives of certificates, and nothing is let through unasked.
fn kustomization() -> String {
    let env = [
        ("FAILURE_POLICY", "Fail"),
        ("TIMEOUT_SECONDS", "10"),
        ("CERTIFICATE_LIFETIME", "30s"),
        ("AUTHORITY_LIFETIME", "45s"),
        ("CERTIFICATE_SETTLE", "5s"),
        ("CERTIFICATE_OVERLAP", "15s"),
        ("LOOK_EVERY", "1s"),
    ];
    let env = env.map(|(name, value)| {
        let variable = json!({"name": format!("PASSMUSTER_{name}"), "value": value});
        format!("    - {{op: add, path: /spec/template/spec/containers/0/env/-, value: {variable}}}\n")
    });
    let env = env.concat();
    format!(
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [MANIFESTS/base]\npatches:\n\
         - target: {{kind: Deployment, name: passmuster}}\n  patch: |\n{env}"
    )
}

/// Whether no rollout is going on.
fn settled(node: &Node) -> bool {
    let args = ["get", "deployment", "passmuster", "-n", SYSTEM, "-o", "json"];
    let deployment: Value = serde_json::from_str(&node.kubectl(&args)).unwrap();
    let status = &deployment["status"];
    status["observedGeneration"] == deployment["metadata"]["generation"]
        && ["replicas", "updatedReplicas", "availableReplicas"].iter().all(|field| status[field] == 2)
        && status["terminatingReplicas"].as_i64().unwrap_or_default() == 0
}

/// Makes so many calls at a steady rate, however long each takes, and says how many failed.
fn call(calls: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let failures = Arc::new(Mutex::new(Vec::new()));
    let made = Arc::new(AtomicUsize::new(0));
    runtime.block_on(async {
        let options =
            ConnectOptions { request_timeout: Some("30s".into()), http2: true, ..Default::default() };
        let connection = connect(&options, &Env::current()).await.unwrap();
        let mut tick = interval(Duration::from_micros(1_000_000 / PER_SECOND));
        // What was missed while the machine did something else is made up for.
        tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..calls {
            tick.tick().await;
            let (connection, failures, made) = (connection.clone(), failures.clone(), made.clone());
            tasks.spawn(async move {
                if let Err(error) = ask(&connection).await {
                    failures.lock().unwrap().push(error);
                }
                made.fetch_add(1, Ordering::Relaxed);
            });
        }
        while tasks.join_next().await.is_some() {}
    });
    let failures = failures.lock().unwrap();
    let result = json!({
        "made": made.load(Ordering::Relaxed), "failed": failures.len(), "first": failures.first(),
    });
    io::stdout().write_all(format!("\ncalls {result}\n").as_bytes()).unwrap();
}

async fn ask(connection: &Connection) -> Result<(), String> {
    let service = json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": {"generateName": "asked-"}, "spec": {"clusterIP": "None", "ports": [{"port": 80}]},
    });
    let request = http::Request::post("/api/v1/namespaces/default/services?dryRun=All")
        .header(http::header::CONTENT_TYPE, "application/json")
        .body(service.to_string().into_bytes().into())
        .unwrap();
    let answer = connection.in_time(async {
        let (_, body) = connection.send(request).await?.into_parts();
        connection.collect(body).await
    });
    answer.await.map(drop).map_err(|error| error.to_string())
}
