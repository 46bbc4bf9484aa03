//! What a file that Passmuster wrote is, told from its beginning.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

/// What a file is.
pub(super) enum What {
    Graph,
    Snapshot,
    Other(String),
}

/// Reads no further than to what tells the kind of a file, and stops parsing by way of an error.
pub(super) struct Probe<'a>(pub(super) &'a mut Option<What>);

impl<'de> DeserializeSeed<'de> for Probe<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Probe<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a saved graph or snapshot")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        while let Some(key) = access.next_key::<String>()? {
            *self.0 = match key.as_str() {
                "kind" => Some(match access.next_value::<String>()?.as_str() {
                    "Graph" => What::Graph,
                    "Snapshot" => What::Snapshot,
                    kind => What::Other(format!("kind {kind}")),
                }),
                // Some other program sorted the keys.
                "nodes" | "edges" => Some(What::Graph),
                "items" | "covered" => Some(What::Snapshot),
                _ => {
                    access.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            break;
        }
        Err(serde::de::Error::custom("enough"))
    }
}
