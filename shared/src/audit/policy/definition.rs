use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::AuditPolicy;
use crate::definition::{self, Names, column};

/// The CustomResourceDefinition of `AuditPolicy`, to be applied to a cluster.
pub fn definition() -> Value {
    let called = Names {
        plural: "auditpolicies",
        short: &["ap"],
        for_people: true,
        columns: vec![
            column(
                "Pod Security",
                ".spec.podSecurity.level",
                "string",
                "The standard that pods are held to",
                0,
            ),
            column(
                "In Force",
                r#".status.conditions[?(@.type=="InForce")].status"#,
                "string",
                "Whether requests are judged by it",
                0,
            ),
        ],
    };
    definition::definition::<AuditPolicy>(AuditPolicy::KIND, called)
}

/// Of the metadata the API server takes nothing but what says something of the name.
pub(super) fn metadata(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object"})
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn the_definition_is_current() {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../manifests/crds/passmuster.dev_auditpolicies.yaml");
        let mut wanted =
            "# Generated from shared/src/audit/policy.rs by `UPDATE_DOCS=1 cargo test -p passmuster \
                          --all-features --lib`; do not edit.\n"
                .to_owned();
        wanted.push_str(&serde_saphyr::to_string(&definition()).unwrap());
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, &wanted).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == wanted,
            "manifests/crds/passmuster.dev_auditpolicies.yaml is stale: run `UPDATE_DOCS=1 cargo test -p passmuster \
             --all-features --lib`"
        );
    }

    #[test]
    fn the_schema_is_structural() {
        definition::check(&definition::structural::<AuditPolicy>());
    }
}
