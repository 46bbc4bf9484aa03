//! What fills the view: watches of quotas, ledgers and namespaces, and of every type that a quota counts.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
    time::Duration,
};

use passmuster::{
    cluster::{Connection, Decode, Error, List, Metadata, Told, Typed, Whole, collect, follow},
    model::{ObjectMeta, builtin_kinds::builtin, discovery::Discovery, resource::Resource},
    quota::{
        ResourceQuota,
        ledger::{ALLOCATED, LedgerSpec, NAMESPACES, QuotaLedger, Sighting, Slot},
        project::ProjectQuota,
        usage::{Charged, DeviceClass, PersistentVolumeClaim, Pod, ResourceClaim, Service},
    },
};
use serde_json::Value;
use tokio::task::{AbortHandle, JoinSet};

use crate::{clock::now, kinds::own};

use super::{
    Figures,
    charge::{allocation, number, sighting},
    view::{Seen, State, View},
};

/// How often it is asked whether there are types that were not there before.
const DISCOVERY: Duration = Duration::from_secs(60);
/// How often time alone is looked at.
const TICK: Duration = Duration::from_secs(1);

/// Follows all that is needed, for as long as it is polled.
pub(super) async fn run(connection: Connection, view: Arc<View>, figures: Arc<Figures>) {
    let mut tasks = JoinSet::new();
    tasks.spawn(quotas(connection.clone(), view.clone()));
    tasks.spawn(ledgers(connection.clone(), view.clone()));
    tasks.spawn(namespaces(connection.clone(), view.clone()));
    tasks.spawn(discover(connection.clone(), view.clone()));
    tasks.spawn(pass(view.clone()));
    let mut running: BTreeMap<Arc<str>, (u64, AbortHandle)> = BTreeMap::new();
    let mut known = 0;
    loop {
        let (generation, scoped, wanted) = view
            .wait_until(|state| {
                let news = (state.generation != known).then(|| state.followed.clone());
                news.map(|wanted| (state.generation, state.scoped_generation, wanted))
            })
            .await;
        known = generation;
        let stays = |name: &Arc<str>, since: u64| {
            wanted.contains_key(name)
                && !(since < scoped && matches!(name.as_ref(), "pods" | "persistentvolumeclaims"))
        };
        running.retain(|name, (since, task)| {
            let stays = stays(name, *since);
            if !stays {
                task.abort();
            }
            stays
        });
        for (name, resource) in wanted {
            if let Entry::Vacant(vacant) = running.entry(name) {
                let name = vacant.key().clone();
                let task = of_type(name, resource, connection.clone(), view.clone(), figures.clone());
                vacant.insert((generation, tasks.spawn(task)));
            }
        }
    }
}

/// Time alone ends the charge of some pods.
async fn pass(view: Arc<View>) {
    loop {
        tokio::time::sleep(TICK).await;
        view.change(|state| state.observed.pass(now()));
    }
}

/// Types may come with their definitions.
async fn discover(connection: Connection, view: Arc<View>) {
    loop {
        tokio::time::sleep(DISCOVERY).await;
        if let Ok(found) = Discovery::fetch(&connection).await {
            view.change(|state| {
                if *state.discovery != found {
                    state.discovery = Arc::new(found);
                    state.settle_types();
                }
            });
        }
    }
}

fn name_of(object: &Value) -> String {
    text(object, "/metadata/name")
}

