//! `kubectl graph`.

use std::time::Duration;

use passmuster_tests::{ControlPlane, Plugin};

use super::{
    ROUNDS, beside_the_fetch, observe, on_path,
    table::{Row, Table},
};

/// How long a watch is left alone before its memory is read.
const STEADY: Duration = Duration::from_secs(10);

/// All of its works.
pub(crate) fn measure(plane: &ControlPlane, table: &mut Table) {
    whole_cluster(plane, table);
    one_deployment(plane, table);
    watch(plane, table);
}

/// The graph of everything, beside the bare fetch of the same lists.
fn whole_cluster(plane: &ControlPlane, table: &mut Table) {
    let (own, fetch) = beside_the_fetch(plane, "kubectl-graph", &["-A", "-o", "json"], &mut []);
    table.compare(own, vec![fetch]);
}

/// The graph around one deployment, beside kubectl's one request for it, and beside peers.
fn one_deployment(plane: &ControlPlane, table: &mut Table) {
    let args = ["deploy/app-00", "-n", "team-000"];
    let ours = graph(plane, &args);
    let object = ["deployment", "app-00", "-n", "team-000"];
    let kubectl = Plugin::through_kubectl("get").on(plane).args(object);
    let mut others = vec![(Row::new("  kubectl get deploy app-00"), kubectl)];
    for name in ["kubectl-tree", "kubectl-lineage", "kube-lineage"] {
        let Some(program) = on_path(name) else { continue };
        let peer = Plugin::program(program).expect("a directory for it");
        others.push((Row::new(&format!("  {name}")), peer.on(plane).args(object)));
    }
    let mut own = Row::new("kubectl graph deploy/app-00").requests(observe(plane, "kubectl-graph", &args).0);
    for _ in 0..ROUNDS * 4 {
        own.add(&ours.run().success());
        for (row, other) in &mut others {
            row.add(&other.run().success());
        }
    }
    table.compare(own, others.into_iter().map(|(row, _)| row).collect());
}

/// A watch of everything: the time to its first graph, and what it keeps in memory.
fn watch(plane: &ControlPlane, table: &mut Table) {
    let start = std::time::Instant::now();
    let running = graph(plane, &["-A", "-w", "-o", "json"]).spawn();
    let first = running.line(Duration::from_secs(60));
    assert!(first.is_some(), "the watch writes nothing: {}", running.errors());
    let mut row = Row::new("kubectl graph -A -w -o json, steady");
    let wall = start.elapsed();
    std::thread::sleep(STEADY);
    let memory = running.memory();
    assert!(memory > 0, "the watch has ended: {}", running.errors());
    row.measure(wall, memory);
    table.compare(row, Vec::new());
}

fn graph(plane: &ControlPlane, args: &[&str]) -> Plugin {
    Plugin::new("kubectl-graph").on(plane).args(args)
}
