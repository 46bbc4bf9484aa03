//! What fills the cache and the policies: watches.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use passmuster::{
    audit::AuditPolicy,
    cluster::{Connection, Error, List, Sighted, SkipReason, Told, Watched, Whole, follow},
    model::{Kind, discovery::Discovery, resource::Resource},
};
use serde_json::Value;
use tokio::{
    sync::watch,
    task::{AbortHandle, JoinSet},
};

use crate::kinds::{own, resource_of};

use super::{
    cache::Cache,
    policies::{InForce, Policies},
};

/// How often it is asked whether the server has types by now that it did not have.
const DISCOVERY: Duration = Duration::from_secs(30);

/// Policies as a server has them.
pub(super) fn policies_resource() -> Resource {
    own(AuditPolicy::KIND, "auditpolicies")
}

/// Follows the policies, and tells which are in force as soon as all were listed. A server that does not know of
/// policies has none.
pub(super) async fn policies(
    connection: Connection,
    policies: Arc<Mutex<Policies>>,
    told: watch::Sender<Option<Arc<InForce>>>,
) {
    let mut complete = false;
    let name = |object: &Value| object.pointer("/metadata/name").and_then(Value::as_str).map(str::to_owned);
    let on = |news: Told<Value>| {
        let mut all = policies.lock().unwrap_or_else(PoisonError::into_inner);
        match news {
            Told::Listing => return all.listing(),
            Told::Seen(object) => {
                if !all.put(object) {
                    return;
                }
            }
            Told::Gone(object) => name(&object).iter().for_each(|name| all.remove(name)),
            Told::Listed(_) => {
                all.listed();
                complete = true;
            }
            Told::Stale(error) if error.reason() == SkipReason::NotFound => {
                *all = Policies::default();
                complete = true;
            }
            Told::Stale(error) => {
                tracing::warn!(%error, "policies can't be followed; those that are known stay in force");
                all.problem = Some(error.to_string());
                return;
            }
            Told::Unreadable(why) => {
                tracing::warn!(why, "a policy can't be read");
                return;
            }
            Told::Fresh => {
                all.problem = None;
                return;
            }
            Told::Reached(_) => return,
        }
        if complete {
            let in_force = Arc::new(all.in_force());
            tracing::info!(policies = in_force.policies.len(), "policies in force");
            told.send_replace(Some(in_force));
        }
    };
    follow(connection, List::of(Whole(policies_resource()), None), on).await;
}

/// Follows the kinds that the policies in force look up.
pub(super) async fn kinds(
    connection: Connection,
    mut discovery: Discovery,
    cache: Arc<Cache>,
    mut in_force: watch::Receiver<Option<Arc<InForce>>>,
) {
    let mut tasks = JoinSet::new();
    // Whether whole objects are read, and the task, where the server has the type.
    let mut running: BTreeMap<Kind, (bool, Option<AbortHandle>)> = BTreeMap::new();
    let mut kept = BTreeSet::new();
    loop {
        let all = in_force.borrow_and_update().clone().unwrap_or_default();
        let wanted: BTreeMap<Kind, bool> =
            all.look_up.iter().map(|kind| (*kind, is_whole(*kind, &all.whole))).collect();
        if all.whole != kept {
            kept.clone_from(&all.whole);
            cache.keep_whole(kept.clone());
        }
        running.retain(|kind, (whole, task)| {
            let stays = wanted.get(kind) == Some(whole);
            if !stays {
                task.iter().for_each(AbortHandle::abort);
                cache.end(*kind);
            }
            stays
        });
        for (kind, whole) in wanted {
            if running.get(&kind).is_some_and(|(_, task)| task.is_some()) {
                continue;
            }
            let resource = resource_of(kind, &discovery);
            cache.begin(kind, resource.is_none());
            let reading = resource.map(|resource| Watched::new(kind, resource, whole));
            let task =
                reading.map(|reading| tasks.spawn(one(connection.clone(), kind, reading, cache.clone())));
            running.insert(kind, (whole, task));
        }
        let unknown = running.values().any(|(_, task)| task.is_none());
        tokio::select! {
            changed = in_force.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(DISCOVERY), if unknown => {
                match Discovery::fetch(&connection).await {
                    Ok(found) => discovery = found,
                    Err(error) => tracing::debug!(%error, "the server's types can't be read"),
                }
            }
        }
    }
}

fn is_whole(kind: Kind, whole: &BTreeSet<Kind>) -> bool {
    whole.iter().any(|it| it.is(kind.group, kind.kind))
}

async fn one(connection: Connection, kind: Kind, reading: Watched, cache: Arc<Cache>) {
    let on = |news: Told<Sighted>| match news {
        Told::Listing => cache.listing(kind),
        Told::Seen(object) => cache.seen(kind, object),
        Told::Gone(object) => cache.gone(kind, &object.key),
        Told::Listed(_) => cache.listed(kind),
        Told::Reached(_) => cache.reached(kind),
        Told::Unreadable(why) => tracing::warn!(%kind, why, "an object can't be read"),
        Told::Stale(error) if error.reason() == SkipReason::NotFound => cache.absent(kind),
        Told::Stale(error) => stale(&cache, kind, &error),
        Told::Fresh => cache.fresh(kind),
    };
    follow(connection, List::of(reading, None), on).await;
}

fn stale(cache: &Cache, kind: Kind, error: &Error) {
    tracing::warn!(%kind, %error, "objects can't be followed");
    cache.stale(kind, error.to_string());
}
