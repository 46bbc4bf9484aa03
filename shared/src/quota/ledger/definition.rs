//! The definition of `QuotaLedger`, made of its Rust types.

use serde_json::Value;

use super::QuotaLedger;
use crate::definition::{self, Names, column};

/// The CustomResourceDefinition, to be applied to a cluster.
pub fn definition() -> Value {
    let called = Names {
        plural: QuotaLedger::PLURAL,
        short: &[],
        for_people: false,
        columns: vec![column(
            "Generation",
            ".spec.quota.generation",
            "integer",
            "The generation of the ProjectQuota that is in force",
            0,
        )],
    };
    definition::definition::<QuotaLedger>(QuotaLedger::KIND, called)
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
