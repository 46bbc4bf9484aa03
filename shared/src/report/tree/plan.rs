//! Who stands beneath whom.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::relation::{Term, Wording};
use crate::report::relations::{OWNED_BY, Relations, is_owner};

/// Lines deeper than this start a tree of their own: a chain of ten thousand owners is no reason for lines that long.
const DEEPEST: u16 = 100;

/// How many owners up an object is looked for, so that cycles of owners end.
pub(super) const OWNERS_UP: usize = 16;

/// A line beneath another.
pub(super) struct Child {
    pub(super) node: u32,
    /// Whether what belongs beneath it stands here, rather than at its other line.
    pub(super) expanded: bool,
    pub(super) wording: Wording,
}

/// Every node of a document, once expanded.
pub(super) struct Plan {
    /// The lines at the top, in order.
    pub(super) tops: Vec<u32>,
    /// What stands beneath each node.
    pub(super) children: Vec<Vec<Child>>,
}

/// How a node came to its place, which decides what stands beneath it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// At the top, or because it needs the line above: what needs it in turn is of interest.
    Up,
    /// Because the line above needs it: who else does is another question.
    Down,
    /// Because the line above owns it; the head of the family shows what refers to it.
    Owned,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) parent: Option<u32>,
    pub(super) step: Step,
    depth: u16,
}

/// Where among its siblings a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Owned,
    Owner,
    Needs,
    NeededBy,
}

pub(super) struct Planner<'a> {
    pub(super) relations: &'a Relations<'a>,
    pub(super) places: Vec<Option<Place>>,
    /// The head of the family that a node belongs to: the head itself, and what it owns by any number of steps.
    pub(super) family: Vec<Option<u32>>,
    pub(super) members: BTreeMap<u32, Vec<u32>>,
    /// What every pod of a family needs, shown at the head: (head, edge type, target).
    pub(super) common: BTreeSet<(u32, &'a str, u32)>,
    children: Vec<Vec<Child>>,
    tops: Vec<u32>,
    queue: VecDeque<u32>,
    order: Vec<u32>,
}

/// Arranges a document.
pub(super) fn plan(relations: &Relations<'_>) -> Plan {
    let count = relations.document.nodes.len();
    let mut planner = Planner {
        relations,
        places: vec![None; count],
        family: vec![None; count],
        members: BTreeMap::new(),
        common: BTreeSet::new(),
        children: std::iter::repeat_with(Vec::new).take(count).collect(),
        tops: Vec::new(),
        queue: VecDeque::new(),
        order: Vec::new(),
    };
    if relations.document.roots.is_empty() {
        let heads: Vec<u32> = relations.nodes().filter(|node| planner.is_head(*node)).collect();
        planner.start(&heads);
    } else {
        planner.start(&relations.document.roots);
        planner.attach();
    }
    planner.rest();
    Plan { tops: planner.tops, children: planner.children }
}

impl<'a> Planner<'a> {
    /// Puts nodes at the top and everything that follows from that beneath them, nearest first.
    fn start(&mut self, tops: &[u32]) {
        let mut new = Vec::new();
        for node in tops {
            if self.places[*node as usize].is_none() {
                self.places[*node as usize] = Some(Place { parent: None, step: Step::Up, depth: 0 });
                new.push(*node);
            }
        }
        for node in &new {
            self.gather(*node);
        }
        self.queue.extend(&new);
        self.tops.extend(new);
        self.run();
    }

    fn run(&mut self) {
        while let Some(node) = self.queue.pop_front() {
            self.order.push(node);
            let Some(place) = self.places[node as usize] else { continue };
            if place.depth >= DEEPEST {
                continue;
            }
            let terms = self.terms(node, place, place.step != Step::Down);
            self.settle(node, place, terms);
        }
    }

