use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::AuditPolicy;
use crate::{definition::structural, model::Kind};

/// Name in addresses.
const PLURAL: &str = "auditpolicies";

/// The CustomResourceDefinition of `AuditPolicy`, to be applied to a cluster.
pub fn definition() -> Value {
    let Kind { group, kind, .. } = AuditPolicy::KIND;
    let version = crate::API_VERSION.rsplit_once('/').map_or("", |(_, version)| version);
    let column = |name: &str, path: &str, sort: &str, description: &str| json!({"name": name, "type": sort, "jsonPath": path, "description": description, "priority": 0});
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{PLURAL}.{group}")},
        "spec": {
            "group": group,
            "scope": "Cluster",
            "names": {
                "kind": kind,
                "listKind": format!("{kind}List"),
                "plural": PLURAL,
                "singular": "auditpolicy",
                "shortNames": ["ap"],
                "categories": ["passmuster"],
            },
            "versions": [{
                "name": version,
                "served": true,
                "storage": true,
                "subresources": {"status": {}},
                "additionalPrinterColumns": [
                    column("Pod Security", ".spec.podSecurity.level", "string", "The standard that pods are held to"),
                    column("In Force", r#".status.conditions[?(@.type=="InForce")].status"#, "string",
                        "Whether requests are judged by it"),
                    column("Age", ".metadata.creationTimestamp", "date", "Since when there is this object"),
                ],
                "schema": {"openAPIV3Schema": structural::<AuditPolicy>()},
            }],
        },
    })
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
        crate::definition::check(&structural::<AuditPolicy>());
    }
}
