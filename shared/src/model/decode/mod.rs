//! From bytes to the parts of an object that are read: the same from protobuf and from JSON.

mod spread;
mod strict;
mod unmanaged;

use prost::Message;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) use spread::{Own, spread, spread_out};
pub(crate) use strict::flattened;

/// An object that is not what its kind says.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The bytes are not this message.
    #[error("malformed protobuf: {0}")]
    Protobuf(#[from] prost::DecodeError),
    /// A field has another type than the API gives it.
    #[error("{}{}{source}", path, if path.is_empty() { "" } else { ": " })]
    Json {
        /// The field, from the object down: `spec.containers[0].ports`. Empty when it could not be found.
        path: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// There is no name to know it by.
    #[error("metadata.name is missing")]
    NoName,
    /// A workload in a file has neither a selector nor labels for its pods, and no API server would take it: a patch,
    /// or a source that a tool completes.
    #[error(
        "spec.selector and the labels of the pods are missing: it is a part of an object; if it is one of a kustomization, build that with -k"
    )]
    Part,
}

/// Reads an object in protobuf, without the envelope.
pub fn from_protobuf<M: Message + Default>(bytes: &[u8]) -> Result<M, DecodeError> {
    Ok(M::decode(bytes)?)
}

/// Reads an object in JSON; also in YAML, once parsed.
pub fn from_json<M: DeserializeOwned>(mut value: Value) -> Result<M, DecodeError> {
    drop_nulls(&mut value);
    if value.is_array() {
        // Serde would take it for the fields of an object, in their order.
        let source = serde::de::Error::custom("expected an object, found a sequence");
        return Err(DecodeError::Json { path: String::new(), source });
    }
    strict::read(&value).map_err(|source| DecodeError::Json { path: blame::<M>(value, &source), source })
}

/// Parses an object in JSON, all but its managed fields.
pub fn unmanaged(json: &str) -> Result<Value, DecodeError> {
    unmanaged::read(json).map_err(|source| DecodeError::Json { path: String::new(), source })
}

/// Reads an object in JSON with nothing in between; none where that can't be done. [`from_json`] tells why, or reads it
/// all the same: a null may be where serde wants a value, a field may be there twice.
pub fn from_text<M: DeserializeOwned>(json: &str) -> Option<M> {
    strict::read_text(json).ok()
}

/// How many values may be looked at to find the one to blame: every try reads the object once more.
const PATIENCE: usize = 2_000_000;

/// The field that is to blame: the deepest without which the object is read, or fails for another reason. Of objects
/// so large that it would take long, as far as it was found.
fn blame<M: DeserializeOwned>(mut value: Value, error: &serde_json::Error) -> String {
    let message = error.to_string();
    let mut pointer = String::new();
    let mut path = String::new();
    let (size, mut looked) = (nodes(&value), 0);
    'deeper: loop {
        let parts: Vec<(String, String)> = match value.pointer(&pointer) {
            Some(Value::Object(map)) => {
                let dot = if path.is_empty() { "" } else { "." };
                map.keys()
                    .map(|key| (key.replace('~', "~0").replace('/', "~1"), format!("{dot}{key}")))
                    .collect()
            }
            Some(Value::Array(items)) => {
                (0..items.len()).map(|at| (at.to_string(), format!("[{at}]"))).collect()
            }
            _ => return path,
        };
        for (token, step) in parts {
            looked += size;
            if looked > PATIENCE {
                return path;
            }
            let at = format!("{pointer}/{token}");
            let Some(part) = value.pointer_mut(&at).map(Value::take) else {
                continue;
            };
            let mut without = value.clone();
            drop_nulls(&mut without);
            let innocent = strict::read::<M>(&without).is_err_and(|other| other.to_string() == message);
            if let Some(place) = value.pointer_mut(&at) {
                *place = part;
            }
            if !innocent {
                pointer = at;
                path.push_str(&step);
                continue 'deeper;
            }
        }
        return path;
    }
}

fn nodes(value: &Value) -> usize {
    match value {
        Value::Object(map) => 1 + map.values().map(nodes).sum::<usize>(),
        Value::Array(items) => 1 + items.iter().map(nodes).sum::<usize>(),
        _ => 1,
    }
}

/// To the API an explicit null is a field left out; to serde it is not.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => {
            items.retain(|item| !item.is_null());
            items.iter_mut().for_each(drop_nulls);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::ObjectMeta;

    #[test]
    fn the_field_that_is_wrong_is_named() {
        let wrong = |value| from_json::<ObjectMeta>(value).unwrap_err().to_string();
        assert_eq!(
            wrong(json!({"name": "a", "labels": {"ok": "x", "a/b": 3}})),
            "labels.a/b: invalid type: integer `3`, expected a string"
        );
        assert_eq!(
            wrong(json!({"ownerReferences": [{"name": "x"}, {"name": "y", "controller": "yes"}]})),
            "ownerReferences[1].controller: invalid type: string \"yes\", expected a boolean"
        );
        assert_eq!(wrong(json!([])), "expected an object, found a sequence");
    }

    #[test]
    fn a_list_is_no_object_at_any_depth() {
        let wrong = |value| from_json::<crate::model::api::Pod>(value).unwrap_err().to_string();
        assert_eq!(
            wrong(json!({"metadata": {"name": "a"}, "spec": []})),
            "spec: invalid type: sequence, expected an object"
        );
        assert_eq!(
            wrong(json!({"spec": {"containers": [{"name": "a", "env": [{"name": "A", "valueFrom": []}]}]}})),
            "spec.containers[0].env[0].valueFrom: invalid type: sequence, expected an object"
        );
        assert_eq!(
            wrong(json!({"spec": {"volumes": [{"name": "v", "secret": ["s"]}]}})),
            "spec.volumes[0].secret: invalid type: sequence, expected an object"
        );
    }
}
