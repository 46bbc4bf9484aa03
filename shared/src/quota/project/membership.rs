//! Which project a namespace belongs to.

use std::collections::{BTreeMap, BTreeSet};

use super::{Conflict, Mark, MarkOn, Project, flavours};
use crate::model::{Labels, ObjectKey, ObjectMeta};

/// Labels and annotations of namespaces that tell the project. The collector keeps these and no others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keys {
    /// Keys of labels.
    pub labels: BTreeSet<String>,
    /// Keys of annotations.
    pub annotations: BTreeSet<String>,
}

/// The project of a namespace.
#[derive(Debug, Clone, PartialEq)]
pub struct Member<'a> {
    /// The project's name.
    pub project: &'a str,
    /// The object that says so; `None` when a label or annotation of the namespace does.
    pub quota: Option<&'a Project>,
    /// What else claims the namespace.
    pub conflict: Option<Conflict>,
}

/// Who belongs to which project, by everything that tells. The order of belief:
///
/// 1. the label or annotation that the user named;
/// 2. objects: ours first, then product by product by name; of one product's the nearest to the namespace (trees), then
///    by project and object;
/// 3. the products' own marks on the namespace.
///
/// Objects of one project never contradict each other, nor do projects above each other in one tree.
#[derive(Debug, Clone, Default)]
pub struct Membership<'a> {
    /// In the order of belief.
    projects: Vec<&'a Project>,
    by_name: BTreeMap<&'a str, Vec<usize>>,
    by_label: BTreeMap<(&'a str, &'a str), Vec<usize>>,
    /// Those that have to be tried on each namespace.
    others: Vec<usize>,
    asked: Option<(MarkOn, String)>,
}

impl<'a> Membership<'a> {
    /// The membership that these projects declare.
    pub fn new(projects: &'a [Project]) -> Self {
        let rank = |flavour: &str| flavours().position(|other| other.name == flavour);
        let mut sorted: Vec<&Project> = projects.iter().collect();
        sorted.sort_by_key(|project| (rank(project.flavour), &project.name, &project.source));
        let mut membership = Self { projects: sorted, ..Self::default() };
        for (index, project) in membership.projects.iter().enumerate() {
            for name in &project.members.named {
                membership.by_name.entry(name).or_default().push(index);
            }
            for selected in &project.members.selected {
                match selected.labels.match_labels.iter().next() {
                    // The first label is a necessary condition; the rest is looked at when it holds.
                    Some((key, value)) => membership.by_label.entry((key, value)).or_default().push(index),
                    None => membership.others.push(index),
                }
            }
        }
        membership
    }

    /// Lets a label or annotation of namespaces decide where it is there: `--project-label`, `--project-annotation`.
    #[must_use]
    pub fn by(mut self, on: MarkOn, key: impl Into<String>) -> Self {
        self.asked = Some((on, key.into()));
        self
    }

    /// Which labels and annotations of namespaces tell.
    pub fn keys(&self) -> Keys {
        let mut keys = Keys::default();
        for project in &self.projects {
            for selected in &project.members.selected {
                keys.labels.extend(selected.labels.match_labels.keys().cloned());
                keys.labels.extend(
                    selected.labels.match_expressions.iter().map(|expression| expression.key.clone()),
                );
                keys.labels.extend(selected.depth.clone());
                keys.annotations.extend(selected.annotations.keys().cloned());
            }
        }
        keys.annotations
            .extend(flavours().filter_map(|flavour| Some(flavour.given.as_ref()?.annotation.to_owned())));
        let asked = self.asked.iter().map(|(on, key)| (*on, key.as_str()));
        for (on, key) in marks().map(|mark| (mark.on, mark.key)).chain(asked) {
            match on {
                MarkOn::Label => keys.labels.insert(key.to_owned()),
                MarkOn::Annotation => keys.annotations.insert(key.to_owned()),
            };
        }
        keys
    }

    /// Every quota object that claims a namespace, in the order of belief, and how far from its project's root the
    /// namespace is.
    pub fn claims(&self, namespace: &ObjectMeta) -> Vec<(&'a Project, u32)> {
        let labels = Labels::from(&namespace.labels);
        let named = self.by_name.get(namespace.name.as_str()).into_iter().flatten();
        let labelled = labels.iter().filter_map(|pair| self.by_label.get(&pair)).flatten();
        let candidates: BTreeSet<usize> = named.chain(labelled).chain(&self.others).copied().collect();
        let candidates = candidates.into_iter().filter_map(|index| self.projects.get(index).copied());
        let mut claims: Vec<_> = candidates
            .filter_map(|project| Some((project, project.members.distance(namespace, &labels)?)))
            .collect();
        // Stable, and only within a product: belief goes product by product.
        let rank = |project: &Project| flavours().position(|other| other.name == project.flavour);
        claims.sort_by_key(|(project, distance)| (rank(project), *distance));
        claims
    }

    /// The project of a namespace, if it belongs to one.
    pub fn project_of<'n>(&self, namespace: &'n ObjectMeta) -> Option<Member<'n>>
    where
        'a: 'n,
    {
        let claims = self.claims(namespace);
        let (project, quota) = match self.asked_for(namespace) {
            Some(project) => {
                (project, claims.iter().map(|(quota, _)| *quota).find(|quota| quota.name == project))
            }
            None => match claims.first() {
                Some((quota, _)) => (quota.name.as_str(), Some(*quota)),
                None => (marks().find_map(|mark| mark.of(namespace))?, None),
            },
        };
        // Who asks for a label has decided.
        let undecided = self.asked.is_none();
        let mut others: Vec<(String, ObjectKey)> = claims
            .iter()
            .filter(|(other, _)| {
                undecided && other.name != project && !quota.is_some_and(|one| same_tree(one, other))
            })
            .map(|(other, _)| (other.name.clone(), other.source.clone()))
            .collect();
        others.sort();
        others.dedup();
        let conflict = (!others.is_empty()).then(|| Conflict {
            namespace: namespace.name.clone(),
            project: project.to_owned(),
            by: quota.map(|quota| quota.source.clone()),
            others,
        });
        Some(Member { project, quota, conflict })
    }

    fn asked_for<'n>(&self, namespace: &'n ObjectMeta) -> Option<&'n str> {
        let (on, key) = self.asked.as_ref()?;
        let marks = match on {
            MarkOn::Label => &namespace.labels,
            MarkOn::Annotation => &namespace.annotations,
        };
        marks.get(key).map(String::as_str).filter(|project| !project.is_empty())
    }
}

/// Whether two projects are of trees: one is then above the other, and both hold.
fn same_tree(one: &Project, other: &Project) -> bool {
    let tree = |project: &Project| project.members.selected.iter().any(|selected| selected.depth.is_some());
    one.flavour == other.flavour && tree(one) && tree(other)
}

fn marks() -> impl Iterator<Item = &'static Mark> {
    flavours().flat_map(|flavour| flavour.marks)
}
