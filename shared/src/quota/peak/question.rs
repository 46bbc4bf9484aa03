use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use super::Period;

/// Which of a pod's memory counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MemoryKind {
    /// `container_memory_usage_bytes`: with the page cache.
    #[default]
    Usage,
    /// `container_memory_working_set_bytes`: what the kernel can't take back at once; by this pods are evicted.
    WorkingSet,
}

/// There is no such way to measure memory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("memory can't be measured as {0:?}: take usage or working-set")]
pub struct MemoryError(pub String);

impl FromStr for MemoryKind {
    type Err = MemoryError;

    fn from_str(text: &str) -> Result<Self, MemoryError> {
        match text {
            "usage" => Ok(Self::Usage),
            "working-set" => Ok(Self::WorkingSet),
            other => Err(MemoryError(other.to_owned())),
        }
    }
}

impl fmt::Display for MemoryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Usage => "usage",
            Self::WorkingSet => "working-set",
        })
    }
}

/// Which peaks are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PeakQuestion {
    /// How far back.
    pub period: Period,
    /// The end of the period, in seconds since the epoch. It is rounded down to a whole minute.
    pub until: i64,
    /// Which memory.
    pub memory: MemoryKind,
    /// Count of each workload only as many pods as it had replicas at most.
    pub accurate: bool,
    /// Whether rows need their owners, accurate or not.
    pub owners: bool,
    /// Which namespaces; all that had pods in the period when there is nothing here.
    pub namespaces: BTreeSet<String>,
    /// What the cluster itself says, for where Prometheus has no kube-state-metrics.
    pub known: Workloads,
}

/// Workloads as a cluster has them now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Workloads {
    /// By namespace and pod, the workload that it belongs to.
    pub owners: BTreeMap<(String, String), Workload>,
    /// By namespace and workload, how many pods it may have at once. Absent: as many as it has.
    pub replicas: BTreeMap<(String, Workload), u64>,
}

/// A topmost controller of pods.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Workload {
    /// Kind: `Deployment`.
    pub kind: String,
    /// Name.
    pub name: String,
}

impl Workload {
    /// A workload of this kind and name.
    pub fn new(kind: impl Into<String>, name: impl Into<String>) -> Self {
        Self { kind: kind.into(), name: name.into() }
    }
}

/// `Deployment/web`.
impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}
