//! From bytes to the parts of an object that are read: the same from protobuf and from JSON.

use prost::Message;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// An object that is not what its kind says.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The bytes are not this message.
    #[error("malformed protobuf: {0}")]
    Protobuf(#[from] prost::DecodeError),
    /// A field has another type than the API gives it.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// There is no name to know it by.
    #[error("metadata.name is missing")]
    NoName,
}

/// Reads an object in protobuf, without the envelope.
pub fn from_protobuf<M: Message + Default>(bytes: &[u8]) -> Result<M, DecodeError> {
    Ok(M::decode(bytes)?)
}

/// Reads an object in JSON; also in YAML, once parsed.
pub fn from_json<M: DeserializeOwned>(mut value: Value) -> Result<M, DecodeError> {
    drop_nulls(&mut value);
    Ok(serde_json::from_value(value)?)
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
