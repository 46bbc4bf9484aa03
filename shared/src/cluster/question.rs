use std::collections::BTreeMap;

use super::{List, Reading, Relations};
use crate::{
    graph::{Graph, KindName, Need, Planned, Query, edges, plan},
    model::{ObjectKey, discovery::Discovery, resource::Resource},
};

/// From how many objects of a kind on a list is cheaper than asking for each.
const MANY: usize = 8;

/// What is asked of a cluster's graph, and by which rules.
#[derive(Clone, Default)]
pub struct Question {
    /// The query.
    pub query: Query,
    /// Look in every namespace for what touches the roots, not only in theirs.
    pub everywhere: bool,
    /// What rules beyond the built-in families say, by kind.
    pub relations: BTreeMap<KindName, Relations>,
    /// The edges that those rules can make: source and target kind, `None` for any.
    pub related: Vec<(KindName, Option<KindName>)>,
    /// Whether whole objects are wanted, for a snapshot.
    pub whole: bool,
}

/// What to ask the server for next.
pub(super) enum Ask {
    List(List),
    Object(Reading, ObjectKey),
    /// The server does not have this kind: everything of it is missing.
    NotServed(String, String),
}

impl Question {
    /// An empty graph that knows which kinds have namespaces.
    pub(super) fn graph(discovery: &Discovery) -> Graph {
        let mut graph = Graph::new();
        declare(discovery, &mut graph);
        graph
    }

    /// The lists to begin with.
    pub(super) fn lists(&self, discovery: &Discovery) -> Vec<List> {
        plan(discovery, &self.query, &self.related, self.everywhere)
            .into_iter()
            .map(|planned| self.list(planned))
            .collect()
    }

    pub(super) fn list(&self, planned: Planned) -> List {
        let Planned { resource, namespace, field_selector } = planned;
        List { reading: self.reading(&resource), namespace, field_selector, label_selector: None }
    }

    pub(super) fn reading(&self, resource: &Resource) -> Reading {
        let relations = self.relations.get(&(resource.group.clone(), resource.kind.clone())).cloned();
        Reading::new(resource, relations, self.whole)
    }

    /// How to satisfy what an answer still needs: objects by name while there are few of a kind, else by lists.
    pub(super) fn asks(&self, discovery: &Discovery, needs: Vec<Need>) -> Vec<Ask> {
        let mut objects: BTreeMap<KindName, Vec<ObjectKey>> = BTreeMap::new();
        let mut lists: BTreeMap<KindName, Vec<Option<String>>> = BTreeMap::new();
        for need in needs {
            match need {
                Need::Object(key) => {
                    objects.entry((key.group.to_string(), key.kind.to_string())).or_default().push(key);
                }
                Need::Kind(group, kind, within) => lists.entry((group, kind)).or_default().push(within),
            }
        }
        let mut asks = Vec::new();
        for (kind, keys) in objects {
            let Some(resource) = discovery.by_kind(&kind.0, &kind.1) else {
                // Of a group that could not be read, nothing is known.
                if !discovery.stale.iter().any(|stale| edges::group_of(stale) == kind.0) {
                    asks.push(Ask::NotServed(kind.0, kind.1));
                }
                continue;
            };
            let mut namespaces: BTreeMap<String, Vec<ObjectKey>> = BTreeMap::new();
            for key in keys {
                namespaces.entry(key.namespace.to_string()).or_default().push(key);
            }
            if namespaces.len() > MANY {
                asks.push(Ask::List(self.list(Planned::new(resource, None))));
                continue;
            }
            for (namespace, keys) in namespaces {
                if keys.len() > MANY {
                    asks.push(Ask::List(self.list(Planned::new(resource, Some(&namespace)))));
                } else {
                    let reading = self.reading(resource);
                    asks.extend(keys.into_iter().map(|key| Ask::Object(reading.clone(), key)));
                }
            }
        }
        for ((group, kind), namespaces) in lists {
            let Some(resource) = discovery.by_kind(&group, &kind) else {
                asks.push(Ask::NotServed(group, kind));
                continue;
            };
            if namespaces.len() > MANY || namespaces.contains(&None) {
                asks.push(Ask::List(self.list(Planned::new(resource, None))));
            } else {
                let named = namespaces.iter().map(Option::as_deref);
                asks.extend(named.map(|namespace| Ask::List(self.list(Planned::new(resource, namespace)))));
            }
        }
        asks
    }
}

/// Tells a graph which kinds have namespaces.
pub(super) fn declare(discovery: &Discovery, graph: &mut Graph) {
    for resource in discovery.preferred() {
        graph.declare_scope(&resource.group, &resource.kind, resource.namespaced);
    }
}
