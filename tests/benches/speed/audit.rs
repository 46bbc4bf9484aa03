//! `kubectl audit`.

use std::{fmt::Write as _, fs};

use passmuster_tests::{
    ControlPlane, Plugin,
    population::{Size, namespaces},
};

use super::{
    ROUNDS, beside_the_fetch, on_path,
    table::{Row, Table},
};

/// Manifests in the smaller and in the larger file.
const MANIFESTS: [usize; 2] = [3_000, 30_000];

/// Every rule on everything, beside the bare fetch of the same lists and beside peers on PATH.
pub(crate) fn measure(plane: &ControlPlane, table: &mut Table) {
    let mut others: Vec<(Row, Plugin)> = Vec::new();
    for (name, args) in [("popeye", &["-A", "-o", "json"][..]), ("polaris", &["audit", "--format", "json"])] {
        if let Some(program) = on_path(name) {
            let peer = Plugin::program(program).expect("a directory for it");
            others.push((Row::new(&format!("  {name}")), peer.on(plane).args(args)));
        }
    }
    let (own, fetch) = beside_the_fetch(plane, "kubectl-audit", &["-A", "-o", "json"], &mut others);
    let others = others.into_iter().map(|(row, _)| row);
    table.compare(own, [fetch].into_iter().chain(others).collect());
}

/// Every rule on files; the cost of one object must not grow with their number.
pub(crate) fn manifests(table: &mut Table) {
    let folder = tempfile::tempdir().expect("a directory");
    for count in MANIFESTS {
        let size = Size { namespaces: count / 60, deployments: 40, replicas: 1, nodes: 0 };
        let objects = namespaces(size).into_iter().flatten().take(count);
        let mut text = String::new();
        let mut written = 0;
        for object in objects {
            let yaml = serde_saphyr::to_string(&object).expect("an object is YAML");
            write!(text, "---\n{yaml}").expect("memory");
            written += 1;
        }
        let file = folder.path().join(format!("{count}.yaml"));
        fs::write(&file, text).expect("a file");
        let file = file.to_str().expect("a path");
        let ours = Plugin::new("kubectl-audit").args(["-f", file, "-o", "json"]);
        let mut row = Row::new(&format!("kubectl audit -f, {written} manifests"));
        let mut peers: Vec<(Row, Plugin)> = Vec::new();
        for (name, args) in [("kube-score", vec!["score", file]), ("kube-linter", vec!["lint", file])] {
            if let Some(program) = on_path(name) {
                let peer = Plugin::program(program).expect("a directory for it");
                peers.push((Row::new(&format!("  {name}")), peer.args(args)));
            }
        }
        for _ in 0..ROUNDS {
            row.add(&ours.run().success());
            for (row, peer) in &mut peers {
                // They say by their exit code that they found something.
                row.add(&peer.run());
            }
        }
        table.compare(row, peers.into_iter().map(|(row, _)| row).collect());
    }
}
