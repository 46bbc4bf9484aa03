//! What was read of one cluster, folded while it was read: pods come and go by thousands, and only their sums stay.

use std::collections::{BTreeMap, HashMap};

use super::{
    Amounts, Dimension,
    peak::Peaks,
    project::{MarkOn, Membership, Project},
};
use crate::model::{ObjectMeta, Skipped};

/// What was read of one cluster.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    /// Namespaces, and the project each belongs to.
    pub namespaces: BTreeMap<String, NamespaceFacts>,
    /// The ResourceQuotas.
    pub quotas: Vec<NamespaceQuota>,
    /// The quotas of projects.
    pub projects: Vec<Project>,
    /// What each node can give to pods.
    pub nodes: BTreeMap<String, Amounts>,
    /// What pods ask for and use, folded.
    pub pods: Pods,
    /// Pods could not be read: what they ask for is not known.
    pub pods_unread: bool,
    /// The group of each pod, by namespace and name; empty unless it was asked for.
    pub pod_keys: HashMap<(String, String), PodKey>,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
}

impl Inventory {
    /// Puts namespaces into their projects.
    pub fn place(&mut self, namespaces: &[ObjectMeta], by: &[Dimension], mark: Option<&(MarkOn, String)>) {
        let mut membership = Membership::new(&self.projects);
        if let Some((on, key)) = mark {
            membership = membership.by(*on, key.as_str());
        }
        let mut skipped = Vec::new();
        let names = self.projects.iter().map(|project| (project.name.as_str(), project));
        let display: BTreeMap<&str, &Project> = names.collect();
        for metadata in namespaces {
            let member = membership.project_of(metadata);
            let conflict = member.as_ref().and_then(|member| member.conflict.as_ref());
            skipped.extend(conflict.map(|conflict| Skipped {
                resource: "quotas of projects".to_owned(),
                namespace: Some(metadata.name.clone()),
                reason: "Conflict".to_owned(),
                message: conflict.to_string(),
            }));
            let project = member.map(|member| member.project.to_owned());
            let shown = project.as_deref().and_then(|name| display.get(name)?.display_name.clone());
            let labels = by.iter().filter_map(|dimension| match dimension {
                Dimension::Label(key) => Some((key.clone(), metadata.labels.get(key)?.clone())),
                _ => None,
            });
            let facts = NamespaceFacts { project, display_name: shown, labels: labels.collect() };
            self.namespaces.insert(metadata.name.clone(), facts);
        }
        self.skipped.extend(skipped);
    }

    /// The sums of the group that a pod belongs to, to add to. Of a pod that was not read only its namespace and name
    /// are known.
    pub fn totals_of(&mut self, namespace: &str, pod: &str, wanted: Wanted) -> &mut Totals {
        let known = self.pod_keys.get(&(namespace.to_owned(), pod.to_owned()));
        let key = known.cloned().unwrap_or_else(|| PodKey {
            namespace: namespace.to_owned(),
            pod: if wanted.pod { pod.to_owned() } else { String::new() },
            ..PodKey::default()
        });
        self.pods.of(key)
    }

    /// Adds what Prometheus knows of a period.
    pub fn add_peaks(&mut self, peaks: &Peaks, wanted: Wanted) {
        for row in &peaks.rows {
            let key = (row.namespace.clone(), row.pod.clone());
            let key = self.pod_keys.get(&key).cloned().unwrap_or_else(|| PodKey {
                namespace: row.namespace.clone(),
                owner: row.owner.clone().filter(|_| wanted.owner).unwrap_or_default(),
                pod: if wanted.pod { row.pod.clone() } else { String::new() },
                ..PodKey::default()
            });
            self.pods.of(key).peak.add_all(&row.counted);
        }
        if !wanted.within_namespaces() {
            for (namespace, concurrent) in &peaks.concurrent {
                let key = PodKey { namespace: namespace.clone(), ..PodKey::default() };
                self.pods.of(key).concurrent.add_all(concurrent);
            }
        }
        self.skipped.extend(peaks.skipped.iter().cloned());
        self.skipped.sort();
        self.skipped.dedup();
    }
}

