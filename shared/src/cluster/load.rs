//! One reading of a cluster: what a question needs, and no more.

use std::{cell::RefCell, collections::BTreeSet};

use futures::{StreamExt as _, stream};
use serde_json::Value;

use super::{
    Connection, Error, Found, List, Listed, get,
    question::{Ask, Question},
};
use crate::{
    graph::{Graph, Need},
    model::{Skipped, discovery::Discovery},
};

/// Requests in flight. More does not help one server, and takes more than one user's share of it.
const AT_ONCE: usize = 8;
/// How far references are followed beyond what was planned: pod, claim, volume, class, driver.
const ROUNDS: usize = 8;

/// What was read of a cluster for a question.
#[derive(Debug)]
pub struct Loaded {
    /// The index.
    pub graph: Graph,
    /// What could not be read. Sorted.
    pub skipped: Vec<Skipped>,
}

/// Where whole objects go, for a snapshot.
pub type Saver<'a> = &'a mut (dyn FnMut(&Value) + 'a);

struct Loading<'a> {
    connection: &'a Connection,
    state: RefCell<State<'a>>,
}

struct State<'a> {
    graph: Graph,
    skipped: Vec<Skipped>,
    save: Option<Saver<'a>>,
}

/// Reads what a question needs. Whatever can't be read is skipped and told; only the caller knows what that means.
pub async fn load<'a>(
    connection: &'a Connection,
    discovery: &Discovery,
    question: &Question,
    save: Option<Saver<'a>>,
) -> Loaded {
    let graph = Question::graph(discovery);
    let skipped = unavailable(discovery);
    let loading = Loading { connection, state: RefCell::new(State { graph, skipped, save }) };
    let first = question.lists(discovery).into_iter().map(Ask::List).collect();
    // What a root is told to be is asked for at once, beside the lists.
    let roots = loading.needs(question);
    let mut tried: BTreeSet<Need> = roots.iter().cloned().collect();
    let mut asks: Vec<Ask> = first;
    asks.extend(question.asks(discovery, roots));
    for _ in 0..ROUNDS {
        stream::iter(asks).map(|ask| loading.ask(ask)).buffer_unordered(AT_ONCE).collect::<()>().await;
        let needs: Vec<Need> =
            loading.needs(question).into_iter().filter(|need| tried.insert(need.clone())).collect();
        if needs.is_empty() {
            break;
        }
        asks = question.asks(discovery, needs);
    }
    let State { graph, mut skipped, .. } = loading.state.into_inner();
    skipped.sort();
    skipped.dedup();
    Loaded { graph, skipped }
}

/// What discovery could not tell.
pub(super) fn unavailable(discovery: &Discovery) -> Vec<Skipped> {
    discovery
        .stale
        .iter()
        .map(|group_version| Skipped {
            resource: group_version.clone(),
            namespace: None,
            reason: "Unavailable".to_owned(),
            message: "the server that serves this group does not answer".to_owned(),
        })
        .collect()
}

impl Loading<'_> {
    fn needs(&self, question: &Question) -> Vec<Need> {
        self.state.borrow().graph.needs(&question.query)
    }

    async fn ask(&self, ask: Ask) {
        match ask {
            Ask::List(list) => self.list(list).await,
            Ask::Object(reading, key) => {
                let got = get(self.connection, &reading, &key.namespace, &key.name).await;
                match got {
                    Ok(Some(listed)) => self.take(&key.to_string(), listed),
                    Ok(None) => self.state.borrow_mut().graph.mark_absent(&key),
                    Err(error) => self.skip(&reading.resource.to_string(), Some(&key.namespace), &error),
                }
            }
            Ask::NotServed(group, kind) => self.state.borrow_mut().graph.cover(&group, &kind, None),
        }
    }

    async fn list(&self, list: List) {
        let resource = &list.reading.resource;
        let mut seen = Vec::new();
        let mut take = |listed: Listed<Found>| match listed {
            Listed::Anew => {
                let mut state = self.state.borrow_mut();
                seen.drain(..).for_each(|key| state.graph.delete(&key));
            }
            listed => {
                if let Listed::Object((facts, _)) = &listed {
                    seen.push(facts.key.clone());
                }
                self.take(&resource.to_string(), listed);
            }
        };
        match list.read(self.connection, &mut take).await {
            Ok(_) if list.field_selector.is_none() => {
                let mut state = self.state.borrow_mut();
                state.graph.cover(&resource.group, &resource.kind, list.namespace.as_deref());
            }
            Ok(_) => {}
            Err(error) => self.skip(&resource.to_string(), list.namespace.as_deref(), &error),
        }
    }

    fn take(&self, resource: &str, listed: Listed<Found>) {
        let mut state = self.state.borrow_mut();
        match listed {
            Listed::Object((facts, whole)) => {
                if let (Some(value), Some(save)) = (whole, &mut state.save) {
                    save(&value);
                }
                state.graph.apply(*facts);
            }
            Listed::Unreadable(why) => state.skipped.push(Skipped {
                resource: resource.to_owned(),
                namespace: None,
                reason: "Invalid".to_owned(),
                message: why,
            }),
            Listed::Anew => {}
        }
    }

    fn skip(&self, resource: &str, namespace: Option<&str>, error: &Error) {
        let namespace = namespace.filter(|namespace| !namespace.is_empty());
        self.state.borrow_mut().skipped.push(error.skipped(resource, namespace));
    }
}
