//! One run of the plugin.

use std::{
    fs,
    io::{self, Write as _},
    time::Duration,
};

use anyhow::{Result, bail};
use passmuster::{
    cli::{Exit, Session as Run, Terminal, block_on, now, output},
    cluster::parse_timeout,
    graph::{Document, Only, Query, Scope},
    report::{Format, Options},
};

use crate::{
    args::{Cli, Command, Common, GraphArgs},
    compare, follow,
    from_cluster::Session,
    from_files::Objects,
    relations::Relations,
};

/// Runs what the arguments ask for.
pub(crate) fn run(cli: Cli, run: &Run) -> Result<Exit> {
    let Cli { command, mut graph, common } = cli;
    if let Some(Command::Diff { a, b }) = command {
        return compare::compare(&a, &b, &common, run);
    }
    let format = Format::parse(&common.output, |file| fs::read_to_string(file))?;
    if graph.rules.is_empty() {
        graph.rules = run.config(common.config.as_deref())?.graph.rules;
    }
    let edge_types = || graph.edges.iter().chain(&graph.exclude_edges);
    if edge_types().next().is_some() {
        Relations::load(&graph.rules)?.check_edge_types(edge_types())?;
    }
    if !graph.filename.is_empty() || graph.kustomize.is_some() {
        let namespace = common.options.connect.namespace.as_deref();
        let objects = Objects::from_manifests(&graph, namespace.unwrap_or("default"))?;
        let query = objects.query(&graph, namespace)?;
        return show(&objects.document(&query)?, &query, &format, &graph, &common, run);
    }
    if let Some(file) = &graph.snapshot {
        let namespace = common.options.connect.namespace.as_deref();
        let objects = Objects::from_snapshot(file, &Relations::load(&graph.rules)?)?;
        let query = objects.query(&graph, namespace)?;
        return show(&objects.document(&query)?, &query, &format, &graph, &common, run);
    }
    block_on(async {
        let session = Session::open(&graph, &common, run).await?;
        if graph.watch {
            let every = graph.every.as_deref().map(parse_every).transpose()?;
            let options = || options(&common, run);
            follow::follow(&session, &format, &options, every, graph.output_file.as_deref()).await?;
            return Ok(Exit::Ok);
        }
        let document = session.document(graph.save.as_deref()).await?;
        show(&document, session.query(), &format, &graph, &common, run)
    })?
}

/// Prints an answer and says how it went.
fn show(
    document: &Document,
    query: &Query,
    format: &Format<Document>,
    args: &GraphArgs,
    common: &Common,
    run: &Run,
) -> Result<Exit> {
    let options = options(common, run);
    if let Some(file) = &args.output_file {
        output::replace(file, |out| Ok(format.render(document, &options, out)?))?;
    } else if document.nodes.is_empty() && format.name() == "tree" {
        writeln!(io::stderr(), "{}", nothing(query, !document.skipped.is_empty()))?;
    } else {
        output::print(format, document, &options)?;
    }
    if let Some(line) = output::partial(&document.skipped) {
        writeln!(io::stderr(), "{line}")?;
    }
    let hit = query.only != Only::All && !document.nodes.is_empty();
    Ok(match (hit && common.exit_code, !document.skipped.is_empty() && common.strict) {
        (true, _) => Exit::Gate,
        (_, true) => Exit::Partial,
        _ => Exit::Ok,
    })
}

/// `30s`, `5m`: as `--request-timeout` takes it, but never zero.
fn parse_every(text: &str) -> Result<Duration> {
    match parse_timeout(text) {
        Ok(Some(every)) => Ok(every),
        _ => bail!("--every takes a duration such as 30s or 5m, not {text:?}"),
    }
}

/// What an output may know of the terminal and the time.
pub(crate) fn options(common: &Common, run: &Run) -> Options {
    let Terminal { color, width, .. } = run.stdout.measured_again();
    Options { colour: color, headers: !common.no_headers, width, now: Some(now()) }
}

/// kubectl's words, which it has for what was read: of what was not, nothing can be said.
fn nothing(query: &Query, partial: bool) -> String {
    let what = match query.only {
        Only::All => "No resources found",
        Only::Missing => "No missing references found",
        Only::Unused => "No unused objects found",
    };
    match &query.scope {
        _ if partial => format!("{what} in what could be read."),
        Scope::Namespace(namespace) => format!("{what} in {namespace} namespace."),
        Scope::Cluster | Scope::Objects(_) => what.to_owned(),
    }
}
