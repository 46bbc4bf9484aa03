//! What other lines say already, so that a line need not.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    plan::{OWNERS_UP, Place, Planner, Step},
    relation::Term,
};
use crate::graph::Edge;

impl<'a> Planner<'a> {
    /// How many members of each kind a family has, if a term counts some.
    pub(super) fn totals(&self, head: u32, terms: &[Term<'a>]) -> BTreeMap<&'a str, usize> {
        let mut totals = BTreeMap::new();
        if terms.iter().any(|term| term.member_kind.is_some()) {
            for member in self.members.get(&head).into_iter().flatten().filter(|member| **member != head) {
                *totals.entry(&*self.relations.document.node(*member).key.kind).or_default() += 1;
            }
        }
        totals
    }

    /// Whether an object that needs a family is better shown beneath another that does: the pod of a deployment that
    /// uses the same config map, the endpoint slice of a service.
    pub(super) fn follows_from_another(
        &self,
        node: u32,
        terms: &[Term<'a>],
        needing: &BTreeSet<(u32, &str)>,
    ) -> bool {
        if self.is_shadow(node) {
            let mut services = self.relations.from(node).map(|edge| edge.target);
            return services.any(|other| {
                other != node && needing.range((other, "")..).next().is_some_and(|(n, _)| *n == other)
            });
        }
        let mut seen = vec![node];
        let mut at = 0;
        while at < seen.len() && seen.len() < OWNERS_UP {
            for owner in self.relations.owners(seen[at]) {
                if !seen.contains(&owner) {
                    seen.push(owner);
                }
            }
            at += 1;
        }
        terms.iter().all(|term| seen[1..].iter().any(|owner| needing.contains(&(*owner, term.edge_type))))
    }

    /// Whether a node only repeats what a service says.
    pub(super) fn is_shadow(&self, node: u32) -> bool {
        matches!(&*self.relations.document.node(node).key.kind, "EndpointSlice" | "Endpoints")
    }

    /// Whether the node's own line says how it relates to this object: it is the line above.
    pub(super) fn on_own_line(&self, node: u32, other: u32, place: Place) -> bool {
        if other == node || place.parent == Some(other) {
            return true;
        }
        // Beneath the head of a family, the line is about the whole family.
        let above = place.parent.and_then(|parent| self.family[parent as usize]);
        place.step == Step::Up
            && above.is_some()
            && self.family[other as usize] == above
            && self.family[node as usize] != above
    }

    /// Whether a line above says the same of the family that a node belongs to.
    pub(super) fn told(&self, node: u32, edge: &Edge) -> bool {
        let mut at = node;
        let above = self.places[node as usize].and_then(|place| place.parent);
        if self.is_shadow(node)
            && above.is_some_and(|service| self.relations.has(service, edge.target, "targets"))
        {
            return true;
        }
        while let Some(Place { parent: Some(parent), step, .. }) = self.places[at as usize] {
            if step == Step::Up {
                return false;
            }
            if self.relations.has(parent, edge.target, &edge.edge_type)
                || self.common.contains(&(parent, &edge.edge_type, edge.target))
            {
                return true;
            }
            at = parent;
        }
        false
    }

    /// Whether an object is on the way from the top to a node.
    pub(super) fn is_above(&self, other: u32, node: u32) -> bool {
        let mut at = node;
        while let Some(Place { parent: Some(parent), .. }) = self.places[at as usize] {
            if parent == other {
                return true;
            }
            at = parent;
        }
        false
    }

    /// Whether a claim that a node makes or owns is mounted by one of the family's pods, and stands better there.
    pub(super) fn stands_beneath_its_pod(&self, node: u32, claim: u32) -> bool {
        let family = self.family[node as usize];
        family.is_some()
            && self.relations.is_core(claim, "PersistentVolumeClaim")
            && !self.relations.is_core(node, "Pod")
            && self.relations.to(claim).any(|edge| {
                *edge.edge_type == *"mounts"
                    && edge.source != node
                    && self.family[edge.source as usize] == family
            })
    }

    /// The topmost owner of a node.
    pub(super) fn top(&self, node: u32) -> u32 {
        let mut at = node;
        for _ in 0..OWNERS_UP {
            match self.relations.owners(at).next() {
                Some(owner) => at = owner,
                None => break,
            }
        }
        at
    }
}
