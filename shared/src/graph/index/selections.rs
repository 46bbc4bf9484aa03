//! Selectors against groups of equally labelled objects.

use std::collections::{BTreeMap, HashMap};

use super::{Graph, KindId, NodeId, symbols::Symbol};
use crate::{
    graph::{Selection, Within},
    model::{Labels, Selector},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SelectionId(u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GroupId(u32);

/// The present objects of one kind in one namespace that share one set of labels.
#[derive(Debug)]
struct Group {
    kind: KindId,
    namespace: Symbol,
    labels: Labels,
    members: Vec<NodeId>,
    selected_by: Vec<SelectionId>,
}

#[derive(Debug)]
enum Scope {
    Namespace(Symbol),
    Namespaces(Selector),
    Cluster,
}

#[derive(Debug)]
struct Sel {
    owner: NodeId,
    edge: Symbol,
    via: Symbol,
    kind: KindId,
    scope: Scope,
    selector: Selector,
    groups: Vec<GroupId>,
}

/// Every selection and every group, and which selects which.
#[derive(Debug, Default)]
#[expect(clippy::struct_field_names, reason = "each name says what it holds")]
pub(super) struct Selections {
    selections: Vec<Option<Sel>>,
    free_selections: Vec<SelectionId>,
    groups: Vec<Option<Group>>,
    free_groups: Vec<GroupId>,
    group_ids: HashMap<(KindId, Symbol, Labels), GroupId>,
    /// Groups and selections by kind, then by namespace: what a new one is matched against.
    groups_in: HashMap<KindId, HashMap<Symbol, Vec<GroupId>>>,
    selections_in: HashMap<(KindId, Symbol), Vec<SelectionId>>,
    /// Selections that look beyond one namespace.
    wide: BTreeMap<KindId, Vec<SelectionId>>,
}

impl Selections {
    fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.get(id.0 as usize)?.as_ref()
    }

    fn selection(&self, id: SelectionId) -> Option<&Sel> {
        self.selections.get(id.0 as usize)?.as_ref()
    }

    /// Edge type and field of a selection that a node holds.
    pub(super) fn label(&self, id: SelectionId) -> (Symbol, Symbol) {
        let sel = self.held(id);
        (sel.edge, sel.via)
    }

    /// The node that holds a selection.
    pub(super) fn owner(&self, id: SelectionId) -> NodeId {
        self.held(id).owner
    }

    #[expect(clippy::expect_used, reason = "a node's ids are removed with the selections that they name")]
    fn held(&self, id: SelectionId) -> &Sel {
        self.selection(id).expect("a selection that a node holds")
    }

    /// The nodes that a selection selects.
    pub(super) fn targets(&self, id: SelectionId) -> impl Iterator<Item = NodeId> {
        let groups = self.selection(id).map(|sel| sel.groups.as_slice()).unwrap_or_default();
        groups.iter().filter_map(|group| self.group(*group)).flat_map(|group| group.members.iter().copied())
    }

    /// The selections that select the members of a group.
    pub(super) fn of_member(&self, group: Option<GroupId>) -> impl Iterator<Item = SelectionId> {
        group
            .and_then(|id| self.group(id))
            .map(|group| group.selected_by.as_slice())
            .unwrap_or_default()
            .iter()
            .copied()
    }

    fn connect(&mut self, selection: SelectionId, group: GroupId) {
        if let (Some(Some(sel)), Some(Some(found))) =
            (self.selections.get_mut(selection.0 as usize), self.groups.get_mut(group.0 as usize))
        {
            sel.groups.push(group);
            found.selected_by.push(selection);
        }
    }

    fn disconnect(&mut self, selection: SelectionId, group: GroupId) {
        if let Some(Some(sel)) = self.selections.get_mut(selection.0 as usize) {
            sel.groups.retain(|other| *other != group);
        }
        if let Some(Some(found)) = self.groups.get_mut(group.0 as usize) {
            found.selected_by.retain(|other| *other != selection);
        }
    }

    /// Whether a selection selects the members of a group. `labels_of` tells the labels of a namespace.
    fn matches(&self, selection: SelectionId, group: GroupId, labels_of: &dyn Fn(Symbol) -> Labels) -> bool {
        let (Some(sel), Some(group)) = (self.selection(selection), self.group(group)) else { return false };
        let in_scope = match &sel.scope {
            Scope::Namespace(namespace) => *namespace == group.namespace,
            Scope::Namespaces(selector) => {
                selector.is_everything() || selector.matches(&labels_of(group.namespace))
            }
            Scope::Cluster => true,
        };
        in_scope && sel.selector.matches(&group.labels)
    }

    fn add_group(&mut self, kind: KindId, namespace: Symbol, labels: Labels) -> GroupId {
        let group = Group { kind, namespace, labels, members: Vec::new(), selected_by: Vec::new() };
        let key = (kind, namespace, group.labels.clone());
        let id = if let Some(id) = self.free_groups.pop() {
            self.groups[id.0 as usize] = Some(group);
            id
        } else {
            self.groups.push(Some(group));
            GroupId(u32::try_from(self.groups.len() - 1).unwrap_or(u32::MAX))
        };
        self.group_ids.insert(key, id);
        self.groups_in.entry(kind).or_default().entry(namespace).or_default().push(id);
        id
    }

    fn remove_group(&mut self, id: GroupId) {
        let Some(group) = self.groups.get_mut(id.0 as usize).and_then(Option::take) else { return };
        for selection in group.selected_by {
            if let Some(Some(sel)) = self.selections.get_mut(selection.0 as usize) {
                sel.groups.retain(|other| *other != id);
            }
        }
        if let Some(groups) = self.groups_in.get_mut(&group.kind).and_then(|by| by.get_mut(&group.namespace))
        {
            groups.retain(|other| *other != id);
        }
        self.group_ids.remove(&(group.kind, group.namespace, group.labels));
        self.free_groups.push(id);
    }

    fn add(&mut self, sel: Sel) -> SelectionId {
        let (kind, namespace) = (sel.kind, if let Scope::Namespace(n) = sel.scope { Some(n) } else { None });
        let id = if let Some(id) = self.free_selections.pop() {
            self.selections[id.0 as usize] = Some(sel);
            id
        } else {
            self.selections.push(Some(sel));
            SelectionId(u32::try_from(self.selections.len() - 1).unwrap_or(u32::MAX))
        };
        match namespace {
            Some(namespace) => self.selections_in.entry((kind, namespace)).or_default().push(id),
            None => self.wide.entry(kind).or_default().push(id),
        }
        id
    }

    fn remove(&mut self, id: SelectionId) {
        let Some(sel) = self.selections.get_mut(id.0 as usize).and_then(Option::take) else { return };
        for group in &sel.groups {
            if let Some(Some(group)) = self.groups.get_mut(group.0 as usize) {
                group.selected_by.retain(|other| *other != id);
            }
        }
        let list = match sel.scope {
            Scope::Namespace(namespace) => self.selections_in.get_mut(&(sel.kind, namespace)),
            Scope::Namespaces(_) | Scope::Cluster => self.wide.get_mut(&sel.kind),
        };
        if let Some(list) = list {
            list.retain(|other| *other != id);
        }
        self.free_selections.push(id);
    }

    /// The selections that may select a group of this kind in this namespace.
    fn candidates(&self, kind: KindId, namespace: Symbol) -> Vec<SelectionId> {
        let near = self.selections_in.get(&(kind, namespace)).into_iter().flatten();
        near.chain(self.wide.get(&kind).into_iter().flatten()).copied().collect()
    }
}

impl Graph {
    /// Labels of a namespace. Every namespace has its own name as a label, whether or not it was read.
    fn namespace_labels(&self, namespace: Symbol) -> Labels {
        self.namespaces.get(&namespace).cloned().unwrap_or_else(|| {
            let name = self.symbols.text(namespace).to_string();
            Labels::from(&[("kubernetes.io/metadata.name".to_owned(), name)].into())
        })
    }

    /// Puts a node into the group of its labels, making the group if it is the first.
    pub(super) fn regroup(&mut self, id: NodeId, kind: KindId, namespace: Symbol, labels: Labels) {
        self.ungroup(id);
        let known = self.selections.group_ids.get(&(kind, namespace, labels.clone())).copied();
        let group = known.unwrap_or_else(|| {
            let group = self.selections.add_group(kind, namespace, labels);
            for selection in self.selections.candidates(kind, namespace) {
                if self.selections.matches(selection, group, &|namespace| self.namespace_labels(namespace)) {
                    self.selections.connect(selection, group);
                }
            }
            group
        });
        if let Some(Some(found)) = self.selections.groups.get_mut(group.0 as usize) {
            found.members.push(id);
            // The group's labels, not an equal copy of them.
            let labels = found.labels.clone();
            self.node_mut(id).labels = labels;
        }
        self.node_mut(id).group = Some(group);
        self.namespace_changed(id);
    }

    /// Takes a node out of its group, and the group away if it was the last.
    pub(super) fn ungroup(&mut self, id: NodeId) {
        let Some(group) = self.node_mut(id).group.take() else { return };
        self.node_mut(id).labels = Labels::default();
        if let Some(Some(found)) = self.selections.groups.get_mut(group.0 as usize) {
            if let Some(at) = found.members.iter().position(|member| *member == id) {
                found.members.swap_remove(at);
            }
            if found.members.is_empty() {
                self.selections.remove_group(group);
            }
        }
        self.namespace_changed(id);
    }

    /// When the node is a Namespace whose labels are now others, its objects are now selected by others.
    fn namespace_changed(&mut self, id: NodeId) {
        let node = self.node(id);
        if !(node.key.kind.as_ref() == "Namespace" && node.key.group.is_empty()) {
            return;
        }
        let (labels, grouped, name) = (node.labels.clone(), node.group.is_some(), node.key.name.clone());
        let namespace = self.symbols.intern(&name);
        if grouped {
            self.namespaces.insert(namespace, labels);
        } else {
            self.namespaces.remove(&namespace);
        }
        let mut pairs = Vec::new();
        for (kind, selections) in &self.selections.wide {
            let groups = self.selections.groups_in.get(kind).and_then(|by| by.get(&namespace));
            for group in groups.into_iter().flatten() {
                pairs.extend(selections.iter().map(|selection| (*selection, *group)));
            }
        }
        for (selection, group) in pairs {
            self.selections.disconnect(selection, group);
            if self.selections.matches(selection, group, &|namespace| self.namespace_labels(namespace)) {
                self.selections.connect(selection, group);
            }
        }
    }

    /// What an object selects among, where not all of that was read: group, kind and namespace.
    pub(in crate::graph) fn unread_selections(
        &self,
        id: NodeId,
    ) -> impl Iterator<Item = (String, String, Option<String>)> {
        self.node(id).said.iter().filter_map(|selection| {
            let within = match &selection.within {
                Within::Namespace(namespace) => Some(namespace.clone()),
                Within::Namespaces(_) | Within::Cluster => None,
            };
            let read = self.is_covered_throughout(
                &selection.group,
                &selection.kind,
                within.as_deref().unwrap_or_default(),
            );
            (!read).then(|| (selection.group.to_string(), selection.kind.to_string(), within))
        })
    }

    /// Replaces what a node selects.
    pub(super) fn reselect(&mut self, id: NodeId, said: Vec<Selection>) {
        for selection in std::mem::take(&mut self.node_mut(id).selections) {
            self.selections.remove(selection);
        }
        let ids: Box<[SelectionId]> =
            said.iter().map(|selection| self.add_selection(id, selection)).collect();
        let node = self.node_mut(id);
        node.selections = ids;
        node.said = said;
    }

    fn add_selection(&mut self, owner: NodeId, selection: &Selection) -> SelectionId {
        let kind = self.kind(&selection.group, &selection.kind);
        let scope = match &selection.within {
            Within::Namespace(namespace) => Scope::Namespace(self.symbols.intern(namespace)),
            Within::Namespaces(selector) => Scope::Namespaces(selector.clone()),
            Within::Cluster => Scope::Cluster,
        };
        let candidates: Vec<GroupId> = match (&scope, self.selections.groups_in.get(&kind)) {
            (_, None) => Vec::new(),
            (Scope::Namespace(namespace), Some(by)) => by.get(namespace).cloned().unwrap_or_default(),
            (Scope::Namespaces(_) | Scope::Cluster, Some(by)) => by.values().flatten().copied().collect(),
        };
        let (edge, via) = (self.symbols.intern(&selection.edge), self.symbols.intern(&selection.via));
        let selector = selection.selector.clone();
        let id = self.selections.add(Sel { owner, edge, via, kind, scope, selector, groups: Vec::new() });
        for group in candidates {
            if self.selections.matches(id, group, &|namespace| self.namespace_labels(namespace)) {
                self.selections.connect(id, group);
            }
        }
        id
    }
}
