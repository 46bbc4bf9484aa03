//! Writing what differs: all of it checked by the server first, then one object after the other.

use std::io::{self, Write as _};

use anyhow::{Result, anyhow};
use futures::{StreamExt as _, stream};
use passmuster::{
    cli::{Failures, told_to_end},
    cluster::{Error, ProjectQuotas, Writing},
    quota::project::{Action, Change, Merging, ProjectQuota, Wanted, plan},
    text::{counted, neutral},
};

use super::args::{DryRun, ImportArgs};

/// Objects that the server checks at once.
const AT_ONCE: usize = 8;

/// Writes what differs, and says of each object what became of it.
pub(super) async fn apply(store: &ProjectQuotas, changes: &[Change], args: &ImportArgs) -> Result<()> {
    let writing = Writing { dry_run: false, force: args.force_conflicts };
    let suffix = match args.dry_run {
        DryRun::None => "",
        DryRun::Client => " (dry run)",
        DryRun::Server => " (server dry run)",
    };
    // What goes, goes last: until then what replaces it can still fail.
    let mut order: Vec<&Change> = changes.iter().collect();
    order.sort_by_key(|change| (change.action == Action::Removed, &change.name));
    let due: Vec<&Change> =
        order.iter().copied().filter(|change| change.action != Action::Unchanged).collect();
    if args.dry_run != DryRun::Client {
        checked(store, &due, writing).await?;
    }
    let mut done = Vec::new();
    let mut end = std::pin::pin!(told_to_end());
    for change in &order {
        if args.dry_run == DryRun::None && change.action != Action::Unchanged {
            let written = tokio::select! {
                biased;
                () = &mut end => Err(Error::Request("it was told to end".to_owned())),
                written = write(store, change, writing) => written,
            };
            if let Err(error) = written {
                return Err(halted(store, change, &due, &done, error).await);
            }
            done.push(change.name.as_str());
        }
        let word = match change.action {
            Action::Added => "created",
            Action::Changed => "configured",
            Action::Removed => "deleted",
            Action::Unchanged => "unchanged",
        };
        writeln!(io::stdout(), "projectquota.passmuster.dev/{} {word}{suffix}", neutral(&change.name))?;
    }
    Ok(())
}

/// Lets the server say of everything whether it would take it. Nothing is stored.
async fn checked(store: &ProjectQuotas, due: &[&Change], writing: Writing) -> Result<()> {
    let writing = Writing { dry_run: true, ..writing };
    let answers: Vec<(&Change, Result<(), Error>)> = stream::iter(due.iter().copied())
        .map(|change| async move { (change, write(store, change, writing).await) })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let failures: Vec<anyhow::Error> = answers
        .into_iter()
        .filter_map(|(change, answer)| {
            let error = answer.err()?.to_kubectl();
            let error = error.strip_prefix("error: ").unwrap_or(&error);
            Some(anyhow!("project {}: {error}", change.name))
        })
        .collect();
    if failures.is_empty() {
        return Ok(());
    }
    let mut all = failures;
    all.push(anyhow!(
        "nothing was written: the server would not take {} of {}",
        all.len(),
        counted(due.len(), "change")
    ));
    Err(Failures(all).into())
}

async fn write(store: &ProjectQuotas, change: &Change, writing: Writing) -> Result<(), Error> {
    if change.action == Action::Removed {
        return store.delete(&change.object, writing).await;
    }
    let stored = store.apply(&change.object, writing).await?;
    let kept =
        plan(&[Wanted::from(&change.object)], &[stored], &Merging { prune: true, ..Merging::default() });
    match kept.first().and_then(|kept| kept.fields.first()) {
        None => Ok(()),
        // The server merges what another field manager owns.
        Some(field) => Err(Error::Request(format!(
            "{} stays {}: another field manager owns it, and what owns a field must remove it",
            field.field,
            field.old.as_deref().unwrap_or("as it is"),
        ))),
    }
}

/// What to tell when one of several could not be written: what is there now, as the server says it, and what to do.
async fn halted(
    store: &ProjectQuotas,
    at: &Change,
    due: &[&Change],
    done: &[&str],
    error: Error,
) -> anyhow::Error {
    // Whether the one that failed was written after all only the server knows.
    let now = store.list().await.ok();
    let is_done = |change: &Change| match &now {
        Some(now) => is_as_wanted(change, now),
        None => done.contains(&change.name.as_str()),
    };
    let names = |wanted: bool| {
        let names: Vec<&str> = due
            .iter()
            .filter(|change| is_done(change) == wanted)
            .map(|change| change.name.as_str())
            .collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    let count = due.iter().filter(|change| is_done(change)).count();
    let unsure = if now.is_none() {
        format!(" Of {} it is not known: the server can't be asked any more.", at.name)
    } else {
        String::new()
    };
    let line = error.to_kubectl();
    let line = line.strip_prefix("error: ").unwrap_or(&line).to_owned();
    Failures(vec![
        anyhow!("project {}: {line}", at.name),
        anyhow!(
            "{count} of {} written: {}; not written: {}.{unsure} Each is written as a whole or not at all; run the same \
             again, and it goes on from here",
            counted(due.len(), "change"),
            names(true),
            names(false),
        ),
    ])
    .into()
}

fn is_as_wanted(change: &Change, now: &[ProjectQuota]) -> bool {
    let there = now.iter().find(|object| object.metadata.name == change.name);
    match (change.action, there) {
        (Action::Removed, there) => there.is_none(),
        (_, None) => false,
        (_, Some(there)) => {
            let wanted = [Wanted::from(&change.object)];
            let merging = Merging { prune: true, ..Merging::default() };
            let rest = plan(&wanted, std::slice::from_ref(there), &merging);
            rest.iter().all(|change| change.action == Action::Unchanged)
        }
    }
}
