//! Which workload a pod belongs to, or belonged to, and how many pods that had at most.

use std::collections::BTreeMap;

use super::{Workload, Workloads, pattern, promql::Naming};
use crate::prometheus::{Sample, number};

/// Namespace and name.
type Name = (String, String);

/// Who owned what in the period.
#[derive(Debug, Clone, Default)]
pub struct Owners {
    pods: BTreeMap<Name, Workload>,
    replica_sets: BTreeMap<Name, Workload>,
    jobs: BTreeMap<Name, Workload>,
    /// By namespace and the part of their names that pods of one ReplicaSet, DaemonSet or Job share.
    sets: BTreeMap<Name, Workload>,
}

impl Owners {
    /// Takes the answer to [`Queries::owners`](super::promql::Queries::owners).
    pub fn read(&mut self, samples: &[Sample], naming: Naming) {
        for sample in samples {
            let owner = Workload::new(sample.label("owner_kind"), sample.label("owner_name"));
            let namespace = sample.label(naming.namespace()).to_owned();
            if owner.kind.is_empty() || owner.name.is_empty() || namespace.is_empty() {
                continue;
            }
            // The scrape may have put the pod of kube-state-metrics itself on every series.
            let (owned, name) = match (sample.label("replicaset"), sample.label("job_name")) {
                ("", "") => (&mut self.pods, sample.label(naming.pod())),
                ("", job) => (&mut self.jobs, job),
                (set, _) => (&mut self.replica_sets, set),
            };
            owned.insert((namespace, name.to_owned()), owner);
        }
    }

    /// Takes what the cluster itself says of pods that nothing is known of yet.
    pub fn read_known(&mut self, known: &Workloads) {
        for (pod, owner) in &known.owners {
            self.pods.entry(pod.clone()).or_insert_with(|| owner.clone());
        }
    }

    /// To be called when everything was read: pods that nothing is known of belong where their siblings do.
    pub fn settle(&mut self) {
        let tops = self.pods.iter().filter_map(|((namespace, pod), owner)| {
            let set = (namespace.clone(), pattern::set(pod)?.to_owned());
            Some((set, self.top_of(namespace, owner)))
        });
        self.sets = tops.collect();
    }

    /// Whether nothing at all is known.
    pub fn is_empty(&self) -> bool {
        self.pods.is_empty()
    }

    /// The topmost controller of a pod.
    pub fn of(&self, namespace: &str, pod: &str) -> Option<Workload> {
        if let Some(owner) = self.pods.get(&(namespace.to_owned(), pod.to_owned())) {
            return Some(self.top_of(namespace, owner));
        }
        self.sets.get(&(namespace.to_owned(), pattern::set(pod)?.to_owned())).cloned()
    }

    fn top_of(&self, namespace: &str, owner: &Workload) -> Workload {
        let above = match owner.kind.as_str() {
            "ReplicaSet" => &self.replica_sets,
            "Job" => &self.jobs,
            _ => return owner.clone(),
        };
        above.get(&(namespace.to_owned(), owner.name.clone())).unwrap_or(owner).clone()
    }
}

/// How many pods workloads had at most.
#[derive(Debug, Clone, Default)]
pub struct Replicas {
    most: BTreeMap<(String, Workload), u64>,
    /// By namespace and shared part of the name, how many pods there were at once.
    at_once: BTreeMap<Name, u64>,
}

/// The labels that hold a workload's name, and its kind.
const KINDS: [(&str, &str); 7] = [
    ("deployment", "Deployment"),
    ("statefulset", "StatefulSet"),
    ("daemonset", "DaemonSet"),
    ("replicationcontroller", "ReplicationController"),
    ("cronjob", "CronJob"),
    ("job_name", "Job"),
    ("replicaset", "ReplicaSet"),
];

impl Replicas {
    /// Takes the answer to [`Queries::replicas`](super::promql::Queries::replicas).
    pub fn read(&mut self, samples: &[Sample], naming: Naming) {
        for sample in samples {
            let named = KINDS.iter().find(|(label, _)| !sample.label(label).is_empty());
            let (Some((label, kind)), Some(count)) = (named, number::count(sample.text())) else { continue };
            let key =
                (sample.label(naming.namespace()).to_owned(), Workload::new(*kind, sample.label(label)));
            let most = self.most.entry(key).or_default();
            *most = (*most).max(count);
        }
    }

    /// Takes the answer to [`Queries::at_once`](super::promql::Queries::at_once).
    pub fn read_at_once(&mut self, samples: &[Sample]) {
        for sample in samples {
            let Some(count) = number::count(sample.text()) else { continue };
            let key = (sample.label("namespace").to_owned(), sample.label("set").to_owned());
            let most = self.at_once.entry(key).or_default();
            *most = (*most).max(count);
        }
    }

    /// Takes what the cluster itself says now of workloads that nothing is known of yet.
    pub fn read_known(&mut self, known: &Workloads) {
        for (workload, count) in &known.replicas {
            self.most.entry(workload.clone()).or_insert(*count);
        }
    }

    /// To be called when everything was read: a CronJob has as many pods as its Jobs that run at once have.
    pub fn settle(&mut self, owners: &Owners) {
        let mut parallel: BTreeMap<(String, Workload), u64> = BTreeMap::new();
        for ((namespace, job), owner) in &owners.jobs {
            let of_job = (namespace.clone(), Workload::new("Job", job.as_str()));
            let most = parallel.entry((namespace.clone(), owner.clone())).or_default();
            *most = (*most).max(self.most.get(&of_job).copied().unwrap_or(1));
        }
        for (workload, most) in &mut self.most {
            if workload.1.kind == "CronJob" {
                // A run may begin and end between two looks, so that none was ever seen.
                *most = (*most).max(1).saturating_mul(parallel.get(workload).copied().unwrap_or(1).max(1));
            }
        }
    }

    /// How many pods a workload had at most; `None` when nothing says so.
    pub fn of(&self, namespace: &str, workload: &Workload) -> Option<u64> {
        self.most.get(&(namespace.to_owned(), workload.clone())).copied()
    }

    /// How many of these pods, all of one workload, there were at once: of a rollout's ReplicaSets the largest
    /// counts, not their sum. `None` when their names don't tell.
    pub fn at_once<'a>(&self, namespace: &str, pods: impl IntoIterator<Item = &'a str>) -> Option<u64> {
        let mut most = None;
        for pod in pods {
            let set = (namespace.to_owned(), pattern::set(pod)?.to_owned());
            most = most.max(Some(*self.at_once.get(&set)?));
        }
        most
    }
}
