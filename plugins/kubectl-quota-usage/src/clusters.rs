//! Which clusters are asked, and what is told of those that don't answer.

use std::{
    io::{self, Write as _},
    time::Duration,
};

use anyhow::Result;
use passmuster::{
    cli::{Session, UsageError},
    cluster::{
        Error,
        fleet::{Asked, DEADLINE, Fleet, Member, Which},
        parse_timeout,
    },
    config::Config,
    quota::ClusterEntry,
    text::neutral,
};

use crate::args::Common;

/// Which clusters the arguments name.
pub(crate) fn which(common: &Common) -> Which {
    if common.all_clusters {
        Which::All
    } else if common.contexts.is_empty() {
        Which::Current
    } else {
        // `a,b,` names two.
        let named: Vec<String> = common.contexts.iter().filter(|name| !name.is_empty()).cloned().collect();
        Which::Contexts(if named.is_empty() { common.contexts.clone() } else { named })
    }
}

/// Whether the arguments may name more than one cluster.
pub(crate) fn several(common: &Common) -> bool {
    which(common) != Which::Current
}

/// How long to wait for one cluster: as the flag says; where there are several, else as the configuration says.
pub(crate) fn deadline(common: &Common, config: &Config) -> Result<Option<Duration>> {
    match &common.cluster_timeout {
        Some(text) => parse_timeout(text).map_err(|_| {
            UsageError::new(format!("--cluster-timeout takes a duration such as 10s or 2m, not {text:?}"))
                .into()
        }),
        None if several(common) => Ok(config.quota.cluster_timeout().unwrap_or(Some(DEADLINE))),
        None => Ok(None),
    }
}

/// Asks the clusters that the arguments name the same question. `http2` as [`Session::prepare`] has it.
///
/// One cluster's failure is the run's. Of several, each failure is told in a line on standard error and stays in
/// what was asked.
pub(crate) async fn ask<T>(
    common: &Common,
    config: &Config,
    session: &Session,
    http2: bool,
    question: impl AsyncFn(Member) -> Result<T, Error>,
) -> Result<Vec<Asked<T>>> {
    let which = which(common);
    let options = session.prepare(&common.options.connect, http2);
    let fleet = Fleet {
        options: &options,
        env: &session.env,
        which: &which,
        deadline: deadline(common, config)?,
        names: &|context| config.cluster_name(context).map(str::to_owned),
    };
    let asked = fleet.ask(question).await?;
    // Without contexts there is one cluster, whatever was asked for.
    let is_only = which == Which::Current || asked.iter().any(|asked| asked.context.is_empty());
    if is_only && let Some(error) = asked.iter().find_map(|asked| asked.answer.as_ref().err()) {
        return Err(error.clone().into());
    }
    for line in asked.iter().filter_map(failure) {
        writeln!(io::stderr(), "{line}")?;
    }
    Ok(asked)
}

/// The line that tells of a cluster that could not be asked.
fn failure<T>(asked: &Asked<T>) -> Option<String> {
    let error = asked.answer.as_ref().err()?.to_kubectl();
    // Some errors go on with what to read about them.
    let first = error.lines().next().unwrap_or_default();
    let line =
        format!("warning: cluster {:?}: {}", asked.name, first.strip_prefix("error: ").unwrap_or(first));
    Some(neutral(&line).into_owned())
}

/// What the answer says of a cluster. What of it could not be read is for whoever asked to add.
pub(crate) fn entry<T>(asked: &Asked<T>) -> ClusterEntry {
    ClusterEntry {
        name: asked.name.clone(),
        context: asked.context.clone(),
        also: asked.also.clone(),
        number: None,
        uid: asked.uid.clone(),
        error: asked.answer.as_ref().err().map(Error::to_kubectl),
        skipped: Vec::new(),
    }
}
