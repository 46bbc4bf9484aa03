use std::{fmt, str::FromStr};

/// What rows are put together by: `--by cluster,project,namespace`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The cluster.
    Cluster,
    /// The project that the namespace belongs to.
    Project,
    /// The namespace.
    Namespace,
    /// The node that pods run on.
    Node,
    /// The workload that pods belong to, by its topmost controller that can be told: `Deployment/web`.
    Owner,
    /// The pod.
    Pod,
    /// A label of pods, or where they lack it of their namespace: `label=KEY`.
    Label(String),
}

/// No dimension is called so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "rows can't be put together by {0:?}: take cluster, project, namespace, node, owner, pod or label=KEY, several with commas"
)]
pub struct DimensionError(pub String);

impl FromStr for Dimension {
    type Err = DimensionError;

    fn from_str(text: &str) -> Result<Self, DimensionError> {
        Ok(match text {
            "cluster" => Self::Cluster,
            "project" => Self::Project,
            "namespace" | "ns" => Self::Namespace,
            "node" => Self::Node,
            "owner" => Self::Owner,
            "pod" => Self::Pod,
            other => match other.strip_prefix("label=").filter(|key| !key.is_empty()) {
                Some(key) => Self::Label(key.to_owned()),
                None => return Err(DimensionError(text.to_owned())),
            },
        })
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cluster => f.write_str("cluster"),
            Self::Project => f.write_str("project"),
            Self::Namespace => f.write_str("namespace"),
            Self::Node => f.write_str("node"),
            Self::Owner => f.write_str("owner"),
            Self::Pod => f.write_str("pod"),
            Self::Label(key) => write!(f, "label={key}"),
        }
    }
}
