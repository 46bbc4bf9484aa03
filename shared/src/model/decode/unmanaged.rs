//! Objects without the books that the API server keeps: no rule asks for them, and they can be half of an object.

use std::fmt;

use serde::{
    Deserializer as _,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Map, Value, value::RawValue};

/// Reads JSON, all but `metadata.managedFields`, which is passed over.
pub(super) fn read(json: &str) -> serde_json::Result<Value> {
    without(json, &["metadata", "managedFields"])
}

/// Reads a value without the field at the end of a path, where there are objects on all of it.
fn without(json: &str, path: &[&str]) -> serde_json::Result<Value> {
    match path.split_first() {
        Some((field, rest)) if json.trim_ascii_start().starts_with('{') => {
            let mut reader = serde_json::Deserializer::from_str(json);
            let object = reader.deserialize_map(Without { field, rest })?;
            reader.end()?;
            Ok(Value::Object(object))
        }
        _ => serde_json::from_str(json),
    }
}

struct Without<'p> {
    field: &'p str,
    /// The path within the field; empty: the field itself is left out.
    rest: &'p [&'p str],
}

impl<'a> Visitor<'a> for Without<'_> {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut all = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if key != self.field {
                all.insert(key, map.next_value()?);
            } else if self.rest.is_empty() {
                map.next_value::<IgnoredAny>()?;
            } else {
                let raw: &RawValue = map.next_value()?;
                all.insert(key, without(raw.get(), self.rest).map_err(A::Error::custom)?);
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn managed_fields_are_passed_over_and_nothing_else() {
        let object = r#"{"a": {"managedFields": 1}, "metadata": {"name": "x", "managedFields": [{"a": [1]}], "z": null}}"#;
        let left = json!({"a": {"managedFields": 1}, "metadata": {"name": "x", "z": null}});
        assert_eq!(read(object).unwrap(), left);
        for other in
            [r#"{"metadata": null}"#, r#"{"metadata": ["managedFields"]}"#, r#"{"managedFields": 1}"#, "{}"]
        {
            assert_eq!(read(other).unwrap(), serde_json::from_str::<Value>(other).unwrap());
        }
        for wrong in ["", "{", "{} {}", r#"{"metadata": {"managedFields": }}"#] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
