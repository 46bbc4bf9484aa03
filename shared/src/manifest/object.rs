//! What makes a value an object, and what is taken out of it.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::model::Skipped;

/// Takes out what is never kept: the data of secrets and config maps, the copy of it that `kubectl apply` leaves in an
/// annotation, and the book-keeping of field managers.
pub fn redact(object: &mut Value) {
    let Some(object) = object.as_object_mut() else {
        return;
    };
    let core = object.get("apiVersion").and_then(Value::as_str) == Some("v1");
    let kind = object.get("kind").and_then(Value::as_str);
    if core && matches!(kind, Some("Secret" | "ConfigMap")) {
        for field in ["data", "stringData", "binaryData"] {
            object.shift_remove(field);
        }
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.shift_remove("managedFields");
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.shift_remove("kubectl.kubernetes.io/last-applied-configuration");
        }
    }
}

/// Takes out the values of secrets and the book-keeping of field managers; keys stay, and so does what config maps hold.
pub(super) fn hide_secrets(object: &mut Value) {
    let is_secret = object.get("kind").is_some_and(|kind| kind == "Secret")
        && object.get("apiVersion").is_some_and(|version| version == "v1");
    for field in ["data", "stringData"] {
        let values = object.get_mut(field).filter(|_| is_secret).and_then(Value::as_object_mut);
        values.into_iter().flat_map(Map::values_mut).for_each(|value| *value = Value::String(String::new()));
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.shift_remove("managedFields");
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut)
            && is_secret
        {
            annotations.shift_remove("kubectl.kubernetes.io/last-applied-configuration");
        }
    }
}

/// `apiVersion` and `kind` of what an object must have to be one, or why it is none, worded as kubectl does.
pub(super) fn identify(object: &Value) -> Result<(Arc<str>, Arc<str>), String> {
    let Some(object) = object.as_object() else {
        return Err(format!("expected an object, found {}", type_of(object)));
    };
    let kind = text(object, "kind")?.ok_or("Object 'Kind' is missing")?;
    let api_version = text(object, "apiVersion")?.ok_or("Object 'apiVersion' is missing")?;
    let metadata = match object.get("metadata") {
        Some(Value::Object(metadata)) => metadata,
        None | Some(Value::Null) => return Err("resource name may not be empty".to_owned()),
        Some(other) => return Err(format!("metadata: expected an object, found {}", type_of(other))),
    };
    let mut named = false;
    for field in ["name", "generateName", "namespace"] {
        let value = text(metadata, field).map_err(|error| format!("metadata.{error}"))?;
        named |= value.is_some() && field != "namespace";
    }
    if !named {
        return Err("resource name may not be empty".to_owned());
    }
    Ok((api_version.into(), kind.into()))
}

/// Whether what could not be read may have been an object: all but what was read and is none, such as the
/// configuration of a program.
pub fn is_object_lost(skipped: &Skipped) -> bool {
    let none = ["Object '", "resource name may not be empty", "expected an object"];
    skipped.reason != "DuplicateKey" && !none.iter().any(|start| skipped.message.starts_with(start))
}

/// A text field; `None` when it is left out or empty.
fn text<'a>(map: &'a Map<String, Value>, field: &str) -> Result<Option<&'a str>, String> {
    match map.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Some(other) => Err(format!("{field}: expected a string, found {}", type_of(other))),
    }
}

pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a sequence",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_keep_their_names_only() {
        let last_applied = "kubectl.kubernetes.io/last-applied-configuration";
        let mut secret = json!({"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "data": {"a": "aA=="},
            "stringData": {"b": "x"}, "metadata": {"name": "s", "managedFields": [1],
            "annotations": {last_applied: "x", "a": "b"}}});
        redact(&mut secret);
        let metadata = json!({"name": "s", "annotations": {"a": "b"}});
        assert_eq!(
            secret,
            json!({"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": metadata})
        );
        let mut other = json!({"apiVersion": "example.com/v1", "kind": "Secret", "data": {"a": 1}});
        redact(&mut other);
        assert!(other.get("data").is_some(), "another group's kind of that name");
    }

    #[test]
    fn what_is_no_object_says_why() {
        let error = |value: Value| identify(&value).unwrap_err();
        assert_eq!(error(json!([])), "expected an object, found a sequence");
        assert_eq!(error(json!({"a": 1})), "Object 'Kind' is missing");
        assert_eq!(error(json!({"kind": "Pod"})), "Object 'apiVersion' is missing");
        assert_eq!(error(json!({"kind": 1})), "kind: expected a string, found a number");
        let pod = |metadata: Value| json!({"kind": "Pod", "apiVersion": "v1", "metadata": metadata});
        assert_eq!(error(pod(json!({"name": 5}))), "metadata.name: expected a string, found a number");
        assert_eq!(error(pod(json!({}))), "resource name may not be empty");
        assert!(identify(&pod(json!({"generateName": "a-"}))).is_ok());
    }
}
