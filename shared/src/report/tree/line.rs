use std::sync::Arc;

use super::plan::{Plan, plan};
use crate::{
    graph::Document,
    model::{Health, ObjectKey},
    report::{Options, label::Labels, relations::Relations},
    text::{age, neutral},
};

/// A line of the tree, its texts safe for a terminal. A live redraw compares and paints these.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// The object: an index into the document's nodes. `None` for the heading of a namespace that is no node.
    pub node: Option<u32>,
    /// What connects the line to the one that it stands beneath.
    pub branch: String,
    /// What the object is called, as seen from the top of its tree.
    pub name: String,
    /// `(missing)`, `(unknown)`, `… (above)`.
    pub note: String,
    /// How it relates to the line that it stands beneath.
    pub edge: String,
    /// The same in fewer words.
    pub edge_short: String,
    /// READY.
    pub ready: String,
    /// STATUS.
    pub status: String,
    /// AGE.
    pub age: String,
    /// What the colour follows.
    pub health: Health,
    /// Something refers to it and it does not exist.
    pub missing: bool,
    /// Whether it stands at the left margin.
    pub top: bool,
}

/// Where a line goes that is still to be written.
struct Pending {
    node: u32,
    branch: String,
    /// What the lines beneath it begin with.
    beneath: String,
    /// Which child of which node says how it relates; `None` at the top.
    child: Option<(u32, usize)>,
    home: Arc<str>,
}

/// The tree of a document, line by line.
pub fn lines(document: &Document, options: &Options) -> Vec<Line> {
    let relations = Relations::new(document);
    let plan = plan(&relations);
    let mut writer = Writer {
        document,
        options,
        labels: Labels::new(document),
        plan: &plan,
        lines: Vec::with_capacity(document.nodes.len()),
        expanded_at: vec![None; document.nodes.len()],
        repeated: Vec::new(),
    };
    if document.roots.is_empty() {
        writer.by_namespace();
    } else {
        for top in &plan.tops {
            writer.tree(*top, None);
        }
    }
    writer.point_at_expanded();
    writer.lines
}

struct Writer<'a> {
    document: &'a Document,
    options: &'a Options,
    labels: Labels<'a>,
    plan: &'a Plan,
    lines: Vec<Line>,
    expanded_at: Vec<Option<usize>>,
    /// Lines of objects that are expanded at another line.
    repeated: Vec<(usize, u32)>,
}

impl Writer<'_> {
    /// The trees of a graph without roots: one namespace after the other, then what belongs to the cluster.
    fn by_namespace(&mut self) {
        let mut tops: Vec<u32> = self.plan.tops.clone();
        let namespace = |node: u32| self.document.node(node).key.namespace.clone();
        tops.sort_by_key(|node| (namespace(*node).is_empty(), namespace(*node)));
        let of_namespace = |key: &ObjectKey| key.group.is_empty() && *key.kind == *"Namespace";
        let groups: Vec<Vec<u32>> =
            tops.chunk_by(|a, b| namespace(*a) == namespace(*b)).map(<[u32]>::to_vec).collect();
        let single = groups.len() == 1;
        for group in groups {
            let Some(home) = group.first().map(|top| namespace(*top)) else { continue };
            if single || home.is_empty() {
                // A namespace is the heading of its objects, if it has any.
                let heads = |node: &u32| {
                    let key = &self.document.node(*node).key;
                    of_namespace(key) && tops.iter().any(|top| *namespace(*top) == *key.name)
                };
                let (_, own): (Vec<u32>, Vec<u32>) = group
                    .into_iter()
                    .partition(|node| heads(node) && self.plan.children[*node as usize].is_empty());
                for top in own {
                    self.tree(top, None);
                }
                continue;
            }
            let heading = self.document.find(&ObjectKey::new("", "Namespace", "", home.clone()));
            let line = heading.map_or_else(Line::default, |node| self.line(node, &home));
            let name = format!("Namespace/{}", neutral(&home));
            self.lines.push(Line { name, top: true, ..line });
            let count = group.len();
            for (at, top) in group.into_iter().enumerate() {
                self.tree(top, Some(at + 1 == count));
            }
        }
    }

    /// A top and all beneath it; beneath a heading, `Some(whether it is the heading's last)`.
    fn tree(&mut self, top: u32, last: Option<bool>) {
        let (branch, beneath) = last.map_or(("", ""), branches);
        let home = self.document.node(top).key.namespace.clone();
        let mut stack = vec![Pending {
            node: top,
            branch: branch.to_owned(),
            beneath: beneath.to_owned(),
            child: None,
            home,
        }];
        while let Some(pending) = stack.pop() {
            let node = pending.node;
            let child = pending.child.map(|(parent, at)| &self.plan.children[parent as usize][at]);
            let mut line = self.line(node, &pending.home);
            line.top = pending.branch.is_empty();
            line.branch = pending.branch;
            if let Some(child) = child {
                line.edge.clone_from(&child.wording.long);
                line.edge_short.clone_from(&child.wording.short);
            }
            let at = self.lines.len();
            self.lines.push(line);
            if child.is_some_and(|child| !child.expanded) {
                self.repeated.push((at, node));
                continue;
            }
            self.expanded_at[node as usize] = Some(at);
            let children = &self.plan.children[node as usize];
            for (at, child) in children.iter().enumerate().rev() {
                let (branch, beneath) = branches(at + 1 == children.len());
                stack.push(Pending {
                    node: child.node,
                    branch: format!("{}{branch}", pending.beneath),
                    beneath: format!("{}{beneath}", pending.beneath),
                    child: Some((node, at)),
                    home: pending.home.clone(),
                });
            }
        }
    }

    fn line(&self, index: u32, home: &str) -> Line {
        let node = self.document.node(index);
        let note = match (node.missing, node.unknown) {
            (true, _) => "(missing)",
            (false, true) => "(unknown)",
            (false, false) => "",
        };
        let text = |text: &Option<String>| text.as_deref().map(neutral).unwrap_or_default().into_owned();
        let age = match (node.created, self.options.now) {
            (Some(created), Some(now)) => age(created, now),
            _ => String::new(),
        };
        Line {
            node: Some(index),
            name: self.labels.object(&node.key, home),
            note: note.to_owned(),
            ready: text(&node.status.ready),
            status: text(&node.status.status),
            age,
            health: node.status.health,
            missing: node.missing,
            ..Line::default()
        }
    }

    /// Marks the lines whose object is expanded elsewhere, if there is anything beneath it.
    fn point_at_expanded(&mut self) {
        for (at, node) in std::mem::take(&mut self.repeated) {
            let Some(expanded) = self.expanded_at[node as usize] else { continue };
            if !self.plan.children[node as usize].is_empty() {
                let space = if self.lines[at].note.is_empty() { "" } else { " " };
                let place = if expanded < at { "above" } else { "below" };
                let note = format!("{space}… ({place})");
                self.lines[at].note.push_str(&note);
            }
        }
    }
}

/// What a line begins with, and what the lines beneath it begin with.
fn branches(last: bool) -> (&'static str, &'static str) {
    if last { ("└─ ", "   ") } else { ("├─ ", "│  ") }
}
