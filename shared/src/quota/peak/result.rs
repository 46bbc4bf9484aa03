use std::collections::BTreeMap;

use crate::{model::Skipped, quota::Amounts};

/// The peaks of one cluster over a period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Peaks {
    /// Every pod that lived in the period, sorted by namespace, owner and pod.
    pub rows: Vec<PeakRow>,
    /// By namespace, the peak of the sum of its pods: what they used at one moment. Keys are `cpu` and `memory`.
    /// Never more than the sum of the pods' own peaks.
    pub concurrent: BTreeMap<String, Amounts>,
    /// What could not be asked: there are no rows of it then.
    pub skipped: Vec<Skipped>,
    /// What a person should know about the answers: Prometheus' own warnings, and where something had to be guessed.
    pub warnings: Vec<String>,
}

/// The peaks of one pod.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PeakRow {
    /// Its namespace.
    pub namespace: String,
    /// Its workload, by its topmost controller that can be told: `Deployment/web`. Absent when nothing is known, and
    /// when it was not asked for.
    pub owner: Option<String>,
    /// The pod.
    pub pod: String,
    /// Its own peaks: `cpu` in cores (to the nanocore), `memory` in bytes. A key is absent when there were no samples.
    pub peak: Amounts,
    /// As much of `peak` as counts. The plain way counts everything. The accurate way counts of each workload only
    /// as many of the highest peaks as it had replicas at most: pods that a rollout replaced, and runs of a CronJob
    /// after the first, did not need their share beside those that they replaced.
    pub counted: Amounts,
}

impl Peaks {
    /// By namespace, the sum of what counts.
    pub fn by_namespace(&self) -> BTreeMap<&str, Amounts> {
        let mut sums: BTreeMap<&str, Amounts> = BTreeMap::new();
        for row in &self.rows {
            sums.entry(&row.namespace).or_default().add_all(&row.counted);
        }
        sums
    }
}