    /// What is left in an answer about roots is connected some other way: beneath the nearest line, against an edge
    /// that would not lead away from the root otherwise.
    fn attach(&mut self) {
        let mut at = 0;
        while at < self.order.len() {
            let node = self.order[at];
            at += 1;
            let Some(place) = self.places[node as usize].filter(|place| place.depth < DEEPEST) else {
                continue;
            };
            let mut terms: Vec<Term<'a>> = Vec::new();
            for edge in self.relations.to(node).filter(|edge| self.places[edge.source as usize].is_none()) {
                terms.push(Term::incoming(edge, None));
            }
            if !terms.is_empty() {
                self.settle(node, place, terms);
                self.run();
            }
        }
    }

    /// What is connected to nothing yet: first what needs something and is needed by nothing, then the rest.
    fn rest(&mut self) {
        let free = |node: &u32| self.relations.to(*node).all(|edge| edge.source == *node);
        let owned = |node: &u32| self.relations.owners(*node).next().is_some();
        let (first, second): (Vec<u32>, Vec<u32>) = self
            .relations
            .nodes()
            .filter(|node| self.places[*node as usize].is_none())
            .partition(|node| free(node) && !owned(node) && self.relations.from(*node).next().is_some());
        let (then, last): (Vec<u32>, Vec<u32>) = second.into_iter().partition(|node| !owned(node));
        for node in first.into_iter().chain(then).chain(last) {
            self.start(&[node]);
        }
    }

    /// Whether a node heads a family worth a tree of its own in a graph without roots: pods, workloads and what owns
    /// them. (Services own endpoint slices; they belong to the workload that they target.)
    fn is_head(&self, node: u32) -> bool {
        let relations = self.relations;
        if relations.owners(node).next().is_some() {
            return false;
        }
        let workload = |node: u32| {
            let key = &relations.document.node(node).key;
            relations.is_core(node, "Pod")
                || relations.is_core(node, "ReplicationController")
                || matches!(&*key.group, "apps" | "batch")
        };
        let present = !relations.document.node(node).missing;
        let mut owned = relations.owned(node);
        present
            && (workload(node) || owned.any(|child| workload(child) || relations.owned(child).any(workload)))
    }

    /// Notes a family: a head and what it owns, except what has a place or another head already.
    fn gather(&mut self, head: u32) {
        if self.family[head as usize].is_some() {
            return;
        }
        self.family[head as usize] = Some(head);
        let mut members = vec![head];
        let mut at = 0;
        while at < members.len() {
            for child in self.relations.owned(members[at]) {
                if self.family[child as usize].is_none() && self.places[child as usize].is_none() {
                    self.family[child as usize] = Some(head);
                    members.push(child);
                }
            }
            at += 1;
        }
        self.members.insert(head, members);
    }

    /// Everything that could stand beneath a node, and why.
    fn terms(&mut self, node: u32, place: Place, needed_by: bool) -> Vec<Term<'a>> {
        let relations = self.relations;
        let mut terms: Vec<Term<'a>> = Vec::new();
        for edge in relations.to(node).filter(|edge| relations.has(edge.source, node, OWNED_BY)) {
            if !self.on_own_line(node, edge.source, place) && !self.stands_beneath_its_pod(node, edge.source)
            {
                terms.push(Term::incoming(edge, None));
            }
        }
        let mut pods: BTreeMap<(u32, &'a str), usize> = BTreeMap::new();
        for edge in relations.from(node) {
            if self.on_own_line(node, edge.target, place) || self.told(node, edge) {
                continue;
            }
            if *edge.edge_type == *"provisions" && self.stands_beneath_its_pod(node, edge.target) {
                continue;
            }
            if !is_owner(edge) && relations.is_core(edge.target, "Pod") {
                let family = self.family[edge.target as usize];
                if family.is_some() && family != self.family[node as usize] {
                    continue; // The head of that family has a line about it.
                }
                let top = self.top(edge.target);
                if family.is_none() && top != edge.target && top != node && !self.is_above(top, node) {
                    *pods.entry((top, &edge.edge_type)).or_default() += 1;
                    continue;
                }
            }
            terms.push(Term::outgoing(edge));
        }
        for ((top, edge_type), count) in pods {
            terms.push(Term::outgoing_to_pods(top, edge_type, count));
        }
        if needed_by && self.family[node as usize] == Some(node) {
            self.common_needs(node, &mut terms);
            self.needed_by(node, place, &mut terms);
        }
        terms
    }

