//! Quantities in protobuf.

use prost::Message;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Quantity;

/// A quantity as a field of an API object: in protobuf a message of its own, in JSON the text or number itself.
///
/// From JSON it is what [`Quantity`] takes, or an error. In protobuf it is written by the API server alone, always in
/// canonical form.
#[derive(Clone, PartialEq, Eq, Hash, Message)]
pub struct Wire {
    /// The quantity as text (tag: apimachinery's generated.proto).
    #[prost(string, tag = "1")]
    pub string: String,
}

impl Wire {
    /// The quantity. Text that is none is nothing.
    pub fn quantity(&self) -> Quantity {
        Quantity::parse(&self.string).unwrap_or_default()
    }
}

impl From<Quantity> for Wire {
    fn from(quantity: Quantity) -> Self {
        Self { string: quantity.to_string() }
    }
}

impl Serialize for Wire {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.quantity().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Wire {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Quantity::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;

    #[test]
    fn the_same_from_protobuf_and_json() {
        let protobuf = Wire::decode(&b"\x0a\x07250000u"[..]).unwrap();
        let json: Wire = serde_json::from_str("0.25").unwrap();
        assert_eq!(protobuf.quantity(), json.quantity());
        assert_eq!(json.encode_to_vec(), b"\x0a\x04250m");
    }

    #[test]
    fn nothing_said_is_nothing() {
        assert_eq!(Wire::default().quantity(), Quantity::ZERO);
    }
}
