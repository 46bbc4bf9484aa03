use serde::Serialize;
use serde_json::Value;

use super::{Output, audit, common, graph, pod_security, quota};
use crate::{
    audit::{AuditReport, pod_security::PodSecurityReport},
    graph::Document,
    quota::QuotaUsage,
};

/// What outputs are of: a document that JSON and YAML hold as it is.
pub trait Printable: Serialize + Sized + 'static {
    /// What is printed when `-o` says nothing.
    const DEFAULT: &'static str;

    /// The outputs that only such documents have.
    fn own_outputs() -> &'static [&'static Output<Self>];

    /// What `-o custom-columns` prints a line for, one after the other.
    fn items(&self) -> Box<dyn Iterator<Item = serde_json::Result<Value>> + '_>;
}

/// Every output of a kind of document, sorted by name: its own, and those that every document has.
pub fn outputs<D: Printable>() -> Vec<Output<D>> {
    let mut outputs = common::outputs();
    outputs.extend(D::own_outputs().iter().map(|output| **output));
    outputs.sort_by_key(|output| output.name);
    outputs
}

/// A line for each object.
impl Printable for Document {
    const DEFAULT: &'static str = "tree";

    fn own_outputs() -> &'static [&'static Output<Self>] {
        graph::OUTPUTS
    }

    fn items(&self) -> Box<dyn Iterator<Item = serde_json::Result<Value>> + '_> {
        Box::new(self.nodes.iter().zip(0_u32..).map(|(node, index)| {
            let roots = if self.is_root(index) { vec![0] } else { Vec::new() };
            let alone = Self { roots, nodes: vec![node.clone()], ..Self::default() };
            Ok(serde_json::to_value(alone)?["nodes"][0].take())
        }))
    }
}

/// A line for each row.
impl Printable for QuotaUsage {
    const DEFAULT: &'static str = "table";

    fn own_outputs() -> &'static [&'static Output<Self>] {
        quota::OUTPUTS
    }

    fn items(&self) -> Box<dyn Iterator<Item = serde_json::Result<Value>> + '_> {
        Box::new(self.rows.iter().map(serde_json::to_value))
    }
}

/// A line for each finding.
impl Printable for AuditReport {
    const DEFAULT: &'static str = "table";

    fn own_outputs() -> &'static [&'static Output<Self>] {
        audit::OUTPUTS
    }

    fn items(&self) -> Box<dyn Iterator<Item = serde_json::Result<Value>> + '_> {
        Box::new(self.findings.iter().map(serde_json::to_value))
    }
}

/// A line for each workload.
impl Printable for PodSecurityReport {
    const DEFAULT: &'static str = "table";

    fn own_outputs() -> &'static [&'static Output<Self>] {
        pod_security::OUTPUTS
    }

    fn items(&self) -> Box<dyn Iterator<Item = serde_json::Result<Value>> + '_> {
        Box::new(self.namespaces.iter().flat_map(|namespace| &namespace.verdicts).map(serde_json::to_value))
    }
}