fn text(object: &Value, pointer: &str) -> String {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Whether the server does not have the type at all.
fn is_missing(error: &Error) -> bool {
    error.status().is_some_and(|status| status.code == 404)
}

async fn quotas(connection: Connection, view: Arc<View>) {
    let list = List::of(Whole(own(ProjectQuota::KIND, "projectquotas")), None);
    let mut named: Option<Vec<String>> = None;
    let on = |told: Told<Value>| {
        view.change(|state| match told {
            Told::Listing => named = Some(Vec::new()),
            Told::Seen(object) => {
                let name = name_of(&object);
                // Once something is decided, nothing may be half known.
                if state.quota_seen(&name, object) && (state.quotas_listed || named.is_none()) {
                    state.settle_types();
                }
                if let Some(named) = &mut named {
                    named.push(name);
                }
            }
            Told::Gone(object) => {
                state.quota_gone(&name_of(&object));
                state.settle_types();
            }
            Told::Listed(_) => {
                let named = named.take().unwrap_or_default();
                let gone = |name: &&String| !named.contains(name);
                let gone: Vec<String> = state.tracked.keys().filter(gone).cloned().collect();
                for name in &gone {
                    state.quota_gone(name);
                }
                state.settle_types();
                state.quotas_listed = true;
            }
            Told::Stale(error) => {
                tracing::warn!(%error, "quotas of projects can't be followed");
                // Without the definition there are no quotas.
                if is_missing(&error) {
                    state.tracked.clear();
                    state.settle_types();
                    state.quotas_listed = true;
                }
            }
            Told::Unreadable(why) => tracing::warn!(why, "a ProjectQuota can't be read"),
            Told::Reached(_) | Told::Fresh => {}
        });
    };
    follow(connection, list, on).await;
}

/// A ledger as the API server has it.
pub(super) fn read_ledger(object: &Value) -> Result<Seen, serde_json::Error> {
    let spec: LedgerSpec = serde_json::from_value(object.get("spec").cloned().unwrap_or_default())?;
    Ok(Seen { version: text(object, "/metadata/resourceVersion"), book: spec.into() })
}

async fn ledgers(connection: Connection, view: Arc<View>) {
    let list = List::of(Whole(own(QuotaLedger::KIND, QuotaLedger::PLURAL)), None);
    let on = |told: Told<Value>| {
        view.change(|state| match told {
            Told::Seen(object) => match read_ledger(&object) {
                Ok(seen) => state.learn(&name_of(&object), seen),
                Err(error) => {
                    tracing::warn!(%error, ledger = name_of(&object), "a QuotaLedger can't be read");
                }
            },
            Told::Gone(object) => drop(state.books.remove(&name_of(&object))),
            Told::Listed(_) => state.books_listed = true,
            Told::Stale(error) => {
                tracing::warn!(%error, "ledgers can't be followed");
                state.books_listed |= is_missing(&error);
            }
            Told::Unreadable(why) => tracing::warn!(why, "a QuotaLedger can't be read"),
            Told::Listing | Told::Reached(_) | Told::Fresh => {}
        });
    };
    follow(connection, list, on).await;
}

async fn namespaces(connection: Connection, view: Arc<View>) {
    let Some(resource) = builtin().by_kind("", "Namespace") else { return };
    let on = |told: Told<ObjectMeta>| {
        view.change(|state| match told {
            Told::Listing => state.observed.listing(NAMESPACES),
            Told::Seen(meta) => state.namespace_seen(meta),
            Told::Gone(meta) => state.namespace_gone(&meta.name, &meta.uid),
            Told::Listed(version) => {
                state.observed.listed(NAMESPACES, number(&version));
                let is_gone = |name: &&Arc<str>| {
                    state.observed.uid(&Slot::new(NAMESPACES, "", (*name).clone())).is_none()
                };
                let gone: Vec<Arc<str>> = state.members.keys().filter(is_gone).cloned().collect();
                for name in &gone {
                    state.namespace_gone(name, "");
                }
            }
            Told::Reached(version) => state.observed.reached(NAMESPACES, number(&version)),
            Told::Stale(error) => tracing::warn!(%error, "namespaces can't be followed"),
            Told::Unreadable(why) => tracing::warn!(why, "a namespace can't be read"),
            Told::Fresh => {}
        });
    };
    follow(connection, List::of(Metadata(resource.clone()), None), on).await;
}

/// Follows a type that a quota counts.
async fn of_type(
    name: Arc<str>,
    resource: Resource,
    connection: Connection,
    view: Arc<View>,
    figures: Arc<Figures>,
) {
    let follower = Follower { name: name.clone(), connection, view, figures };
    let charged = |state: &State, object: Charged| sighting(&object, &state.scopes, &state.devices, now());
    match name.as_ref() {
        ALLOCATED => {
            follower.run(Typed::<ResourceQuota>::new(&resource), |_, quota| allocation(&quota)).await;
        }
        "pods" => follower.run(Typed::<Pod>::new(&resource), |state, pod| charged(state, pod.into())).await,
        "services" => {
            follower
                .run(Typed::<Service>::new(&resource), |state, service| charged(state, service.into()))
                .await;
        }
        "persistentvolumeclaims" => {
            let reading = Typed::<PersistentVolumeClaim>::new(&resource);
            follower.run(reading, |state, claim| charged(state, claim.into())).await;
        }
        "resourceclaims.resource.k8s.io" => {
            follower.device_classes().await;
            follower
                .run(Typed::<ResourceClaim>::new(&resource), |state, claim| charged(state, claim.into()))
                .await;
        }
        _ => {
            let of = resource.clone();
            let read = move |state: &State, meta: ObjectMeta| charged(state, Charged::other(&of, Some(meta)));
            follower.run(Metadata(resource), read).await;
        }
    }
}

struct Follower {
    name: Arc<str>,
    connection: Connection,
    view: Arc<View>,
    figures: Arc<Figures>,
}

impl Follower {
    async fn run<R: Decode>(
        self,
        reading: R,
        read: impl Fn(&State, R::Object) -> Option<(Slot, Sighting)> + Send + Sync,
    ) {
        let Self { name, connection, view, figures } = self;
        let mut listed = false;
        let on = |told: Told<R::Object>| {
            view.change(|state| match told {
                Told::Listing => {
                    figures.relists(usize::from(listed));
                    state.observed.listing(&name);
                }
                Told::Seen(object) => {
                    if let Some((slot, sighting)) = read(state, object) {
                        state.observed.seen(&slot, sighting);
                    }
                }
                Told::Gone(object) => {
                    if let Some((slot, sighting)) = read(state, object) {
                        state.observed.gone(&slot, &sighting.uid);
                    }
                }
                Told::Listed(version) => {
                    listed = true;
                    state.failed.remove(&name);
                    state.observed.listed(&name, number(&version));
                }
                Told::Reached(version) => state.observed.reached(&name, number(&version)),
                Told::Unreadable(why) => tracing::warn!(resource = %name, why, "an object can't be read"),
                Told::Stale(error) => {
                    tracing::warn!(resource = %name, %error, "objects can't be followed");
                    state.failed.insert(name.clone(), error.to_string());
                }
                Told::Fresh => drop(state.failed.remove(&name)),
            });
        };
        follow(connection, List::of(reading, None), on).await;
    }

    /// Which extended resources device classes stand for, as of now.
    async fn device_classes(&self) {
        let discovery = self.view.read(|state| state.discovery.clone());
        let Some(resource) = discovery.by_kind("resource.k8s.io", "DeviceClass") else { return };
        let reading = Typed::<DeviceClass>::new(resource);
        match collect(&self.connection, reading, None, &mut Vec::new()).await {
            Ok(classes) => {
                self.view.change(|state| classes.iter().for_each(|class| state.devices.add_class(class)));
            }
            Err(error) => tracing::warn!(%error, "device classes can't be listed"),
        }
    }
}
