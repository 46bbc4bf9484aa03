//! How long the plugins take and how much memory, on a large cluster, beside what the same costs otherwise.
//!
//! All variants of one work run in turn within one run, so that what else the machine does hits them alike; the
//! table shows medians. `PASSMUSTER_BENCH="5 10 20 10"` makes a smaller cluster than the usual 10,000 pods.

#![expect(clippy::expect_used, clippy::panic, reason = "a benchmark that can't go on says why and ends")]

use std::io::{Write, stderr, stdout};
use std::path::PathBuf;
use std::time::Duration;

use passmuster_tests::population::{Size, load};
use passmuster_tests::{ControlPlane, Options, Plugin, Proxy};

mod bare;
mod table;

use table::{Row, Table};

const ROUNDS: usize = 9;
const WITHIN: Duration = Duration::from_secs(900);
/// How long the cluster is left alone after its creation: controllers, caches and stores are busy for a while.
const SETTLE: Duration = Duration::from_secs(30);
/// How long a watch is left alone before its memory is read.
const STEADY: Duration = Duration::from_secs(10);

fn main() {
    // Cargo passes `--bench`; anything else is a test run that only wants to know that this compiles.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let size = size();
    let options = Options { nodes: size.nodes, ..Options::default() };
    let plane = ControlPlane::start(options).unwrap_or_else(|error| panic!("{error}"));
    note(&format!("creating {} pods", size.pods()));
    let loaded = load(&plane, size, WITHIN).unwrap_or_else(|error| panic!("{error}"));
    note(&format!("created in {:.0?}, all running after {:.0?}", loaded.created, loaded.running));

    std::thread::sleep(SETTLE);

    let mut table = Table::default();
    whole_cluster(&plane, &mut table);
    one_deployment(&plane, &mut table);
    watch(&plane, &mut table);
    write!(stdout(), "\n{table}").expect("somewhere to write to");
}

/// The graph of everything, beside the bare fetch of the same lists.
fn whole_cluster(plane: &ControlPlane, table: &mut Table) {
    let ours = graph(plane, &["-A", "-o", "json"]);
    let (requests, lists) = observe(plane, &["-A", "-o", "json"]);
    let mut own = Row::new("kubectl graph -A -o json").requests(requests);
    let mut fetch = Row::new("  bare fetch of the same lists");
    for _ in 0..ROUNDS {
        own.add(&ours.run().success());
        let fetched = bare::fetch(plane, &lists);
        fetch.measure(fetched.wall, 0);
        fetch = fetch.requests(fetched.requests);
    }
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
    let mut own = Row::new("kubectl graph deploy/app-00").requests(observe(plane, &args).0);
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

/// One run through the proxy: how many requests it makes, and the lists among them.
fn observe(plane: &ControlPlane, args: &[&str]) -> (usize, Vec<bare::List>) {
    let proxy = Proxy::start(plane);
    Plugin::new("kubectl-graph").kubeconfig(proxy.kubeconfig()).args(args).run().success();
    let requests = proxy.requests();
    (requests.len(), bare::lists(&requests))
}

/// The size of the cluster.
fn size() -> Size {
    let text = std::env::var("PASSMUSTER_BENCH").unwrap_or_else(|_| "50 10 20 100".to_owned());
    let numbers: Vec<usize> = text.split(' ').filter_map(|number| number.parse().ok()).collect();
    let [namespaces, deployments, replicas, nodes] = numbers[..] else {
        panic!("PASSMUSTER_BENCH is four numbers: namespaces, deployments in each, replicas, nodes")
    };
    Size { namespaces, deployments, replicas, nodes }
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|program| program.is_file())
}

fn note(text: &str) {
    // Nobody reads along: no reason to stop.
    let _ = writeln!(stderr(), "{text}");
}
