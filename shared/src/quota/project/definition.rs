//! The definition of `ProjectQuota`, made of its Rust types.

use schemars::{
    JsonSchema, Schema,
    generate::SchemaSettings,
    transform::{Transform, transform_subschemas},
};
use serde_json::{Value, json};

use super::ProjectQuota;
use crate::model::Kind;

/// Name in addresses.
const PLURAL: &str = "projectquotas";

/// The CustomResourceDefinition, to be applied to a cluster.
pub fn definition() -> Value {
    let Kind { group, kind, .. } = ProjectQuota::KIND;
    let version = crate::API_VERSION.rsplit_once('/').map_or("", |(_, version)| version);
    let column = |name: &str, path: &str, sort: &str, description: &str, priority: u8| json!({"name": name, "type": sort, "jsonPath": path, "description": description, "priority": priority});
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
                "singular": "projectquota",
                "shortNames": ["pq"],
                "categories": ["passmuster"],
            },
            "versions": [{
                "name": version,
                "served": true,
                "storage": true,
                "subresources": {"status": {}},
                "additionalPrinterColumns": [
                    column("Display Name", ".spec.displayName", "string", "What people call the project", 0),
                    column("Model", ".spec.model", "string", "How it is charged", 0),
                    column("CPU", r".spec.hard.requests\.cpu", "string", "What it may request of CPU", 0),
                    column("CPU Used", r".status.used.requests\.cpu", "string", "What it is charged of CPU", 1),
                    column("Memory", r".spec.hard.requests\.memory", "string", "What it may request of memory", 0),
                    column("Memory Used", r".status.used.requests\.memory", "string", "What it is charged of memory", 1),
                    column("External ID", ".spec.externalId", "string", "What another system calls it", 1),
                    column("Age", ".metadata.creationTimestamp", "date", "Since when there is this object", 0),
                ],
                "schema": {"openAPIV3Schema": structural::<ProjectQuota>()},
            }],
        },
    })
}

/// The schema of a type as a definition must have it: everything in place, and nothing that the API server knows
/// under another name.
pub(in crate::quota) fn structural<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::draft07().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    Structural.transform(&mut schema);
    // What it says of metadata beyond the name, the API server refuses; a description is too much.
    if let Some(Value::Object(metadata)) = schema.pointer_mut("/properties/metadata") {
        metadata.remove("description");
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|field| field != "metadata");
    }
    schema
}

#[derive(Clone)]
struct Structural;

impl Transform for Structural {
    fn transform(&mut self, schema: &mut Schema) {
        schema.remove("title");
        // `null` is never stored: a field that may be absent is not in `required`.
        if let Some(Value::Array(types)) = schema.get_mut("type") {
            types.retain(|name| name != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                schema.insert("type".to_owned(), only);
            }
        }
        if let Some(Value::Array(mut variants)) = schema.remove("anyOf") {
            variants.retain(|variant| variant != &json!({"type": "null"}));
            match variants.as_slice() {
                // What was `T or null` is T.
                [Value::Object(only)] => only.iter().for_each(|(key, value)| {
                    if schema.get(key).is_none() {
                        schema.insert(key.clone(), value.clone());
                    }
                }),
                _ => drop(schema.insert("anyOf".to_owned(), variants.into())),
            }
        }
        // An enumeration whose values are documented.
        if let Some(Value::Array(variants)) = schema.remove("oneOf") {
            let names: Vec<Value> =
                variants.iter().filter_map(|variant| variant.get("const").cloned()).collect();
            schema.insert("type".to_owned(), "string".into());
            schema.insert("enum".to_owned(), names.into());
        }
        // Only what is said here on purpose is filled in by the API server.
        if let Some(default) = schema.remove("default")
            && schema.get("enum").is_some()
        {
            schema.insert("default".to_owned(), default);
        }
        if schema.get("format").is_some_and(|format| format != "int64") {
            schema.remove("format");
        }
        if schema.get("x-kubernetes-int-or-string").is_none() {
            transform_subschemas(self, schema);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

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
        fn walk(value: &Value, path: &str) {
            match value {
                Value::Object(fields) => {
                    for forbidden in
                        ["$ref", "$defs", "definitions", "const", "oneOf", "nullable", "title", "$schema"]
                    {
                        let is_name = path.ends_with("/properties");
                        assert!(is_name || !fields.contains_key(forbidden), "{path}/{forbidden}");
                    }
                    fields.iter().for_each(|(key, value)| walk(value, &format!("{path}/{key}")));
                }
                Value::Array(items) => items.iter().for_each(|item| walk(item, path)),
                _ => {}
            }
        }
        let schema = structural::<ProjectQuota>();
        walk(schema.as_value(), "");
        let model = schema.pointer("/properties/spec/properties/model").unwrap();
        assert_eq!(model["default"], "usage");
        assert_eq!(model["enum"], json!(["usage", "allocation"]));
    }
}
