//! `kubectl graph diff`: two saved graphs or snapshots.

use std::io::{self, BufWriter, Write as _};

use anyhow::{Result, bail};
use passmuster::{
    cli::{Exit, Session as Run},
    graph::{
        Document,
        diff::{GraphDiff, diff, write_text},
    },
    manifest::Saved,
    report::json,
};

use crate::{
    args::Common,
    from_files::{Objects, whole},
    relations::Relations,
};

/// Prints what differs. With `--exit-code`, a difference is a hit.
pub(crate) fn compare(a: &str, b: &str, common: &Common, run: &Run) -> Result<Exit> {
    let delta = diff(&saved(a)?, &saved(b)?);
    let mut out = BufWriter::new(io::stdout().lock());
    match common.output.as_str() {
        "" | "tree" => write_text(&delta, run.stdout.color, &mut out)?,
        "json" => {
            json::write_pretty(&GraphDiff { before: a, after: b, delta: &delta }, &mut out)?;
            out.write_all(b"\n")?;
        }
        other => bail!(
            "unable to match a printer suitable for the output format {other:?}, allowed formats are: json,tree"
        ),
    }
    out.flush()?;
    let hit = !(delta.added.nodes.is_empty()
        && delta.added.edges.is_empty()
        && delta.removed.nodes.is_empty()
        && delta.removed.edges.is_empty()
        && delta.changed.is_empty());
    Ok(if hit && common.exit_code { Exit::Gate } else { Exit::Ok })
}

/// A saved graph, or the graph of a saved snapshot.
fn saved(file: &str) -> Result<Document> {
    match Saved::open(file)? {
        Saved::Graph(document) => Ok(document),
        Saved::Snapshot(snapshot) => {
            let objects = Objects::of_snapshot(snapshot, &Relations::load(&[])?)?;
            objects.document(&whole())
        }
    }
}
