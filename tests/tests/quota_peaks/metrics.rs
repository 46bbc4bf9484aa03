//! metrics.k8s.io, served by metrics-server.

use passmuster::cluster::{
    ConnectOptions, Connection, Env, METRICS_API, SkipReason, connect, node_metrics, pod_metrics,
};
use passmuster::quantity::Quantity;
use passmuster_tests::{ControlPlane, Options, eventually};
use serde_json::json;

use crate::support::run;

fn ask<T>(plane: &ControlPlane, question: impl AsyncFn(Connection) -> T) -> T {
    run(async {
        let options =
            ConnectOptions { kubeconfig: Some(plane.kubeconfig().to_owned()), ..Default::default() };
        question(connect(&options, &Env::empty()).await.expect("a connection")).await
    })
}

fn pod(name: &str, containers: &[&str], cpu: &str, memory: &str) -> serde_json::Value {
    let containers: Vec<_> = containers.iter().map(|name| json!({"name": name, "image": "x"})).collect();
    json!({
        "metadata": {
            "name": name,
            "annotations": {"kwok.x-k8s.io/usage-cpu": cpu, "kwok.x-k8s.io/usage-memory": memory},
        },
        "spec": {"containers": containers},
    })
}

#[test]
fn what_pods_and_nodes_use_now() {
    let plane = ControlPlane::start(Options { metrics: true, ..Options::default() })
        .unwrap_or_else(|error| panic!("{error}"));
    let (shop, stage) = (plane.namespace("shop"), plane.namespace("stage"));
    let create = |namespace: &str, pod: serde_json::Value| {
        plane.api().create(&format!("/api/v1/namespaces/{namespace}/pods"), &pod).expect("a pod");
    };
    create(&shop, pod("redis-0", &["redis", "exporter"], "200m", "100Mi"));
    create(&shop, pod("web", &["web"], "1500m", "1Gi"));
    create(&stage, pod("redis-0", &["redis"], "50m", "32Mi"));

    let quantity = |text: &str| Quantity::parse(text).expect("a quantity");
    let within = std::time::Duration::from_secs(120);
    let all = eventually(within, "metrics of three pods", || {
        let all = ask(&plane, async |connection| pod_metrics(&connection, None).await).ok()?;
        let warm = all.iter().all(|pod| !pod.cpu.is_zero());
        (all.len() == 3 && warm).then_some(all)
    });
    let named: Vec<_> = all.iter().map(|pod| (pod.namespace.as_str(), pod.pod.as_str())).collect();
    assert_eq!(named, [(shop.as_str(), "redis-0"), (&shop, "web"), (&stage, "redis-0")]);
    // Containers are added up. Memory is as it was said; cpu is measured, so that it is near what was said.
    for (pod, (cpu, memory)) in all.iter().zip([("400m", "200Mi"), ("1500m", "1Gi"), ("50m", "32Mi")]) {
        assert_eq!(pod.memory, quantity(memory), "{pod:?}");
        let twice = pod.cpu + pod.cpu;
        assert!(twice > quantity(cpu) && pod.cpu < quantity(cpu) + quantity(cpu), "{pod:?}");
    }
    let one = ask(&plane, async |connection| pod_metrics(&connection, Some(&stage)).await).expect("metrics");
    assert_eq!((one.len(), one[0].namespace.as_str()), (1, stage.as_str()));
    // Nodes that nothing runs on use nothing here, and are not told of.
    let nodes = ask(&plane, async |connection| node_metrics(&connection).await).expect("metrics");
    assert!(
        nodes.is_sorted_by_key(|node| &node.node)
            && nodes.iter().all(|node| node.node.starts_with("node-000"))
    );
    let total: Quantity = nodes.iter().map(|node| node.memory).sum();
    assert_eq!(total, quantity("1256Mi"), "{nodes:?}");
}

#[test]
fn where_nobody_serves_it() {
    let plane = ControlPlane::start(Options::bare()).unwrap_or_else(|error| panic!("{error}"));
    let error = ask(&plane, async |connection| pod_metrics(&connection, None).await).expect_err("no metrics");
    assert_eq!(error.reason(), SkipReason::NotFound);
    let skipped = error.skipped(METRICS_API, None);
    assert_eq!((skipped.resource.as_str(), skipped.reason.as_str()), ("metrics.k8s.io/v1beta1", "NotFound"));

    plane.register_dead_api("metrics.k8s.io", "v1beta1").expect("an API");
    let error = ask(&plane, async |connection| node_metrics(&connection).await).expect_err("no metrics");
    assert_eq!(error.reason(), SkipReason::Unavailable);
}
