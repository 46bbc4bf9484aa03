//! A graph that follows its cluster: lists once, watches, and asks for more as the answer grows.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    time::Duration,
};

use tokio::{task::AbortHandle, time::Instant};

use super::{
    Connection, Error, List,
    changes::{Change, Changes, Incoming, WatchId, changes},
    load::unavailable,
    question::{Ask, Question, declare},
    watch,
};
use crate::{
    graph::{Graph, Need, Planned},
    model::{ObjectKey, Skipped, discovery::Discovery, kinds, resource::Resource},
};

/// Changes that come together are told together.
const TOGETHER: Duration = Duration::from_millis(100);
/// When to ask for the types again after a CRD has changed: the server serves a new type only a while later.
const AFTER_CRD: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_millis(1200), Duration::from_secs(4)];

/// A graph that follows its cluster.
pub struct Live {
    connection: Connection,
    question: Question,
    discovery: Discovery,
    graph: Graph,
    watches: BTreeMap<WatchId, Watching>,
    /// What is being watched: no list twice.
    lists: BTreeSet<Planned>,
    tried: BTreeSet<Need>,
    next: usize,
    changes: Changes,
    incoming: Incoming,
    /// When to ask for the types again, soonest last.
    rediscover: Vec<Instant>,
}

struct Watching {
    planned: Planned,
    task: AbortHandle,
    /// While a list is being read: what was there before and has not been named yet.
    unconfirmed: Option<HashSet<ObjectKey>>,
    /// What it told, when it watches only a part of a kind: the rest of the kind is not its concern.
    told: HashSet<ObjectKey>,
    /// Whether it has told all that exists, or why it can't.
    settled: bool,
    stale: Option<Skipped>,
    unreadable: BTreeSet<String>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Live {
    /// Lists what the question needs, and starts to watch it.
    pub async fn start(connection: Connection, discovery: Discovery, question: Question) -> Self {
        let (changes, incoming) = changes();
        let graph = Question::graph(&discovery);
        let mut live = Self {
            connection,
            question,
            discovery,
            graph,
            watches: BTreeMap::new(),
            lists: BTreeSet::new(),
            tried: BTreeSet::new(),
            next: 0,
            changes,
            incoming,
            rediscover: Vec::new(),
        };
        live.start_planned();
        live.settle().await;
        live
    }

    /// The graph as it is now.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Lets go of what the answers given so far referred to.
    pub fn release(&mut self) {
        self.graph.settle();
    }

    /// What can't be read, or is old, at this moment. Sorted.
    pub fn skipped(&self) -> Vec<Skipped> {
        let mut skipped = unavailable(&self.discovery);
        for watching in self.watches.values() {
            skipped.extend(watching.stale.clone());
            skipped.extend(watching.unreadable.iter().map(|why| Skipped {
                resource: watching.planned.resource.to_string(),
                namespace: watching.planned.namespace.clone(),
                reason: "Invalid".to_owned(),
                message: why.clone(),
            }));
        }
        skipped.sort();
        skipped.dedup();
        skipped
    }

    /// Waits for something to change, and for what changes with it.
    pub async fn changed(&mut self) {
        let due = self.rediscover.last().copied();
        tokio::select! {
            Some((id, change)) = self.incoming.next() => self.take(id, change),
            () = sleep_until(due) => {
                self.rediscover.pop();
                self.rediscover().await;
            }
        }
        let end = Instant::now() + TOGETHER;
        while let Ok(Some((id, change))) = tokio::time::timeout_at(end, self.incoming.next()).await {
            self.take(id, change);
        }
        self.settle().await;
    }

    /// Takes changes until every watch has told all that exists, and nothing that the answer refers to is unread.
    async fn settle(&mut self) {
        loop {
            while !self.watches.values().all(|watching| watching.settled) {
                let Some((id, change)) = self.incoming.next().await else { return };
                self.take(id, change);
            }
            let needs: Vec<Need> = self
                .graph
                .needs(&self.question.query)
                .into_iter()
                .filter(|need| self.tried.insert(need.clone()))
                .collect();
            if needs.is_empty() {
                return;
            }
            for ask in self.question.asks(&self.discovery, needs) {
                match ask {
                    Ask::List(list) => self.start_watch(list),
                    // What is asked for by name may come and go: its kind is watched where it is.
                    Ask::Object(reading, key) => {
                        let namespace = Some(&*key.namespace).filter(|namespace| !namespace.is_empty());
                        self.start_watch(List::of(reading, namespace));
                    }
                    Ask::NotServed(group, kind) => self.graph.cover(&group, &kind, None),
                }
            }
        }
    }

    fn start_planned(&mut self) {
        for list in self.question.lists(&self.discovery) {
            self.start_watch(list);
        }
        // Types come and go with their definitions.
        let crd = kinds::CUSTOM_RESOURCE_DEFINITION;
        if let Some(resource) = self.discovery.by_kind(crd.group, crd.kind) {
            let list = self.question.list(Planned::new(resource, None));
            self.start_watch(list);
        }
    }

    fn start_watch(&mut self, list: List) {
        let List { reading, namespace, field_selector, .. } = list.clone();
        let planned = Planned { resource: reading.resource, namespace, field_selector };
        let everything = Planned { namespace: None, field_selector: None, ..planned.clone() };
        if self.lists.contains(&everything) || !self.lists.insert(planned.clone()) {
            return;
        }
        let id = WatchId(self.next);
        self.next += 1;
        let task = tokio::spawn(watch(self.connection.clone(), list, id, self.changes.clone()));
        let watching = Watching {
            planned,
            task: task.abort_handle(),
            unconfirmed: None,
            told: HashSet::new(),
            settled: false,
            stale: None,
            unreadable: BTreeSet::new(),
        };
        self.watches.insert(id, watching);
    }

    fn take(&mut self, id: WatchId, change: Change) {
        let Some(watching) = self.watches.get_mut(&id) else { return };
        let Planned { resource, namespace, field_selector } = &watching.planned;
        let crd = kinds::CUSTOM_RESOURCE_DEFINITION.is(&resource.group, &resource.kind);
        match change {
            Change::Listing => {
                watching.unconfirmed = Some(if field_selector.is_some() {
                    std::mem::take(&mut watching.told)
                } else {
                    self.graph.present(&resource.group, &resource.kind, namespace.as_deref()).collect()
                });
            }
            Change::Applied(facts) => {
                if let Some(unconfirmed) = &mut watching.unconfirmed {
                    unconfirmed.remove(&facts.key);
                }
                if field_selector.is_some() {
                    watching.told.insert(facts.key.clone());
                }
                self.graph.apply(*facts);
            }
            Change::Deleted(key) => self.graph.delete(&key),
            Change::Listed => {
                for key in watching.unconfirmed.take().into_iter().flat_map(BTreeSet::from_iter) {
                    self.graph.delete(&key);
                }
                if field_selector.is_none() {
                    self.graph.cover(&resource.group, &resource.kind, namespace.as_deref());
                }
                watching.settled = true;
            }
            Change::Unreadable(why) => {
                watching.unreadable.insert(why);
            }
            Change::Stale(error) => {
                watching.stale = Some(stale(&error, resource, namespace.as_deref(), watching.settled));
                watching.settled = true;
            }
            Change::Fresh => watching.stale = None,
        }
        if crd {
            let now = Instant::now();
            self.rediscover = AFTER_CRD.iter().rev().map(|wait| now + *wait).collect();
        }
    }

    /// Asks for the types again: new ones are watched, those that are gone take their objects with them.
    async fn rediscover(&mut self) {
        let Ok(discovery) = Discovery::fetch(&self.connection).await else { return };
        if discovery == self.discovery {
            return;
        }
        self.discovery = discovery;
        declare(&self.discovery, &mut self.graph);
        let served = |resource: &Resource| self.discovery.by_kind(&resource.group, &resource.kind);
        let outdated: Vec<(WatchId, Option<Resource>)> = self
            .watches
            .iter()
            .map(|(id, watching)| (id, &watching.planned.resource))
            .filter(|(_, resource)| {
                let unreachable = self.discovery.is_stale(&resource.group, &resource.version);
                served(resource) != Some(resource) && !unreachable
            })
            .map(|(id, resource)| (*id, served(resource).cloned()))
            .collect();
        for (id, now) in outdated {
            let Some(watching) = self.watches.remove(&id) else { continue };
            self.lists.remove(&watching.planned);
            let Planned { resource, namespace, field_selector } = watching.planned.clone();
            if let Some(resource) = now {
                // The kind goes on, in another version or by other names: its list will tell what is left.
                let planned = Planned { resource, namespace, field_selector };
                self.start_watch(self.question.list(planned));
                continue;
            }
            let keys: BTreeSet<ObjectKey> =
                self.graph.present(&resource.group, &resource.kind, namespace.as_deref()).collect();
            for key in &keys {
                self.graph.delete(key);
            }
        }
        // What was not served before may be now.
        self.tried.clear();
        self.start_planned();
    }
}

/// That a watch does not get on. What it told before still stands; it may be old.
fn stale(error: &Error, resource: &Resource, namespace: Option<&str>, known: bool) -> Skipped {
    let mut skipped = error.skipped(resource.to_string(), namespace);
    if known {
        skipped.message = format!("stale: {}", skipped.message);
    }
    skipped
}

async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}
