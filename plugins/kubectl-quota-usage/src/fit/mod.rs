//! `kubectl quota-usage fit`.

mod files;
mod live;

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write as _},
};

use anyhow::{Result, bail};
use passmuster::{
    cli::{Exit, Session, UsageError, block_on, now, output},
    cluster::{Error, connect},
    model::{Skipped, builtin_kinds::builtin},
    quota::{
        fit::{Autoscaler, LimitRange, QuotaFit, Wanted, World, accounts, fit},
        owner::Owners,
        usage::Devices,
    },
    report::Format,
};
use serde_json::Value;

use crate::{args::Common, clusters, config, explain::timestamp, usage::options};
use files::Files;

#[derive(Debug, clap::Args)]
pub(crate) struct FitArgs {
    /// TYPE/NAME…: workloads that are there already
    #[arg(value_name = "TYPE/NAME")]
    resources: Vec<String>,
    /// How many replicas they are to have
    #[arg(long, value_name = "N", requires = "resources")]
    replicas: Option<u32>,
    /// File or directory with what is to be applied; - for standard input
    #[arg(short, long, value_name = "FILE", value_delimiter = ',', conflicts_with = "resources")]
    filename: Vec<String>,
    /// Kustomization directory with what is to be applied
    #[arg(short, long, value_name = "DIR", conflicts_with_all = ["filename", "resources"])]
    kustomize: Option<String>,
    /// Read directories below the directory too
    #[arg(short = 'R', long)]
    recursive: bool,
    /// Ask no cluster: quotas and LimitRanges are those among the files
    #[arg(long, conflicts_with = "resources")]
    local: bool,
    /// Leave the nodes' room out
    #[arg(long)]
    no_nodes: bool,
}

pub(crate) fn run(args: &FitArgs, common: &Common, session: &Session) -> Result<Exit> {
    let format = Format::<QuotaFit>::parse(&common.output, |file| fs::read_to_string(file))?;
    config::load(common, session)?;
    if clusters::several(common) {
        return Err(UsageError::new("fit asks one cluster: take --context").into());
    }
    if args.resources.is_empty() && args.filename.is_empty() && args.kustomize.is_none() {
        return Err(UsageError::new("say what is to fit: TYPE/NAME, -f FILE or -k DIR").into());
    }
    let found = block_on(answer(args, common, session))??;
    output::print(&format, &found, &options(common, session))?;
    if let Some(line) = output::partial(&found.skipped) {
        writeln!(io::stderr(), "{line}")?;
    }
    Ok(match (common.exit_code && !found.fits, common.strict && !found.skipped.is_empty()) {
        (true, _) => Exit::Gate,
        (_, true) => Exit::Partial,
        _ => Exit::Ok,
    })
}

async fn answer(args: &FitArgs, common: &Common, session: &Session) -> Result<QuotaFit> {
    let at = timestamp(now());
    let given = common.options.connect.namespace.as_deref();
    if args.local {
        let files = Files::read(args, given.unwrap_or("default"))?;
        return Ok(local(files, at));
    }
    let options = session.prepare(&common.options.connect, true);
    let connection = match connect(&options, &session.env).await {
        Ok(connection) => connection,
        Err(error) => return without_cluster(args, given, at, error),
    };
    let files = Files::read(args, &connection.namespace)?;
    let quotas_in_files = !files.quotas.is_empty();
    match live::answer(args, &connection, files, at.clone()).await {
        Ok(found) => Ok(found),
        Err(error) => match error.downcast::<Error>() {
            Ok(error) if quotas_in_files && is_unreachable(&error) => without_cluster(args, given, at, error),
            Ok(error) => Err(error.into()),
            Err(error) => Err(error),
        },
    }
}

fn is_unreachable(error: &Error) -> bool {
    !matches!(error, Error::Api(_))
}

/// What the files say by themselves, when no cluster answers.
fn without_cluster(args: &FitArgs, namespace: Option<&str>, at: String, error: Error) -> Result<QuotaFit> {
    if args.filename.iter().any(|file| file == "-") {
        // It can be read but once.
        return Err(error.into());
    }
    let files = Files::read(args, namespace.unwrap_or("default"))?;
    if files.quotas.is_empty() {
        return Err(error.into());
    }
    let mut found = local(files, at);
    found.notes.push(format!("no cluster was asked ({error}): the quotas are those among the files"));
    Ok(found)
}

/// What fits into the quotas of the files.
fn local(files: Files, at: String) -> QuotaFit {
    let (devices, owners, now) = (Devices::default(), Owners::default(), now());
    let world = World {
        accounts: accounts(&files.quotas, &[], &devices, now),
        objects: &[],
        devices: &devices,
        limit_ranges: files.limit_ranges.iter().map(LimitRange::read).collect(),
        classes: files.classes.clone(),
        owners: &owners,
        room: None,
        types: builtin(),
        now,
    };
    let wanted: Vec<Wanted> = files
        .objects
        .iter()
        .map(|object| Wanted {
            object: object.clone(),
            live: None,
            autoscaler: scaler(&files.autoscalers, object),
        })
        .collect();
    fit(&world, &wanted).read(Some(at), None, Vec::new(), files.skipped)
}

/// The autoscaler of an object.
fn scaler(all: &[Autoscaler], object: &Value) -> Option<Autoscaler> {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let group = text("/apiVersion").rsplit_once('/').map_or("", |(group, _)| group);
    let is = |scaler: &&Autoscaler| {
        let target = &scaler.target;
        *target.group == *group
            && *target.kind == *text("/kind")
            && *target.namespace == *text("/metadata/namespace")
            && *target.name == *text("/metadata/name")
    };
    all.iter().find(is).cloned()
}

/// The namespaces of objects.
fn namespaces(objects: &[Value]) -> BTreeSet<String> {
    let of =
        |object: &Value| object.pointer("/metadata/namespace").and_then(Value::as_str).map(str::to_owned);
    objects.iter().filter_map(of).collect()
}

/// Nothing of a type and name is there.
fn not_found(resource: &str, name: &str) -> anyhow::Error {
    Error::from(passmuster::cluster::ApiStatus::from_event(
        404,
        "NotFound",
        &format!("{resource} {name:?} not found"),
    ))
    .into()
}

/// `TYPE/NAME`, or why it is not.
fn type_and_name(argument: &str) -> Result<(&str, &str)> {
    match argument.split_once('/') {
        Some((kind, name)) if !kind.is_empty() && !name.is_empty() && !name.contains('/') => Ok((kind, name)),
        _ => bail!("{argument:?} is not TYPE/NAME, such as deploy/web"),
    }
}

/// What was skipped while nobody could be asked.
type Unread = Vec<Skipped>;
