use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::quantity::Quantity;

/// Decimal places that a rate keeps.
const PLACES: u32 = 10;
const ONE: i128 = 10_i128.pow(PLACES);

/// A part of a whole: 0.75 for three quarters. Ten decimal places, rounded half away from zero; no floating point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rate(i128);

impl Rate {
    /// `part` of `whole`; `None` when the whole is nothing, of which there are no parts.
    pub fn of(part: Quantity, whole: Quantity) -> Option<Self> {
        part.ratio(whole, PLACES).map(Self)
    }

    /// From a whole number of percent, as a user gives a threshold.
    pub fn from_percent(percent: u32) -> Self {
        Self(i128::from(percent) * (ONE / 100))
    }

    /// In percent, rounded down: 99.99 % is not yet full.
    pub fn percent(self) -> i128 {
        self.0.div_euclid(ONE / 100)
    }

    /// With all ten decimal places: `0.7500000000`.
    pub fn decimal(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let value = self.0.unsigned_abs();
        let one = ONE.unsigned_abs();
        format!("{sign}{}.{:010}", value / one, value % one)
    }

    /// As a floating-point number, for those who draw and for spreadsheets.
    #[expect(clippy::cast_precision_loss, reason = "ten places of what is near 1 fit")]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / ONE as f64
    }
}

/// In percent, as tables show it.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.percent())
    }
}

/// A JSON number.
impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.as_f64())
    }
}

impl<'de> Deserialize<'de> for Rate {
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "as it was written")]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self((f64::deserialize(deserializer)? * ONE as f64).round() as i128))
    }
}

impl JsonSchema for Rate {
    fn schema_name() -> Cow<'static, str> {
        "Rate".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "number", "description": "A part of a whole: 0.75 for three quarters."})
    }
}
