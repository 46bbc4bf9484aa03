//! The ledger beside the other judges of a server.

use std::{sync::Arc, time::Duration};

use clap::Args;
use passmuster::{cluster::Connection, model::discovery::Discovery};
use tokio::sync::watch;

use super::{Leads, Ledger, LedgerOptions, Snapshot, tend};
use crate::{
    admission::{Decision, Judge, Judging, Request},
    configuration::Handled,
    telemetry::{Check, LedgerMetrics, Telemetry},
};

/// How often figures become metrics.
const TICK: Duration = Duration::from_secs(1);

/// Whether there are quotas of projects, and how they are kept.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Quotas of projects")]
pub struct QuotaOptions {
    /// Keep the quotas of projects (ProjectQuota)
    #[arg(long, env = "PASSMUSTER_QUOTAS")]
    pub quotas: bool,
    /// How they are kept.
    #[command(flatten)]
    pub ledger: LedgerOptions,
}

/// The quotas, kept.
pub struct Quotas {
    /// Judges by another judge, and then by the quotas.
    pub judge: Arc<dyn Judge>,
    /// What they must be asked about; none until they were listed.
    pub handled: watch::Receiver<Option<Arc<[Handled]>>>,
}

/// Puts the quotas of projects behind a judge. What the judge denies is not reserved.
pub async fn with_quotas(
    judge: Arc<dyn Judge>,
    options: &QuotaOptions,
    connection: &Connection,
    leads: Leads,
    telemetry: &Arc<Telemetry>,
) -> Quotas {
    let check = telemetry.checks.register("quotas");
    check.fail("nothing was listed yet");
    let discovery = discover(connection).await;
    let ledger = Ledger::start(connection, discovery, options.ledger.clone(), leads);
    tokio::spawn(tend(ledger.clone()));
    let (told, handled) = watch::channel(None);
    tokio::spawn(publish(ledger.clone(), check, told, telemetry.clone()));
    Quotas { judge: Arc::new(Then { first: judge, second: ledger }), handled }
}

/// The server's types; asked for until it answers.
async fn discover(connection: &Connection) -> Discovery {
    loop {
        match Discovery::fetch(connection).await {
            Ok(found) => return found,
            Err(error) => tracing::warn!(%error, "the server's types can't be read"),
        }
        tokio::time::sleep(TICK).await;
    }
}

/// Makes metrics and a readiness check of what the ledger counts, and tells what it must be asked about.
async fn publish(
    ledger: Arc<Ledger>,
    check: Check,
    told: watch::Sender<Option<Arc<[Handled]>>>,
    telemetry: Arc<Telemetry>,
) {
    let mut before = Snapshot::default();
    loop {
        let unready = ledger.unready();
        check.set(if unready.is_empty() {
            Ok(())
        } else {
            Err(format!("not listed yet: {}", unready.join(", ")))
        });
        let handled = ledger.handled();
        told.send_if_modified(|before| {
            let differs = before.as_deref() != handled.as_deref();
            if differs {
                *before = handled.map(Arc::from);
            }
            differs
        });
        let now = ledger.figures();
        add(&telemetry.metrics.ledger, &before, &now);
        before = now;
        tokio::time::sleep(TICK).await;
    }
}

fn add(metrics: &LedgerMetrics, before: &Snapshot, now: &Snapshot) {
    metrics.writes.inc_by(now.writes - before.writes);
    metrics.conflicts.inc_by(now.conflicts - before.conflicts);
    metrics.expired.inc_by(now.expired - before.expired);
    metrics.drift.inc_by(now.drifted - before.drifted);
    metrics.reservations.set(i64::try_from(now.open).unwrap_or(i64::MAX));
}

/// One judge after the other: the second is asked about what the first allows.
struct Then {
    first: Arc<dyn Judge>,
    second: Arc<Ledger>,
}

impl Judge for Then {
    fn judge<'a>(&'a self, request: &'a Request<'a>, deadline: std::time::Instant) -> Judging<'a> {
        Box::pin(async move {
            let first = self.first.judge(request, deadline).await?;
            if !first.is_allowed() {
                return Ok(first);
            }
            let second = self.second.judge(request, deadline).await?;
            Ok(both(first, second))
        })
    }
}

/// What two judges say together, of which the first allowed.
fn both(first: Decision, mut second: Decision) -> Decision {
    second.warnings.splice(0..0, first.warnings);
    for (key, value) in first.audit_annotations {
        second.audit_annotations.entry(key).or_insert(value);
    }
    second.grounds.splice(0..0, first.grounds);
    second
}
