//! Our objects as `-o` writes them.

use serde::Serialize;
use serde_json::Value;

use super::{ProjectQuota, definition};
use crate::report::{Output, Printable};

/// Several of our objects, as kubectl takes several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectQuotaList {
    api_version: &'static str,
    kind: &'static str,
    items: Vec<ProjectQuota>,
}

impl ProjectQuotaList {
    /// These objects.
    pub const fn new(items: Vec<ProjectQuota>) -> Self {
        Self { api_version: "v1", kind: "List", items }
    }
}

/// A line for each object.
impl Printable for ProjectQuotaList {
    const DEFAULT: &'static str = "yaml";

    fn own_outputs() -> &'static [&'static Output<Self>] {
        &[]
    }

    fn items(&self) -> Box<dyn Iterator<Item = serde_json::Result<Value>> + '_> {
        Box::new(self.items.iter().map(serde_json::to_value))
    }
}

/// The definition of our kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Definition(Value);

impl Default for Definition {
    fn default() -> Self {
        Self(definition())
    }
}

impl Printable for Definition {
    const DEFAULT: &'static str = "yaml";

    fn own_outputs() -> &'static [&'static Output<Self>] {
        &[]
    }

    fn items(&self) -> Box<dyn Iterator<Item = serde_json::Result<Value>> + '_> {
        Box::new(std::iter::once(Ok(self.0.clone())))
    }
}
