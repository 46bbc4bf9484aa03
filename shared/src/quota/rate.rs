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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(part: &str, whole: &str) -> Rate {
        Rate::of(Quantity::parse(part).unwrap(), Quantity::parse(whole).unwrap()).unwrap()
    }

    #[test]
    fn decimals_are_rounded_and_percents_are_not() {
        for (part, whole, decimal, percent) in [
            ("0", "1", "0.0000000000", "0%"),
            ("1", "3", "0.3333333333", "33%"),
            ("2", "3", "0.6666666667", "66%"),
            ("3", "4", "0.7500000000", "75%"),
            ("999m", "1", "0.9990000000", "99%"),
            ("99999999999n", "100", "1.0000000000", "100%"),
            ("9999999999n", "10", "0.9999999999", "99%"),
            ("1", "1", "1.0000000000", "100%"),
            ("3Gi", "2Gi", "1.5000000000", "150%"),
            ("-1", "3", "-0.3333333333", "-34%"),
            ("-1n", "1k", "0.0000000000", "0%"),
            ("1n", "20", "0.0000000001", "0%"),
            ("-1n", "20", "-0.0000000001", "-1%"),
            ("1", "-2", "-0.5000000000", "-50%"),
            ("-5", "-2", "2.5000000000", "250%"),
        ] {
            let rate = rate(part, whole);
            assert_eq!(
                (rate.decimal().as_str(), rate.to_string().as_str()),
                (decimal, percent),
                "{part} of {whole}"
            );
        }
    }

    #[test]
    fn nothing_has_no_parts() {
        for part in ["0", "1", "-1"] {
            assert_eq!(Rate::of(Quantity::parse(part).unwrap(), Quantity::ZERO), None);
        }
    }

    #[test]
    fn at_the_bounds() {
        let most = Quantity::parse("1e99").unwrap();
        let least = Quantity::parse("1n").unwrap();
        let beyond = Rate::of(most, least).unwrap();
        assert_eq!(beyond.decimal(), "17014118346046923173168730371.5884105727");
        assert_eq!(beyond.percent(), 1_701_411_834_604_692_317_316_873_037_158);
        assert_eq!(Rate::of(-most - most, most).unwrap().decimal(), "-1.0000000000");
        assert_eq!(Rate::of(least, most), Some(Rate::default()));
        assert_eq!(Rate::of(most, most), Some(Rate::from_percent(100)));
        assert_eq!(Rate::from_percent(u32::MAX).to_string(), "4294967295%");
    }

    #[test]
    fn a_threshold_is_reached_by_just_as_much() {
        assert_eq!(rate("800m", "1"), Rate::from_percent(80));
        assert!(rate("7999999999n", "10") < Rate::from_percent(80));
        assert!(rate("801", "1k") > Rate::from_percent(80));
    }

    #[test]
    fn a_number_in_json() {
        assert_eq!(serde_json::to_string(&rate("1", "3")).unwrap(), "0.3333333333");
        assert_eq!(serde_json::to_string(&rate("1", "1")).unwrap(), "1.0");
        for (json, decimal) in [("1", "1.0000000000"), ("-0.25", "-0.2500000000"), ("0.1", "0.1000000000")] {
            assert_eq!(serde_json::from_str::<Rate>(json).unwrap().decimal(), decimal);
        }
        assert!(serde_json::from_str::<Rate>(r#""0.5""#).is_err());
    }

    proptest! {
        /// Up to five digits before the point: a quota is not used a hundred thousand times over.
        #[test]
        fn read_as_written(ten_billionths in -(99_999 * ONE)..(100_000 * ONE)) {
            let rate = Rate(ten_billionths);
            let json = serde_json::to_string(&rate).unwrap();
            prop_assert_eq!(serde_json::from_str::<Rate>(&json).unwrap(), rate, "{}", json);
            let text = rate.decimal();
            let decimal = Quantity::parse(&text).unwrap();
            prop_assert!((decimal.as_f64() - rate.as_f64()).abs() < 2e-9, "{}", text);
        }

        #[test]
        fn the_more_the_higher(one in 0..=i64::MAX, two in 0..=i64::MAX, whole in 1..=i64::MAX) {
            let of = |part: i64| Rate::of(part.into(), whole.into()).unwrap();
            prop_assert!((one <= two) <= (of(one) <= of(two)));
        }

        /// Where ten places tell every part from the next.
        #[test]
        fn percents_are_rounded_down(part in 0..1_000_000_000_i64, whole in 1..100_000_000_i64) {
            prop_assert_eq!(Rate::of(part.into(), whole.into()).unwrap().percent(), i128::from(part * 100 / whole));
        }
    }
}