    /// What every pod of a family needs and its head does not name: sidecars' config maps, the default account.
    fn common_needs(&mut self, head: u32, terms: &mut Vec<Term<'a>>) {
        let members = self.members.get(&head).map_or(&[][..], Vec::as_slice);
        let pods: Vec<u32> = members
            .iter()
            .copied()
            .filter(|pod| *pod != head && self.relations.is_core(*pod, "Pod"))
            .collect();
        let [first, _, ..] = pods[..] else { return };
        for edge in self.relations.from(first) {
            let own = is_owner(edge)
                || *edge.edge_type == *"runs_on"
                || self.family[edge.target as usize] == Some(head);
            if own || self.relations.has(head, edge.target, &edge.edge_type) {
                continue;
            }
            if pods.iter().all(|pod| self.relations.has(*pod, edge.target, &edge.edge_type))
                && self.common.insert((head, &edge.edge_type, edge.target))
            {
                terms.push(Term::common(edge, pods.len()));
            }
        }
    }

    /// What refers to a family from outside.
    fn needed_by(&self, head: u32, place: Place, terms: &mut Vec<Term<'a>>) {
        let relations = self.relations;
        let members = self.members.get(&head).map_or(&[][..], Vec::as_slice);
        for member in members {
            for edge in relations.to(*member).filter(|edge| !is_owner(edge)) {
                let source = edge.source;
                if self.family[source as usize] == Some(head) || self.is_above(source, head) {
                    continue;
                }
                if *member == head && !self.on_own_line(head, source, place) {
                    terms.push(Term::incoming(edge, None));
                } else if *member != head {
                    terms.push(Term::incoming(edge, Some(&relations.document.node(*member).key.kind)));
                }
            }
        }
    }

    /// Makes lines of terms: decides which of the objects are shown here, and which of them are expanded here.
    fn settle(&mut self, node: u32, place: Place, mut terms: Vec<Term<'a>>) {
        terms.sort();
        terms.dedup();
        let needing: BTreeSet<(u32, &str)> = terms
            .iter()
            .filter(|term| term.incoming && term.edge_type != OWNED_BY)
            .map(|term| (term.node, term.edge_type))
            .collect();
        let totals = self.totals(node, &terms);
        let mut lines: Vec<(Rank, Child)> = Vec::new();
        for group in terms.chunk_by(|a, b| a.node == b.node) {
            let Some(first) = group.first() else { continue };
            let rank = group.iter().map(rank).min().unwrap_or(Rank::NeededBy);
            let other = first.node;
            if rank == Rank::NeededBy && self.follows_from_another(other, group, &needing) {
                continue;
            }
            let family = self.family[other as usize];
            let free = self.places[other as usize].is_none()
                && (family.is_none() || family == self.family[node as usize]);
            // The source shows its edges itself, except those to pods.
            if !free
                && rank == Rank::NeededBy
                && !group.iter().any(|term| self.relations.is_core(term.end, "Pod"))
            {
                continue;
            }
            if free {
                let step = match rank {
                    Rank::Owned if place.step == Step::Down => Step::Down,
                    Rank::Owned => Step::Owned,
                    _ if group.iter().any(|term| term.incoming) => Step::Up,
                    _ => Step::Down,
                };
                self.places[other as usize] =
                    Some(Place { parent: Some(node), step, depth: place.depth + 1 });
                if step == Step::Up {
                    self.gather(other);
                }
            }
            lines.push((rank, Child { node: other, expanded: free, wording: Wording::new(group, &totals) }));
        }
        lines.sort_by_key(|(rank, child)| (*rank, child.node));
        self.queue.extend(lines.iter().filter(|(_, child)| child.expanded).map(|(_, child)| child.node));
        self.children[node as usize].extend(lines.into_iter().map(|(_, child)| child));
    }
}

fn rank(term: &Term<'_>) -> Rank {
    match (term.edge_type == OWNED_BY, term.incoming) {
        (true, true) => Rank::Owned,
        (true, false) => Rank::Owner,
        (false, false) => Rank::Needs,
        (false, true) => Rank::NeededBy,
    }
}
