//! The rules beside the other judges of a server.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use clap::Args;
use passmuster::{
    cluster::{Connection, kubernetes_version},
    model::discovery::Discovery,
};
use tokio::sync::watch;

use super::{
    cache::Cache,
    follow,
    index::Indexes,
    judge::RuleJudge,
    policies::{InForce, Policies},
    status,
};
use crate::{
    admission::Judge,
    configuration::{Handled, of_kinds},
    ledger::Leads,
    objects::Objects,
    settings::duration,
    telemetry::{Check, KindLabels, Telemetry},
};

/// How often figures become metrics.
const TICK: Duration = Duration::from_secs(1);

/// Whether the policies of the cluster are judged by, and how.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Policies")]
pub struct RuleOptions {
    /// Judge by the policies of the cluster (AuditPolicy)
    #[arg(long, env = "PASSMUSTER_POLICIES")]
    pub policies: bool,

    /// How long what rules look up may be without news while its watch does not get on; then a policy's whenUnknown
    /// says what comes of it
    #[arg(
        long, env = "PASSMUSTER_CACHE_MAX_AGE", value_name = "DURATION", default_value = "1m", value_parser = duration
    )]
    pub cache_max_age: Duration,
}

/// The rules, running.
pub struct Rules {
    /// Judges by the policies in force.
    pub judge: Arc<dyn Judge>,
    /// What they judge; none until the policies were read.
    pub handled: watch::Receiver<Option<Arc<[Handled]>>>,
}

/// Begins to follow policies and what their rules look up.
pub async fn start(
    options: &RuleOptions,
    connection: &Connection,
    leads: Leads,
    telemetry: &Arc<Telemetry>,
) -> Rules {
    let check = telemetry.checks.register("policies");
    check.fail("they were not listed yet");
    let discovery = Discovery::fetch(connection).await.unwrap_or_default();
    let cache = Arc::new(Cache::new(options.cache_max_age));
    let indexes = Indexes::new(cache.clone(), kubernetes_version(connection).await);
    let policies: Arc<Mutex<Policies>> = Arc::default();
    let (told, in_force) = watch::channel(None);
    let (handled, judged) = watch::channel(None);
    tokio::spawn(follow::policies(connection.clone(), policies.clone(), told));
    tokio::spawn(follow::kinds(connection.clone(), discovery.clone(), cache.clone(), in_force.clone()));
    tokio::spawn(handle(in_force.clone(), discovery, handled));
    tokio::spawn(publish(cache, policies.clone(), in_force.clone(), check, telemetry.clone()));
    tokio::spawn(status::run(Objects::new(connection.clone()), policies, in_force.clone(), leads));
    let judge = RuleJudge { in_force, indexes, objects: Objects::new(connection.clone()) };
    Rules { judge: Arc::new(judge), handled: judged }
}

/// Tells what is judged, whenever that changes.
async fn handle(
    mut in_force: watch::Receiver<Option<Arc<InForce>>>,
    discovery: Discovery,
    handled: watch::Sender<Option<Arc<[Handled]>>>,
) {
    loop {
        let judged = in_force.borrow_and_update().as_ref().map(|all| of_kinds(&all.judged, &discovery));
        if let Some(judged) = judged {
            handled.send_replace(Some(judged.into()));
        }
        if in_force.changed().await.is_err() {
            return;
        }
    }
}

/// Makes metrics and a readiness check of what is known.
async fn publish(
    cache: Arc<Cache>,
    policies: Arc<Mutex<Policies>>,
    in_force: watch::Receiver<Option<Arc<InForce>>>,
    check: Check,
    telemetry: Arc<Telemetry>,
) {
    let mut ready = false;
    loop {
        let metrics = &telemetry.metrics.cache;
        for figures in cache.figures() {
            let labels = KindLabels { kind: figures.kind.kind, group: figures.kind.group };
            metrics.age.get_or_create(&labels).set(figures.age.as_secs_f64());
            metrics.objects.get_or_create(&labels).set(i64::try_from(figures.objects).unwrap_or(i64::MAX));
            let relists = metrics.relists.get_or_create(&labels);
            relists.inc_by(figures.relists.saturating_sub(relists.get()));
        }
        if !ready {
            let unready = cache.unready();
            let listed = in_force.borrow().is_some();
            // What is never listed, for want of a right say, must not keep the webhook from judging all else.
            ready = listed && unready.iter().all(|why| why.contains(": "));
            check.set(match (ready, listed) {
                (true, _) => Ok(()),
                (false, false) => {
                    let all = policies.lock().unwrap_or_else(PoisonError::into_inner);
                    Err(all.problem.clone().unwrap_or_else(|| "they were not listed yet".to_owned()))
                }
                (false, true) => Err(format!("not listed yet: {}", unready.join(", "))),
            });
        }
        tokio::time::sleep(TICK).await;
    }
}
