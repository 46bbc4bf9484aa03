//! What a Rust type is in the definition of a custom resource.

use schemars::{
    JsonSchema, Schema,
    generate::SchemaSettings,
    transform::{Transform, transform_subschemas},
};
use serde_json::{Value, json};

use crate::model::Kind;

/// What people call a kind of ours, and what `kubectl get` prints of it.
pub(crate) struct Names<'a> {
    /// In addresses.
    pub(crate) plural: &'a str,
    /// Abbreviations.
    pub(crate) short: &'a [&'a str],
    /// Whether it is asked for together with others of ours, and has a status of its own.
    pub(crate) for_people: bool,
    /// Those of its own, see [`column`]; its age is the last of all kinds.
    pub(crate) columns: Vec<Value>,
}

/// A column of `kubectl get`; with a priority above 0 of `-o wide` alone.
pub(crate) fn column(name: &str, path: &str, sort: &str, description: &str, priority: u8) -> Value {
    json!({"name": name, "type": sort, "jsonPath": path, "description": description, "priority": priority})
}

/// The CustomResourceDefinition of a kind of ours, made of its Rust type, to be applied to a cluster.
pub(crate) fn definition<T: JsonSchema>(of: Kind, called: Names<'_>) -> Value {
    let Kind { group, kind, .. } = of;
    let Names { plural, short, for_people, mut columns } = called;
    columns.push(column("Age", ".metadata.creationTimestamp", "date", "Since when there is this object", 0));
    let mut names = json!({
        "kind": kind,
        "listKind": format!("{kind}List"),
        "plural": plural,
        "singular": kind.to_lowercase(),
    });
    if !short.is_empty() {
        names["shortNames"] = short.into();
    }
    let mut version = json!({
        "name": crate::API_VERSION.rsplit_once('/').map_or("", |(_, version)| version),
        "served": true,
        "storage": true,
    });
    if for_people {
        names["categories"] = json!(["passmuster"]);
        version["subresources"] = json!({"status": {}});
    }
    version["additionalPrinterColumns"] = columns.into();
    version["schema"] = json!({"openAPIV3Schema": structural::<T>()});
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.{group}")},
        "spec": {"group": group, "scope": "Cluster", "names": names, "versions": [version]},
    })
}

/// The schema of a type as a definition must have it: everything in place, and nothing that the API server knows
/// under another name.
pub(crate) fn structural<T: JsonSchema>() -> Schema {
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
        // Fields that are not known the API server takes out by itself, and a definition may not say so.
        if schema.get("properties").is_some()
            && schema.get("additionalProperties") == Some(&Value::Bool(false))
        {
            schema.remove("additionalProperties");
        }
        // Whatever somebody writes there stays as it is.
        if schema.get("additionalProperties") == Some(&Value::Bool(true)) {
            schema.remove("additionalProperties");
            schema.insert("x-kubernetes-preserve-unknown-fields".to_owned(), true.into());
        }
        let typed = ["type", "x-kubernetes-int-or-string"].iter().any(|key| schema.get(*key).is_some());
        if !typed {
            schema.insert("x-kubernetes-preserve-unknown-fields".to_owned(), true.into());
        }
        if schema.get("format").is_some_and(|format| format != "int64") {
            schema.remove("format");
        }
        if schema.get("x-kubernetes-int-or-string").is_none() {
            transform_subschemas(self, schema);
        }
    }
}

/// That the API server takes a schema as a structural one.
#[cfg(test)]
pub(crate) fn check(schema: &Schema) {
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
    walk(schema.as_value(), "");
}
