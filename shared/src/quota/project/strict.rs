//! Our object as a user wrote it: whatever is not what it should be is told, where the API server would drop it.

use serde_json::Value;

use super::{At, FieldError, ProjectQuota, definition, own, read};

impl ProjectQuota {
    /// Reads an object that is to be applied. Fields that the kind does not have are errors: they may be typing errors.
    pub fn strict(object: Value) -> Result<Self, FieldError> {
        for reader in own::FLAVOUR.readers {
            read(&own::FLAVOUR, reader, &object)?;
        }
        let definition = definition();
        let schema = definition.pointer("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
        if let (Some(spec), Some(schema)) = (object.get("spec"), schema) {
            known(spec, schema, "spec")?;
        }
        At::root(&object).field("spec")?.field("hard")?.amounts()?;
        serde_json::from_value(object)
            .map_err(|error| FieldError { field: "the object".to_owned(), message: error.to_string() })
    }
}

/// Whether everything in a value is known to its schema.
fn known(value: &Value, schema: &Value, path: &str) -> Result<(), FieldError> {
    match value {
        Value::Object(fields) => {
            let Some(properties) = schema.get("properties") else { return Ok(()) };
            for (name, value) in fields {
                let path = format!("{path}.{name}");
                match properties.get(name) {
                    Some(schema) => known(value, schema, &path)?,
                    None => return Err(FieldError { field: path, message: "no such field".to_owned() }),
                }
            }
            Ok(())
        }
        Value::Array(items) => {
            let Some(schema) = schema.get("items") else { return Ok(()) };
            let mut items = items.iter().enumerate();
            items.try_for_each(|(n, item)| known(item, schema, &format!("{path}[{n}]")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_ours_is_named() {
        let object = |spec: Value| json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "ProjectQuota", "metadata": {"name": "a"}, "spec": spec});
        let good = json!({"namespaces": ["a"], "hard": {"pods": 1}, "clusters": [{"name": "e", "hard": {"pods": "1"}}]});
        let read = ProjectQuota::strict(object(good)).unwrap();
        assert_eq!(read.spec.hard.of("pods").to_string(), "1");
        for (spec, message) in [
            (json!({"namespaceSelectr": {}, "hard": {}}), "spec.namespaceSelectr: no such field"),
            (
                json!({"clusters": [{"name": "e", "hard": {}, "x": 1}], "hard": {}}),
                "spec.clusters[0].x: no such field",
            ),
            (
                json!({"hard": {"pods": "many"}}),
                "spec.hard[pods]: \"many\" is no quantity; such as 500m, 2, 16Gi are",
            ),
            (json!({"namespaces": "a", "hard": {}}), "spec.namespaces: text where a list should be"),
        ] {
            assert_eq!(ProjectQuota::strict(object(spec)).unwrap_err().to_string(), message);
        }
        assert!(ProjectQuota::strict(json!({"metadata": {"name": "a"}})).is_err());
        assert!(ProjectQuota::strict(json!({"spec": {}})).is_err());
    }
}
