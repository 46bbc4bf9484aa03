//! `kubectl audit enforce`: what a Pod Security Standard would refuse.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write as _},
};

use anyhow::{Context as _, Result, bail};
use passmuster::{
    audit::pod_security::{Enforcement, Level, PodSecurityReport, Policy, PolicyVersion, enforce},
    audit::{kinds_needed, select},
    cli::{Exit, Session, block_on, output},
    cluster::{AuditQuestion, audit, connect},
    model::{discovery::Discovery, kinds},
    report::Format,
};

use crate::{
    args::{Common, EnforceArgs},
    files,
    run::options,
    scope::Scope,
};

/// Runs what the arguments ask for.
pub(crate) fn run(args: &EnforceArgs, common: &Common, session: &Session) -> Result<Exit> {
    let text = match &common.output[..] {
        [] => "",
        [only] => only,
        _ => bail!("one output at a time: -o table, json or yaml"),
    };
    let format = Format::<PodSecurityReport>::parse(text, |file| fs::read_to_string(file))?;
    let level: Level = args.level.parse().context("--level")?;
    let version: PolicyVersion = args.standard.parse().context("--version")?;
    let upgrade = args.upgrade.as_deref().map(str::parse).transpose().context("--upgrade")?;
    let asked = Enforcement { policy: Policy::new(level, version), upgrade };
    let input = args.input();
    let report = if !args.filename.is_empty() || args.kustomize.is_some() {
        let (world, cluster, skipped) = files::manifests(&input, common, BTreeSet::new())?;
        let scope = Scope::of_files(&input, common, &world)?;
        enforce(&world, &cluster, asked, &|key, metadata| scope.has(key, metadata), skipped)
    } else if let Some(file) = &args.snapshot {
        let (world, cluster, skipped) = files::snapshot(file, BTreeSet::new())?;
        let scope = Scope::of_files(&input, common, &world)?;
        enforce(&world, &cluster, asked, &|key, metadata| scope.has(key, metadata), skipped)
    } else {
        block_on(async {
            let connection = connect(&session.prepare(&common.options.connect, false), &session.env).await?;
            let discovery = Discovery::fetch(&connection).await?;
            let scope = Scope::of_cluster(&input, &discovery, &connection.namespace)?;
            let mut wanted = kinds_needed(&select(&["pod-security".to_owned()], &[])?);
            wanted.insert(kinds::NAMESPACE);
            let namespaces = scope.namespace().map(str::to_owned).into_iter().collect();
            let question = AuditQuestion { kinds: wanted, namespaces, ..AuditQuestion::default() };
            let audited = audit(&connection, &discovery, &question, None).await;
            let is_asked = |key: &_, metadata: &_| scope.has(key, metadata);
            anyhow::Ok(enforce(&audited.world, &connection.cluster, asked, &is_asked, audited.skipped))
        })??
    };
    output::print(&format, &report, &options(common, session))?;
    if let Some(line) = output::partial(&report.skipped) {
        writeln!(io::stderr(), "{line}")?;
    }
    let partial = !report.skipped.is_empty() || !report.unread.is_empty();
    Ok(match (args.exit_code && report.summary.workloads_refused > 0, common.strict && partial) {
        (true, _) => Exit::Gate,
        (_, true) => Exit::Partial,
        _ => Exit::Ok,
    })
}
