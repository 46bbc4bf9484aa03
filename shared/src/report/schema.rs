//! What programs may rely on: the JSON Schemas in docs/schemas/, generated from the types that are printed.

// The types of this file stand for output that is written piece by piece, never as a whole.
#![allow(dead_code, reason = "read by schemars alone")]

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;
use serde_json::Value;

use crate::{
    audit::{AuditBaseline, AuditPolicy, AuditReport, pod_security::PodSecurityReport},
    config::ConfigCheck,
    graph::{EdgeJson, NodeJson},
    model::Skipped,
    quota::{ClusterEntry, Row, explain::QuotaExplanation, fit::QuotaFit, verify::QuotaVerification},
};

/// apiVersion of everything that Passmuster prints for programs.
#[derive(Serialize, JsonSchema)]
enum ApiVersion {
    #[serde(rename = "passmuster.dev/v1alpha1")]
    V1Alpha1,
}

#[derive(Serialize, JsonSchema)]
enum GraphKind {
    Graph,
}

#[derive(Serialize, JsonSchema)]
enum DiffKind {
    GraphDiff,
}

/// How the objects of a cluster relate: `kubectl graph -o json`. Nodes and edges are sorted.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
struct Graph {
    api_version: ApiVersion,
    kind: GraphKind,
    /// Name of the cluster, or of the files.
    cluster: String,
    /// Objects, sorted by group, kind, namespace, name.
    nodes: Vec<NodeJson>,
    /// Relationships, sorted by source, type, target, field. Their ends are nodes.
    edges: Vec<EdgeJson>,
    /// What could not be read.
    skipped: Vec<Skipped>,
}

/// A line of `kubectl graph -w -o json`: first the graph as it is, then what changes.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
#[schemars(deny_unknown_fields)]
enum GraphWatch {
    /// The whole graph.
    Graph { graph: Graph },
    /// What changed since the line before.
    Delta(Delta),
}

/// What makes one graph of another. Removed before added: an edge that became optional is another edge.
#[derive(Serialize, JsonSchema)]
struct Delta {
    /// What is new.
    added: Part,
    /// What is gone.
    removed: Part,
    /// Objects that are something else than they were, as they are now.
    changed: Nodes<NodeJson>,
    /// The cluster's name, if it is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<String>,
    /// All that can't be read now, if it is something else than before.
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<Vec<Skipped>>,
}

/// Some objects and relationships.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Part {
    nodes: Vec<NodeJson>,
    edges: Vec<EdgeJson>,
}

/// Some objects.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Nodes_of_{T}")]
struct Nodes<T> {
    nodes: Vec<T>,
}

/// An object before and after.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Pair {
    before: NodeJson,
    after: NodeJson,
}

/// What differs between two graphs: `kubectl graph diff -o json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
struct GraphDiff {
    api_version: ApiVersion,
    kind: DiffKind,
    /// What the first graph is called.
    before: String,
    /// What the second graph is called.
    after: String,
    /// What only the second graph has.
    added: Part,
    /// What only the first graph has.
    removed: Part,
    /// Objects that both have, and that differ.
    changed: Nodes<Pair>,
}

#[derive(Serialize, JsonSchema)]
enum QuotaUsageKind {
    QuotaUsage,
}

/// What is used of which quota: `kubectl quota-usage -o json`. Amounts are as Kubernetes writes them, rates have up to
/// ten decimal places.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
struct QuotaUsage {
    api_version: ApiVersion,
    kind: QuotaUsageKind,
    /// What rows are put together by: `cluster`, `project`, `namespace`, `node`, `owner`, `pod` or `label=KEY`.
    by: Vec<String>,
    /// When it was read, in RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    /// How far back the peaks look, such as `1d`; absent when no peaks were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<String>,
    /// The clusters that were asked, sorted by name.
    clusters: Vec<ClusterEntry>,
    /// The rows, sorted as was asked for.
    rows: Vec<Row>,
    /// Each resource over all rows; none where only some of the rows are shown.
    totals: Vec<Row>,
}

