//! `kubectl quota-usage`.

use passmuster_tests::population::store;
use passmuster_tests::{ControlPlane, Options, Plugin};

use super::{
    ROUNDS, beside_the_fetch, note, on_path,
    table::{Row, Table},
};

/// What it is called where kubectl finds it.
const PROGRAM: &str = "kubectl-quota_usage";
/// Pods of the smaller and of the larger cluster whose memory is compared.
const GROWTH: [usize; 2] = [10_000, 50_000];

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
        store(&plane, stored..pods);
        stored = pods;
        let ours = Plugin::new(PROGRAM).on(&plane).args(["-A"]);
        let mut row = Row::new(&format!("kubectl quota-usage -A, {pods} pods stored"));
        for _ in 0..ROUNDS {
            row.add(&ours.run().success());
        }
        table.compare(row, Vec::new());
    }
}
