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

mod audit;
mod bare;
mod graph;
mod quota;
mod table;

use table::{Row, Table};

const ROUNDS: usize = 9;
const WITHIN: Duration = Duration::from_secs(900);
/// How long the cluster is left alone after its creation: controllers, caches and stores are busy for a while.
const SETTLE: Duration = Duration::from_secs(30);
fn main() {
    // Cargo passes `--bench`; anything else is a test run that only wants to know that this compiles.
    let args: Vec<String> = std::env::args().skip(1).collect();
    if !args.iter().any(|arg| arg == "--bench") {
        return;
    }
    // `cargo bench … -- growth` measures only that.
    let named: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    let wanted = |work: &str| named.is_empty() || named.iter().any(|name| *name == work);
    let mut table = Table::default();
    if wanted("graph") || wanted("quota") || wanted("audit") {
        let plane = large_cluster();
        if wanted("graph") {
            graph::measure(&plane, &mut table);
        }
        if wanted("quota") {
            quota::measure(&plane, &mut table);
        }
        if wanted("audit") {
            audit::measure(&plane, &mut table);
        }
    }
    if wanted("manifests") {
        audit::manifests(&mut table);
    }
    if wanted("growth") {
        quota::growth(&mut table);
    }
    write!(stdout(), "\n{table}").expect("somewhere to write to");
}

/// A cluster with its population running, at rest.
fn large_cluster() -> ControlPlane {
    let size = size();
    let options = Options { nodes: size.nodes, ..Options::default() };
    let plane = ControlPlane::start(options).unwrap_or_else(|error| panic!("{error}"));
    note(&format!("creating {} pods", size.pods()));
    let loaded = load(&plane, size, WITHIN).unwrap_or_else(|error| panic!("{error}"));
    note(&format!("created in {:.0?}, all running after {:.0?}", loaded.created, loaded.running));
    std::thread::sleep(SETTLE);
    plane
}

/// One run of a plugin through the proxy: how many requests it makes, and the lists among them.
fn observe(plane: &ControlPlane, plugin: &str, args: &[&str]) -> (usize, Vec<bare::List>) {
    let proxy = Proxy::start(plane);
    Plugin::new(plugin).kubeconfig(proxy.kubeconfig()).args(args).run().success();
    let requests = proxy.requests();
    (requests.len(), bare::lists(&requests))
}

/// Runs a plugin and the bare fetch of what it reads in turn.
fn beside_the_fetch(
    plane: &ControlPlane,
    plugin: &str,
    args: &[&str],
    others: &mut [(Row, Plugin)],
) -> (Row, Row) {
    let ours = Plugin::new(plugin).on(plane).args(args);
    let (requests, lists) = observe(plane, plugin, args);
    let name = plugin.replace("kubectl-", "kubectl ").replace('_', "-");
    let mut own = Row::new(&format!("{name} {}", args.join(" "))).requests(requests);
    let mut fetch = Row::new("  bare fetch of the same lists");
    for _ in 0..ROUNDS {
        own.add(&ours.run().success());
        let fetched = bare::fetch(plane, &lists);
        fetch.measure(fetched.wall, 0);
        fetch = fetch.requests(fetched.requests);
        for (row, other) in &mut *others {
            row.add(&other.run().success());
        }
    }
    (own, fetch)
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
