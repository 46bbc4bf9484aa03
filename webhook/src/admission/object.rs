//! Objects that stay text until somebody asks.

use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::Text;
use super::strict::object_or_empty;

/// An object as it came. Its debug form is its length: what is in it, a Secret say, is nobody's to log.
#[derive(Clone, Copy, Deserialize)]
#[serde(transparent)]
pub struct Raw<'a>(#[serde(borrow)] &'a RawValue);

impl<'a> Raw<'a> {
    /// The JSON.
    pub fn json(&self) -> &'a str {
        self.0.get()
    }

    /// Reads it as `T`, which may borrow from the review.
    pub fn read<T: Deserialize<'a>>(&self) -> serde_json::Result<T> {
        serde_json::from_str(self.0.get())
    }

    /// What its metadata says. Metadata comes before all that is large, and nothing after it is read.
    pub fn metadata(&self) -> serde_json::Result<Metadata<'a>> {
        let mut found = None;
        let read = serde_json::Deserializer::from_str(self.json()).deserialize_map(Seek(&mut found));
        match found {
            // To stop in the middle is an error to the reader, and not to us.
            Some(metadata) => Ok(metadata),
            None => read.map(|()| Metadata::default()),
        }
    }

    /// Whether it is a JSON object, as every Kubernetes object is.
    pub(super) fn is_object(&self) -> bool {
        // Raw values begin where the value begins.
        self.0.get().starts_with('{')
    }
}

impl fmt::Debug for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} bytes)", self.0.get().len())
    }
}

/// Looks for the metadata among an object's fields.
struct Seek<'f, 'a>(&'f mut Option<Metadata<'a>>);

impl<'a> Visitor<'a> for Seek<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Text<'a>>()? {
            if key == "metadata" {
                // A list is none, and `null` is empty.
                *self.0 = Some(map.next_value_seed(Strictly)?);
                return Ok(());
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

struct Strictly;

impl<'a> DeserializeSeed<'a> for Strictly {
    type Value = Metadata<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Metadata<'a>, D::Error> {
        object_or_empty(deserializer)
    }
}

/// The part of an object's metadata that says which object it is and how it stands.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Metadata<'a> {
    /// The name; in a validating review generated names are settled already.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// What the name is generated from, when the client asked for that.
    #[serde(borrow)]
    pub generate_name: Text<'a>,
    /// The namespace, empty for objects of the cluster.
    #[serde(borrow)]
    pub namespace: Text<'a>,
    /// The uid that the stored object has, or will have: in the validating phase it is final.
    #[serde(borrow)]
    pub uid: Text<'a>,
    /// The version that was read; empty when an update creates.
    #[serde(borrow)]
    pub resource_version: Text<'a>,
    /// When it was asked to be deleted; empty while nobody has.
    #[serde(borrow)]
    pub deletion_timestamp: Text<'a>,
    /// Who must agree to its deletion.
    #[serde(borrow, deserialize_with = "nullable")]
    pub finalizers: Vec<Text<'a>>,
}

/// A list, or `null` for an empty one as Go writes it.
pub(super) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
