//! Which objects are drawn as one.

use std::collections::BTreeMap;

use crate::{
    model::Health,
    report::relations::{OWNED_BY, Relations},
    text::counted,
};

/// More cards than this are neither read by people nor moved about by browsers.
const MOST: usize = 2000;
/// So many roots are shown one by one, however alike they are.
const ROOTS: usize = 50;

/// Groups of nodes, in the order of their first members.
pub(super) struct Collapsed {
    pub(super) groups: Vec<Vec<u32>>,
    /// The group of each node.
    pub(super) group_of: Vec<usize>,
    pub(super) note: Option<String>,
}

/// What makes two nodes one card. Empty texts and lists where a level looks away.
type Key<'a> =
    (&'a str, &'a str, &'a str, (bool, bool), Option<Health>, Vec<(bool, &'a str, &'a str, u32)>, u32);

/// How closely nodes are looked at, closest first.
const LEVELS: &[(Level, &str)] = &[
    (Level::Replicas, ""),
    (Level::Alike, "objects of one kind that relate to the same kinds are drawn as one"),
    (Level::Kinds, "objects of one kind in one namespace are drawn as one"),
    (Level::Everywhere, "objects of one kind are drawn as one, whatever their namespace"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// Same kind, health and owner, same neighbours but for the Node.
    Replicas,
    /// Same kind and health, neighbours of the same kinds.
    Alike,
    /// Same kind and namespace.
    Kinds,
    /// Same kind.
    Everywhere,
}

pub(super) fn collapse(relations: &Relations<'_>) -> Collapsed {
    let count = relations.document.nodes.len();
    let mut best = Collapsed { groups: Vec::new(), group_of: Vec::new(), note: None };
    for (level, told) in LEVELS {
        best = group(relations, *level);
        if best.groups.len() <= MOST || *level == Level::Everywhere {
            let hidden = (!told.is_empty())
                .then(|| format!("{} are too many for one picture: {told}.", counted(count, "object")));
            best.note = hidden;
            break;
        }
    }
    best
}

fn group(relations: &Relations<'_>, level: Level) -> Collapsed {
    let document = relations.document;
    let few_roots = document.roots.len() <= ROOTS;
    let mut groups: Vec<Vec<u32>> = Vec::new();
    let mut group_of = Vec::with_capacity(document.nodes.len());
    let mut by_key: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    for index in relations.nodes() {
        let alone = few_roots && document.is_root(index);
        let at = *by_key.entry(key(relations, index, level, alone)).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Vec::new());
        }
        groups[at].push(index);
        group_of.push(at);
    }
    Collapsed { groups, group_of, note: None }
}

fn key<'a>(relations: &Relations<'a>, index: u32, level: Level, alone: bool) -> Key<'a> {
    let node = relations.document.node(index);
    let (group, kind, namespace) = (&*node.key.group, &*node.key.kind, &*node.key.namespace);
    let (found, health) = ((node.missing, node.unknown), Some(node.status.health));
    let own = index + 1; // Nobody else's.
    if alone {
        return (group, kind, namespace, found, None, Vec::new(), own);
    }
    match level {
        Level::Replicas if relations.owners(index).next().is_none() => {
            (group, kind, namespace, found, None, Vec::new(), own)
        }
        Level::Replicas => {
            (group, kind, namespace, found, health, neighbours(relations, index, |other| other), 0)
        }
        Level::Alike => {
            let mut near = neighbours(relations, index, |_| 0);
            near.dedup();
            (group, kind, namespace, found, health, near, 0)
        }
        Level::Kinds => (group, kind, namespace, found, None, Vec::new(), 0),
        Level::Everywhere => (group, kind, "", found, None, Vec::new(), 0),
    }
}

/// A node's edges by direction, type, kind of the other end, and who that is; Nodes are looked past, except by owners.
fn neighbours<'a>(
    relations: &Relations<'a>,
    index: u32,
    identity: impl Fn(u32) -> u32,
) -> Vec<(bool, &'a str, &'a str, u32)> {
    let document = relations.document;
    let mut near = Vec::new();
    for edge in relations.from(index) {
        if !relations.is_core(edge.target, "Node") || *edge.edge_type == *OWNED_BY {
            near.push((true, &*edge.edge_type, &*document.node(edge.target).key.kind, identity(edge.target)));
        }
    }
    for edge in relations.to(index) {
        if !relations.is_core(edge.source, "Node") {
            near.push((
                false,
                &*edge.edge_type,
                &*document.node(edge.source).key.kind,
                identity(edge.source),
            ));
        }
    }
    near.sort_unstable();
    near
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::report::sketch::{DEPLOYMENT, sketch};

    fn sizes(text: &str) -> Vec<usize> {
        let document = sketch(text);
        let mut sizes: Vec<usize> = collapse(&Relations::new(&document))
            .groups
            .iter()
            .map(Vec::len)
            .filter(|size| *size > 1)
            .collect();
        sizes.sort_unstable();
        sizes
    }

    #[test]
    fn replicas_are_one_whatever_node_they_run_on() {
        let mut text = DEPLOYMENT.to_owned();
        for pod in 0..5 {
            let _ = writeln!(
                text,
                "Pod/shop/n{pod} healthy\nPod/shop/n{pod} owned_by ReplicaSet.apps/shop/nginx-7c5ddbdf54"
            );
            let _ = writeln!(text, "Pod/shop/n{pod} runs_on Node/n{}", pod % 2);
        }
        assert_eq!(sizes(&text), [2, 5], "the pods that the service targets have other neighbours");
    }

    #[test]
    fn config_maps_of_one_user_stay_apart() {
        assert_eq!(
            sizes("Deployment.apps/a/d uses ConfigMap/a/x\nDeployment.apps/a/d uses ConfigMap/a/y"),
            [0usize; 0]
        );
    }

    #[test]
    fn large_graphs_are_collapsed_harder_and_say_so() {
        let mut text = String::new();
        for pod in 0..3000 {
            let _ =
                writeln!(text, "Pod/ns{}/p{pod} mounts PersistentVolumeClaim/ns{}/c{pod}", pod % 3, pod % 3);
        }
        let document = sketch(&text);
        let collapsed = collapse(&Relations::new(&document));
        assert_eq!(collapsed.groups.len(), 6);
        insta::assert_snapshot!(collapsed.note.unwrap(), @"6000 objects are too many for one picture: objects of one kind that relate to the same kinds are drawn as one.");
    }
}
