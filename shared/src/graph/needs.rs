//! What an answer turns out to refer to and has not been read yet.

use std::collections::{BTreeMap, BTreeSet};

use super::{Direction, Graph, NodeId, Query, Scope, walk};
use crate::model::ObjectKey;

/// Objects that were not read yet and that an answer needs to be whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// This object: something refers to it.
    Object(ObjectKey),
    /// Every object of this group and kind, in this namespace or everywhere: something selects among them.
    Kind(String, String, Option<String>),
}

impl Graph {
    /// What the answer to a query still needs; sorted. It is empty once everything that could be read has been.
    pub fn needs(&self, query: &Query) -> Vec<Need> {
        let mut needs = BTreeSet::new();
        let nodes: BTreeMap<NodeId, bool> = match &query.scope {
            Scope::Cluster => self.ids().map(|id| (id, false)).collect(),
            Scope::Namespace(_) => match self.select(query) {
                Ok((_, nodes)) => nodes.into_iter().map(|id| (id, false)).collect(),
                Err(_) => BTreeMap::new(),
            },
            Scope::Objects(keys) => {
                let found: Vec<NodeId> = keys.iter().filter_map(|key| self.find(key)).collect();
                let ends = keys.iter().chain(&query.to);
                needs.extend(ends.filter(|key| self.find(key).is_none()).cloned().map(Need::Object));
                walk::reach_all(self, query, &found)
            }
        };
        for (id, follows) in nodes {
            if self.is_unknown(id) {
                needs.insert(Need::Object(self.key(id).clone()));
            }
            if follows && query.direction != Direction::Dependents {
                needs.extend(
                    self.unread_selections(id).map(|(group, kind, within)| Need::Kind(group, kind, within)),
                );
            }
        }
        needs.into_iter().collect()
    }
}