/// The schemas: file name in docs/schemas/, and content.
pub fn schemas() -> Vec<(&'static str, Value)> {
    fn of<T: JsonSchema>() -> Value {
        SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>().to_value()
    }
    vec![
        ("graph.json", of::<Graph>()),
        ("audit-baseline.json", of::<AuditBaseline>()),
        ("audit-policy.json", of::<AuditPolicy>()),
        ("audit-report.json", of::<AuditReport>()),
        ("pod-security-report.json", of::<PodSecurityReport>()),
        ("graph-diff.json", of::<GraphDiff>()),
        ("graph-watch.json", of::<GraphWatch>()),
        ("quota-explanation.json", of::<QuotaExplanation>()),
        ("quota-fit.json", of::<QuotaFit>()),
        ("quota-usage.json", of::<QuotaUsage>()),
        ("quota-verification.json", of::<QuotaVerification>()),
        ("config-check.json", of::<ConfigCheck>()),
    ]
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use super::*;
    use crate::{
        graph::{Document, diff},
        report::{
            Format, Options,
            sketch::{DEPLOYMENT, deployment, hostile, sketch},
            usage::sample,
        },
    };

    #[test]
    fn schemas_in_docs_are_those_of_the_types() {
        let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/schemas"));
        for (name, schema) in schemas() {
            let file = folder.join(name);
            let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
            if std::env::var_os("UPDATE_DOCS").is_some() {
                fs::create_dir_all(&folder).unwrap();
                fs::write(&file, &text).unwrap();
            }
            let found = fs::read_to_string(&file).unwrap_or_default();
            assert_eq!(
                found, text,
                "docs/schemas/{name} is stale: run `UPDATE_DOCS=1 cargo test -p passmuster schema`"
            );
        }
    }

    fn check(name: &str, value: &Value) {
        let schema = schemas().into_iter().find(|(file, _)| *file == name).unwrap().1;
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:?}");
        assert!(!validator.is_valid(&Value::Object(serde_json::Map::default())));
    }

    fn documents() -> [Document; 4] {
        [deployment(), hostile(), sketch("Pod/a/b unknown"), Document::default()]
    }

    #[test]
    fn graphs_are_as_their_schema_says() {
        for document in documents() {
            let print = |format: &str| {
                let mut out = Vec::new();
                let format = Format::parse(format, |_| unreachable!()).unwrap();
                format.render(&document, &Options::default(), &mut out).unwrap();
                String::from_utf8(out).unwrap()
            };
            check("graph.json", &serde_json::from_str(&print("json")).unwrap());
            check("graph.json", &serde_saphyr::from_str(&print("yaml")).unwrap());
        }
    }

    #[test]
    fn quota_usages_are_as_their_schema_says() {
        for usage in [sample::fleet(), sample::hostile(), sample::sample("", "")] {
            let print = |format: &str| {
                let mut out = Vec::new();
                let format = Format::parse(format, |_| unreachable!()).unwrap();
                format.render(&usage, &Options::default(), &mut out).unwrap();
                String::from_utf8(out).unwrap()
            };
            check("quota-usage.json", &serde_json::from_str(&print("json")).unwrap());
            check("quota-usage.json", &serde_saphyr::from_str(&print("yaml")).unwrap());
            let schema = schemas().into_iter().find(|(file, _)| *file == "quota-usage.json").unwrap().1;
            let mut value = serde_json::to_value(&usage).unwrap();
            value["clusters"] = serde_json::json!([{"name": "a", "context": "b", "surprise": true}]);
            assert!(!jsonschema::is_valid(&schema, &value));
        }
    }

    #[test]
    fn what_the_schema_does_not_know_is_refused() {
        let schema = schemas().remove(0).1;
        let mut value = serde_json::to_value(deployment()).unwrap();
        value["nodes"][0]["surprise"] = Value::Bool(true);
        assert!(!jsonschema::is_valid(&schema, &value));
    }

    #[test]
    fn lines_of_a_watch_and_diffs_are_as_their_schemas_say() {
        for document in documents() {
            check("graph-watch.json", &serde_json::json!({"type": "graph", "graph": document}));
        }
        let changed = DEPLOYMENT.replace("ready=0/1", "ready=1/1").replace(" optional", "");
        let later = sketch(&format!("{changed}\nConfigMap/shop/new"));
        let delta = diff::diff(
            &deployment(),
            &Document { cluster: "other".to_owned(), skipped: Vec::new(), ..later },
        );
        check("graph-watch.json", &serde_json::to_value(&delta).unwrap());
        let diff = diff::GraphDiff { before: "a", after: "b", delta: &delta };
        check("graph-diff.json", &serde_json::to_value(diff).unwrap());
    }
}
