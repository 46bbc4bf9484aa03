//! Parts of the definition's schema that no Rust type says: what the API server is to refuse.

use schemars::{Schema, SchemaGenerator, json_schema};

use super::keys;

/// Amounts as a user may want them: at least one, none negative. Keys are checked as far as it is cheap; what a
/// ResourceQuota refuses of them beyond that limits nothing here either.
pub(super) fn hard(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "minProperties": 1,
        "maxProperties": 128,
        "additionalProperties": {
            "anyOf": [{"type": "integer"}, {"type": "string"}],
            "x-kubernetes-int-or-string": true,
            "pattern": QUANTITY,
            "minimum": 0,
            "maxLength": 32,
        },
        "x-kubernetes-validations": [{
            "rule": format!("self.all(key, {})", keys::rule("key")),
            "message": "keys must be names that a ResourceQuota takes: requests.cpu, pods, count/jobs.batch",
        }],
    })
}

/// Amounts as they were found.
pub(in crate::quota) fn amounts(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "additionalProperties": {
            "anyOf": [{"type": "integer"}, {"type": "string"}],
            "x-kubernetes-int-or-string": true,
        },
    })
}

/// What can be a quantity and is not negative.
const QUANTITY: &str = r"^\+?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$";

/// Names of namespaces.
pub(super) fn namespaces(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "array",
        "maxItems": 4096,
        "items": {"type": "string", "maxLength": 63, "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},
        "x-kubernetes-list-type": "set",
    })
}

/// Scopes of a ResourceQuota.
pub(super) fn scopes(_: &mut SchemaGenerator) -> Schema {
    let apart = |one: &str, other: &str| {
        serde_json::json!({
            "rule": format!("!('{one}' in self && '{other}' in self)"),
            "message": format!("nothing is both {one} and {other}"),
        })
    };
    json_schema!({
        "type": "array",
        "maxItems": 8,
        "items": {"type": "string", "enum": SCOPES, "maxLength": 32},
        "x-kubernetes-list-type": "set",
        "x-kubernetes-validations": [apart("Terminating", "NotTerminating"), apart("BestEffort", "NotBestEffort")],
    })
}

/// One scope.
pub(super) fn scope(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "enum": SCOPES})
}

/// The scopes that a quota can have.
pub const SCOPES: &[&str] = &[
    "BestEffort",
    "CrossNamespacePodAffinity",
    "NotBestEffort",
    "NotTerminating",
    "PriorityClass",
    "Terminating",
    "VolumeAttributesClass",
];

/// An operator of a selector.
pub(super) fn operator(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "enum": ["DoesNotExist", "Exists", "In", "NotIn"]})
}

/// Metadata is the API server's business. The name is a label's value as well.
pub(in crate::quota) fn metadata(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object", "properties": {"name": {"type": "string", "maxLength": 63}}})
}