/// What is kept of a namespace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NamespaceFacts {
    /// The project that it belongs to.
    pub project: Option<String>,
    /// What people call the project.
    pub display_name: Option<String>,
    /// The labels that rows are put together by, as far as it has them.
    pub labels: BTreeMap<String, String>,
}

/// A ResourceQuota: what it allows and what it is charged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NamespaceQuota {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its scopes, sorted, as one text; empty when it has none. Two quotas of one scope limit the same objects.
    pub scopes: String,
    /// `spec.hard`.
    pub hard: Amounts,
    /// `status.used`.
    pub used: Amounts,
}

/// Whose pods: only what rows are put together by is filled in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PodKey {
    /// Namespace; always there.
    pub namespace: String,
    /// Node; empty for pods that have none yet.
    pub node: String,
    /// Workload: `Deployment/web`.
    pub owner: String,
    /// Pod.
    pub pod: String,
    /// Values of labels, in the order of the dimensions; empty where a pod has none.
    pub labels: Vec<String>,
}

/// What pods ask for and use. Keys are the resources' own names: `cpu`, `nvidia.com/gpu`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// How many pods hold what they ask for: those that have not ended.
    pub pods: u64,
    /// What they request.
    pub requests: Amounts,
    /// What they are limited to.
    pub limits: Amounts,
    /// What they use now.
    pub now: Amounts,
    /// The sum of their own peaks.
    pub peak: Amounts,
    /// The peak of their sum.
    pub concurrent: Amounts,
}

impl Totals {
    /// Adds what others ask for and use. Peaks of sums don't add up: the result's is an upper bound.
    pub fn add(&mut self, other: &Self) {
        self.pods += other.pods;
        self.requests.add_all(&other.requests);
        self.limits.add_all(&other.limits);
        self.now.add_all(&other.now);
        self.peak.add_all(&other.peak);
        self.concurrent.add_all(&other.concurrent);
    }
}

/// Pods by whose they are.
#[derive(Debug, Clone, Default)]
pub struct Pods(HashMap<PodKey, Totals>);

impl Pods {
    /// The sums of these pods, to add to.
    pub fn of(&mut self, key: PodKey) -> &mut Totals {
        self.0.entry(key).or_default()
    }

    /// Adds all of others.
    pub fn add_all(&mut self, others: Self) {
        if self.0.is_empty() {
            *self = others;
            return;
        }
        for (key, totals) in others.sorted() {
            self.of(key.clone()).add(totals);
        }
    }

    /// Those that a predicate takes.
    #[must_use]
    pub fn filter(self, wanted: impl Fn(&PodKey) -> bool) -> Self {
        Self(self.0.into_iter().filter(|(key, _)| wanted(key)).collect())
    }

    /// Every group, by key.
    pub fn sorted(&self) -> Vec<(&PodKey, &Totals)> {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_unstable_by_key(|(key, _)| *key);
        all
    }
}

/// What must be known of a pod to put it into its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent questions, not states of one machine")]
pub struct Wanted {
    /// Its node.
    pub node: bool,
    /// Its workload.
    pub owner: bool,
    /// Its name.
    pub pod: bool,
    /// Labels.
    pub labels: bool,
}

impl Wanted {
    /// What these dimensions need.
    pub fn by(dimensions: &[Dimension]) -> Self {
        Self {
            node: dimensions.contains(&Dimension::Node),
            owner: dimensions.contains(&Dimension::Owner),
            pod: dimensions.contains(&Dimension::Pod),
            labels: dimensions.iter().any(|dimension| matches!(dimension, Dimension::Label(_))),
        }
    }

    /// Whether rows are of pods within a namespace, of which quotas know nothing.
    pub fn within_namespaces(self) -> bool {
        self.node || self.owner || self.pod || self.labels
    }
}
