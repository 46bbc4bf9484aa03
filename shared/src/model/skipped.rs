use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that a run wanted to read and could not. It never ends the run and never vanishes: it is in the
/// output, on standard error and, with `--strict`, in the exit code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Skipped {
    /// What was wanted: `secrets`, `metrics.k8s.io/v1beta1`, or the file and document.
    pub resource: String,
    /// Where, when it was one namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// One word that a program can branch on: `Forbidden`, `Unavailable`, `Timeout`, `Invalid`…
    pub reason: String,
    /// One sentence for people.
    pub message: String,
}
