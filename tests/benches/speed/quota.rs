//! `kubectl quota-usage`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use passmuster_tests::{ControlPlane, Options, Plugin};
use serde_json::{Value, json};

use super::{
    ROUNDS, beside_the_fetch, note, on_path,
    table::{Row, Table},
};

/// What it is called where kubectl finds it.
const PROGRAM: &str = "kubectl-quota_usage";
/// Pods of the smaller and of the larger cluster whose memory is compared.
const GROWTH: [usize; 2] = [10_000, 50_000];
/// Clients that create pods at the same time.
const PARALLEL: usize = 8;

/// Everything, beside the bare fetch of the same lists and beside peers on PATH.
pub(crate) fn measure(plane: &ControlPlane, table: &mut Table) {
    let mut others: Vec<(Row, Plugin)> = Vec::new();
    for (name, args) in
        [("kubectl-view-allocations", &["-g", "namespace"][..]), ("kube-capacity", &["--pods"])]
    {
        if let Some(program) = on_path(name) {
            let peer = Plugin::program(program).expect("a directory for it");
            others.push((Row::new(&format!("  {name}")), peer.on(plane).args(args)));
        }
    }
    let kubectl = Plugin::through_kubectl("get").on(plane).args(["pods", "-A"]);
    others.push((Row::new("  kubectl get pods -A"), kubectl));
    let (own, fetch) = beside_the_fetch(plane, PROGRAM, &["-A"], &mut others);
    let others = others.into_iter().map(|(row, _)| row);
    table.compare(own, [fetch].into_iter().chain(others).collect());
}

/// How memory grows with the cluster. Nothing runs in it: pods are only stored.
pub(crate) fn growth(table: &mut Table) {
    let plane = ControlPlane::start(Options::bare()).unwrap_or_else(|error| panic!("{error}"));
    let mut stored = 0;
    for pods in GROWTH {
        note(&format!("storing {pods} pods"));
        create(&plane, stored..pods);
        stored = pods;
        let ours = Plugin::new(PROGRAM).on(&plane).args(["-A"]);
        let mut row = Row::new(&format!("kubectl quota-usage -A, {pods} pods stored"));
        for _ in 0..ROUNDS {
            row.add(&ours.run().success());
        }
        table.compare(row, Vec::new());
    }
}

fn create(plane: &ControlPlane, numbers: std::ops::Range<usize>) {
    let next = AtomicUsize::new(numbers.start);
    for namespace in (numbers.start / 200)..(numbers.end / 200) {
        let namespace = json!({"metadata": {"name": format!("team-{namespace:03}")}});
        plane.api().create("/api/v1/namespaces", &namespace).expect("a namespace");
    }
    thread::scope(|scope| {
        for _ in 0..PARALLEL {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= numbers.end {
                        return;
                    }
                    let path = format!("/api/v1/namespaces/team-{:03}/pods", number / 200);
                    plane.api().create(&path, &pod(number)).expect("a pod");
                }
            });
        }
    });
}

fn pod(number: usize) -> Value {
    let resources = json!({"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}});
    let containers = json!([{"name": "main", "image": "registry.example/app:1.0", "resources": resources}]);
    let labels = json!({"app": format!("app-{:02}", number % 10), "tier": "web"});
    json!({"metadata": {"name": format!("pod-{number}"), "labels": labels}, "spec": {"containers": containers}})
}
