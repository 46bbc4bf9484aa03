//! Values that stand in many kinds.

use prost::Message;
use serde::{Deserialize, Deserializer};

use crate::model::Time;

/// `metav1.Condition`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Condition {
    #[prost(string, tag = "1")]
    pub(crate) r#type: String,
    #[prost(string, tag = "2")]
    pub(crate) status: String,
    #[prost(message, optional, tag = "4")]
    pub(crate) last_transition_time: Option<Time>,
    #[prost(string, tag = "5")]
    pub(crate) reason: String,
    #[prost(string, tag = "6")]
    pub(crate) message: String,
}

/// A field of which only is read that it is there.
#[derive(Clone, Copy, PartialEq, Eq, Message, Deserialize)]
#[serde(default)]
pub(crate) struct Present {}

/// `intstr.IntOrString`: a number, or a name or percentage.
#[derive(Clone, PartialEq, Eq, Message)]
pub(crate) struct IntOrString {
    /// 0: the number, 1: the text.
    #[prost(int64, tag = "1")]
    pub(crate) r#type: i64,
    #[prost(int32, tag = "2")]
    pub(crate) int_val: i32,
    #[prost(string, tag = "3")]
    pub(crate) str_val: String,
}

impl IntOrString {
    /// The number, when it is one.
    pub(crate) fn number(&self) -> Option<i32> {
        (self.r#type == 0).then_some(self.int_val)
    }

    /// The text, when it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        (self.r#type == 1).then_some(self.str_val.as_str())
    }

    /// The percentage, when it is one: `25` of `25%`.
    pub(crate) fn percent(&self) -> Option<i32> {
        self.text()?.strip_suffix('%')?.parse().ok()
    }

    /// What it comes to of a whole, a percentage rounded up or down; as controllers scale it.
    pub(crate) fn of(&self, whole: i64, round_up: bool) -> Option<i64> {
        if let Some(number) = self.number() {
            return Some(i64::from(number));
        }
        let product = i64::from(self.percent()?).checked_mul(whole)?;
        Some(if round_up { product.saturating_add(99) / 100 } else { product / 100 })
    }
}

impl std::fmt::Display for IntOrString {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.number() {
            Some(number) => write!(f, "{number}"),
            None => f.write_str(&self.str_val),
        }
    }
}

impl<'de> Deserialize<'de> for IntOrString {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl serde::de::Visitor<'_> for Either {
            type Value = IntOrString;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number or a text")
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<IntOrString, E> {
                let int_val = i32::try_from(number).map_err(E::custom)?;
                Ok(IntOrString { r#type: 0, int_val, str_val: String::new() })
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<IntOrString, E> {
                self.visit_i64(i64::try_from(number).map_err(E::custom)?)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<IntOrString, E> {
                Ok(IntOrString { r#type: 1, int_val: 0, str_val: text.to_owned() })
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// Bytes: in JSON they are base64.
pub(crate) mod base64_bytes {
    use std::borrow::Cow;

    use base64::{Engine as _, prelude::BASE64_STANDARD};
    use serde::{Deserialize, Deserializer, de::Error};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        BASE64_STANDARD.decode(text.as_bytes()).map_err(Error::custom)
    }
}

/// What is said of a moment. The API server writes moments that are not known as the beginning of the epoch in
/// protobuf, and leaves them out in JSON.
pub(crate) trait Moment {
    /// The moment, if it is known.
    fn known(self) -> Option<Time>;
}

impl Moment for Option<Time> {
    fn known(self) -> Option<Time> {
        self.filter(|time| time.seconds != 0)
    }
}
