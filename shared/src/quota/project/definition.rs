//! The definition of `ProjectQuota`, made of its Rust types.

use serde_json::Value;

use super::ProjectQuota;
use crate::definition::{self, Names, column};

/// The CustomResourceDefinition, to be applied to a cluster.
pub fn definition() -> Value {
    let called = Names {
        plural: "projectquotas",
        short: &["pq"],
        for_people: true,
        columns: vec![
            column("Display Name", ".spec.displayName", "string", "What people call the project", 0),
            column("Model", ".spec.model", "string", "How it is charged", 0),
            column("CPU", r".spec.hard.requests\.cpu", "string", "What it may request of CPU", 0),
            column("CPU Used", r".status.used.requests\.cpu", "string", "What it is charged of CPU", 1),
            column("Memory", r".spec.hard.requests\.memory", "string", "What it may request of memory", 0),
            column(
                "Memory Used",
                r".status.used.requests\.memory",
                "string",
                "What it is charged of memory",
                1,
            ),
            column("External ID", ".spec.externalId", "string", "What another system calls it", 1),
        ],
    };
    definition::definition::<ProjectQuota>(ProjectQuota::KIND, called)
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use serde_json::json;

    use super::*;

    /// The definition as a file.
    fn text() -> String {
        let mut text =
            "# Generated from shared/src/quota/project/object.rs by `UPDATE_DOCS=1 cargo test -p passmuster \
                        --all-features --lib`; do not edit.\n"
                .to_owned();
        text.push_str(&serde_saphyr::to_string(&definition()).unwrap());
        text
    }

    #[test]
    fn the_definition_is_current() {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../manifests/crds/passmuster.dev_projectquotas.yaml");
        let wanted = text();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &wanted).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == wanted,
            "manifests/crds/passmuster.dev_projectquotas.yaml is stale: run `UPDATE_DOCS=1 cargo test -p passmuster \
             --all-features --lib`"
        );
        let read: Value = serde_saphyr::from_str(&found).unwrap();
        assert_eq!(read, definition());
    }

    #[test]
    fn the_schema_is_structural() {
        let schema = definition::structural::<ProjectQuota>();
        definition::check(&schema);
        let model = schema.pointer("/properties/spec/properties/model").unwrap();
        assert_eq!(model["default"], "usage");
        assert_eq!(model["enum"], json!(["usage", "allocation"]));
    }
}
