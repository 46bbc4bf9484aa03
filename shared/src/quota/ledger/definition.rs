//! The definition of `QuotaLedger`, made of its Rust types.

use serde_json::{Value, json};

use super::QuotaLedger;
use crate::{definition::structural, model::Kind};

/// The CustomResourceDefinition, to be applied to a cluster.
pub fn definition() -> Value {
    let Kind { group, kind, .. } = QuotaLedger::KIND;
    let plural = QuotaLedger::PLURAL;
    let version = crate::API_VERSION.rsplit_once('/').map_or("", |(_, version)| version);
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.{group}")},
        "spec": {
            "group": group,
            "scope": "Cluster",
            "names": {
                "kind": kind,
                "listKind": format!("{kind}List"),
                "plural": plural,
                "singular": "quotaledger",
            },
            "versions": [{
                "name": version,
                "served": true,
                "storage": true,
                "additionalPrinterColumns": [
                    {"name": "Generation", "type": "integer", "jsonPath": ".spec.quota.generation",
                        "description": "The generation of the ProjectQuota that is in force", "priority": 0},
                    {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp",
                        "description": "Since when there is this object", "priority": 0},
                ],
                "schema": {"openAPIV3Schema": structural::<QuotaLedger>()},
            }],
        },
    })
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn the_definition_is_current() {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../manifests/crds/passmuster.dev_quotaledgers.yaml");
        let mut wanted =
            "# Generated from shared/src/quota/ledger/stored.rs by `UPDATE_DOCS=1 cargo test -p passmuster \
                          --all-features --lib`; do not edit.\n"
                .to_owned();
        wanted.push_str(&serde_saphyr::to_string(&definition()).unwrap());
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, &wanted).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == wanted,
            "manifests/crds/passmuster.dev_quotaledgers.yaml is stale: run `UPDATE_DOCS=1 cargo test -p passmuster \
             --all-features --lib`"
        );
    }
}
