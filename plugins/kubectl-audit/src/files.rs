//! Manifests, charts and snapshots: no cluster needed.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Result, bail};
use passmuster::{
    audit::{World, read_files, read_snapshot},
    manifest::{Inputs, Saved},
    model::{Kind, Skipped},
};

use crate::{
    args::{AuditArgs, Common},
    helm,
};

/// Reads manifests; charts are rendered first. Objects of some kinds are kept whole.
pub(crate) fn manifests(
    args: &AuditArgs,
    common: &Common,
    whole: BTreeSet<Kind>,
) -> Result<(World, String, Vec<Skipped>)> {
    let namespace = common.options.connect.namespace.as_deref().unwrap_or("default");
    let given = args.kustomize.iter().chain(&args.filename).cloned().collect::<Vec<_>>().join(",");
    let mut files = Vec::new();
    let mut rendered = Vec::new();
    for file in &args.filename {
        if Path::new(file).join("Chart.yaml").is_file() {
            let chart = helm::render(file, namespace)?;
            files.push(chart.path().display().to_string());
            rendered.push(chart);
        } else {
            files.push(file.clone());
        }
    }
    let inputs = Inputs {
        files,
        kustomize: args.kustomize.clone(),
        recursive: args.recursive && args.kustomize.is_none(),
        keep_data: true,
    };
    let world = World::of_files().keeping(whole);
    let (world, mut skipped) =
        read_files(world, &inputs, &mut std::io::stdin().lock(), namespace, args.complete)?;
    if world.is_empty() && skipped.is_empty() {
        bail!("no objects passed to audit");
    }
    // People know the chart and not where it was rendered to.
    for (chart, file) in rendered.iter().zip(args.filename.iter().filter(|it| is_chart(it))) {
        let path = chart.path().display().to_string();
        for it in &mut skipped {
            it.resource = it.resource.replace(&path, &format!("chart {file}"));
        }
    }
    Ok((world, given, skipped))
}

fn is_chart(file: &str) -> bool {
    Path::new(file).join("Chart.yaml").is_file()
}

/// Reads a snapshot. Objects of some kinds are kept whole.
pub(crate) fn snapshot(file: &str, whole: BTreeSet<Kind>) -> Result<(World, String, Vec<Skipped>)> {
    match Saved::open(file)? {
        Saved::Snapshot(snapshot) => Ok(read_snapshot(World::of_cluster().keeping(whole), snapshot)?),
        Saved::Graph(_) => bail!("{file}: expected a snapshot, found a graph"),
    }
}
