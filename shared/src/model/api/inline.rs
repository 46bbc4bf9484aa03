use serde::{Deserializer, de::DeserializeOwned};

use crate::model::decode::flattened;

/// Reads what protobuf nests in a message and JSON spreads out in the object that holds it. Serde's own
/// `Option` of a flattened field would turn a field of the wrong type into an absence; here it stays an error.
pub(crate) fn inline<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    flattened(deserializer).map(Some)
}
