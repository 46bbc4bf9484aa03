//! `-w`: a graph that is told as it changes.

use std::{
    io::{self, BufWriter, Write as _},
    path::Path,
    time::Duration,
};

use anyhow::{Context as _, Result};
use passmuster::{
    cli::{output, told_to_end},
    cluster::Live,
    graph::{Document, diff::diff},
    report::{Format, Options, json},
};
use serde::Serialize;
use tokio::time::Instant;

use crate::from_cluster::Session;

/// How often a file is rewritten when `--every` does not say.
const EVERY: Duration = Duration::from_secs(10);

/// The first line of `-w -o json`.
#[derive(Serialize)]
struct First<'a> {
    r#type: &'static str,
    graph: &'a Document,
}

/// Follows until the process is told to end, or nobody reads any more.
pub(crate) async fn follow(
    session: &Session,
    format: &Format<Document>,
    options: &dyn Fn() -> Options,
    every: Option<Duration>,
    file: Option<&Path>,
) -> Result<()> {
    let mut live = tokio::select! {
        live = session.follow() => live,
        () = told_to_end() => return Ok(()),
    };
    let mut document = current(session, &live)?;
    if let Some(path) = file {
        return rewrite(session, live, format, options, every.unwrap_or(EVERY), path).await;
    }
    let lines = format.name() == "json";
    let mut screen = output::Screen::new(!lines);
    if lines {
        line(&First { r#type: "graph", graph: &document })?;
    } else {
        screen.show(format, &document, &document.skipped, &options())?;
    }
    loop {
        screen.tell(&document.skipped)?;
        tokio::select! {
            () = live.changed() => {}
            () = told_to_end() => return Ok(()),
        }
        // When a root has gone, nothing is left of the answer; it may come back.
        let next = current(session, &live).unwrap_or_else(|_| session.nothing(live.skipped()));
        if lines {
            let delta = diff(&document, &next);
            if !delta.is_empty() {
                line(&delta)?;
            }
        } else if next != document {
            screen.show(format, &next, &next.skipped, &options())?;
        }
        document = next;
        live.release();
    }
}

/// The graph as it is now.
fn current(session: &Session, live: &Live) -> Result<Document> {
    let skipped = live.skipped();
    session.view(live.graph(), &skipped)
}

async fn rewrite(
    session: &Session,
    mut live: Live,
    format: &Format<Document>,
    options: &dyn Fn() -> Options,
    every: Duration,
    path: &Path,
) -> Result<()> {
    let mut screen = output::Screen::new(false);
    let mut due = Instant::now();
    let mut written = None;
    loop {
        if Instant::now() >= due {
            due = Instant::now() + every;
            let state = (live.graph().version(), live.skipped());
            screen.tell(&state.1)?;
            if written.as_ref() != Some(&state) {
                let document = current(session, &live).unwrap_or_else(|_| session.nothing(live.skipped()));
                output::replace(path, |out| Ok(format.render(&document, &options(), out)?))?;
                written = Some(state);
            }
        }
        tokio::select! {
            () = live.changed() => live.release(),
            () = tokio::time::sleep_until(due) => {}
            () = told_to_end() => {
                let document = current(session, &live).unwrap_or_else(|_| session.nothing(live.skipped()));
                return output::replace(path, |out| Ok(format.render(&document, &options(), out)?));
            }
        }
    }
}

/// One JSON object on one line, told at once.
fn line(value: &impl Serialize) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    json::write_line(value, &mut out)?;
    out.write_all(b"\n")?;
    out.flush().context("can't write to standard output")
}
