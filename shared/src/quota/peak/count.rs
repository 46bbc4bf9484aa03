//! Which of the pods' peaks count.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    PeakRow, Workload,
    owners::{Owners, Replicas},
    pattern,
};
use crate::{
    prometheus::{Sample, number},
    quantity::Quantity,
    quota::Amounts,
};

/// The pods' own peaks, by namespace and pod.
pub type PodPeaks = BTreeMap<(String, String), Amounts>;

/// Takes the answer to [`Queries::peaks`](super::promql::Queries::peaks); of several answers the highest counts.
pub fn read_peaks(peaks: &mut PodPeaks, resource: &str, samples: &[Sample]) {
    for sample in samples {
        let Some(value) = amount(resource, sample.text()) else { continue };
        let key = (sample.label("namespace").to_owned(), sample.label("pod").to_owned());
        raise(peaks.entry(key).or_default(), resource, value);
    }
}

/// Takes the answer to [`Queries::concurrent`](super::promql::Queries::concurrent), likewise.
pub fn read_concurrent(concurrent: &mut BTreeMap<String, Amounts>, resource: &str, samples: &[Sample]) {
    for sample in samples {
        let Some(value) = amount(resource, sample.text()) else { continue };
        raise(concurrent.entry(sample.label("namespace").to_owned()).or_default(), resource, value);
    }
}

/// The peak of a sum is not above the sum of the peaks. Numbers that were rounded one by one may say so by a nano.
pub fn bound(concurrent: &mut BTreeMap<String, Amounts>, pods: &PodPeaks) {
    let mut sums: BTreeMap<&str, Amounts> = BTreeMap::new();
    for ((namespace, _), peak) in pods {
        sums.entry(namespace).or_default().add_all(peak);
    }
    for (namespace, peak) in concurrent {
        let sum = sums.get(namespace.as_str());
        for (resource, value) in &mut peak.0 {
            *value = (*value).min(sum.map_or(Quantity::ZERO, |sum| sum.of(resource)));
        }
    }
}

fn amount(resource: &str, text: &str) -> Option<Quantity> {
    if resource == "cpu" { number::cores(text) } else { number::bytes(text) }
}

fn raise(amounts: &mut Amounts, resource: &str, value: Quantity) {
    let highest = amounts.get(resource).map_or(value, |known| known.max(value));
    amounts.set(resource, highest);
}

/// Rows of pods, everything of which counts.
pub fn rows(peaks: PodPeaks, owners: &Owners) -> Vec<PeakRow> {
    let row = |((namespace, pod), peak): ((String, String), Amounts)| PeakRow {
        owner: owners.of(&namespace, &pod).map(|owner| owner.to_string()),
        counted: peak.clone(),
        namespace,
        pod,
        peak,
    };
    let mut rows: Vec<_> = peaks.into_iter().map(row).collect();
    rows.sort_by(|one, other| one.key().cmp(&other.key()));
    rows
}

/// Pods that stood in for one another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Workload(Workload),
    /// Of one ReplicaSet, DaemonSet or Job, whichever it is.
    Set(String),
}

/// The namespaces in which there are several pods of one workload of which nothing says how many it had.
pub fn unclear(rows: &[PeakRow], owners: &Owners, replicas: &Replicas) -> Vec<String> {
    let mut pods: BTreeMap<(&str, Group), usize> = BTreeMap::new();
    for row in rows {
        let owner = owners.of(&row.namespace, &row.pod).map(Group::Workload);
        if let Some(group) = owner.or_else(|| guess(&row.pod)) {
            *pods.entry((&row.namespace, group)).or_default() += 1;
        }
    }
    let unclear = pods.into_iter().filter(|((namespace, group), count)| {
        *count > 1
            && match group {
                Group::Workload(workload) => replicas.of(namespace, workload).is_none(),
                Group::Set(_) => true,
            }
    });
    let namespaces: BTreeSet<_> = unclear.map(|((namespace, _), _)| namespace.to_owned()).collect();
    namespaces.into_iter().collect()
}

/// Lets of each workload only as many peaks count as it had pods at most: the highest, of each resource for itself.
/// Gives how many pods' owners had to be guessed by their names.
pub fn count(rows: &mut [PeakRow], owners: &Owners, replicas: &Replicas) -> usize {
    let mut groups: BTreeMap<(String, Group), Vec<usize>> = BTreeMap::new();
    let mut guessed = 0;
    for (index, row) in rows.iter_mut().enumerate() {
        let group = owners.of(&row.namespace, &row.pod).map(Group::Workload);
        let Some(group) = group.or_else(|| {
            let group = guess(&row.pod)?;
            guessed += 1;
            if let Group::Workload(workload) = &group {
                row.owner = Some(workload.to_string());
            }
            Some(group)
        }) else {
            continue;
        };
        groups.entry((row.namespace.clone(), group)).or_default().push(index);
    }
    for ((namespace, group), members) in groups {
        let of_workload = match &group {
            Group::Workload(workload) => replicas.of(&namespace, workload),
            Group::Set(_) => None,
        };
        let pods = members.iter().filter_map(|index| rows.get(*index)).map(|row| row.pod.as_str());
        let Some(most) = of_workload.or_else(|| replicas.at_once(&namespace, pods)) else { continue };
        // A pod that was seen was there, whatever is said of replicas.
        let most = usize::try_from(most.max(1)).unwrap_or(usize::MAX);
        if most < members.len() {
            for resource in ["cpu", "memory"] {
                keep_highest(rows, &members, resource, most);
            }
        }
    }
    rows.sort_by(|one, other| one.key().cmp(&other.key()));
    guessed
}

fn guess(pod: &str) -> Option<Group> {
    pattern::workload(pod)
        .map(Group::Workload)
        .or_else(|| pattern::set(pod).map(|set| Group::Set(set.to_owned())))
}

fn keep_highest(rows: &mut [PeakRow], members: &[usize], resource: &str, most: usize) {
    let mut ranked: Vec<(Reverse<Quantity>, &str, usize)> = members
        .iter()
        .filter_map(|index| {
            rows.get(*index).map(|row| (Reverse(row.peak.of(resource)), row.pod.as_str(), *index))
        })
        .collect();
    ranked.sort_unstable();
    let lower: BTreeSet<usize> = ranked.into_iter().skip(most).map(|(_, _, index)| index).collect();
    for index in lower {
        if let Some(row) = rows.get_mut(index) {
            row.counted.0.remove(resource);
        }
    }
}

impl PeakRow {
    /// What rows are sorted by.
    fn key(&self) -> (&str, Option<&str>, &str) {
        (&self.namespace, self.owner.as_deref(), &self.pod)
    }
}
