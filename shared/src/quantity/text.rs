//! Quantities in JSON and YAML: written as strings, read as strings and numbers.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Quantity, QuantityError};

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        Self::parse(text)
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = Quantity;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a quantity")
    }

    /// The API server takes blanks around a quantity in JSON, and nowhere else.
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Quantity, E> {
        Quantity::parse(text.trim()).map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Quantity, E> {
        Ok(number.into())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Quantity, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i128<E: de::Error>(self, number: i128) -> Result<Quantity, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_u128<E: de::Error>(self, number: u128) -> Result<Quantity, E> {
        self.visit_str(&number.to_string())
    }

    /// With the digits that JSON has for it.
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Quantity, E> {
        self.visit_str(&decimal(number))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Quantity, E> {
        Ok(Quantity::ZERO)
    }

    fn visit_none<E: de::Error>(self) -> Result<Quantity, E> {
        Ok(Quantity::ZERO)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Quantity, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Quantity, E> {
        Err(E::custom(QuantityError::Format))
    }
}

/// The shortest digits that tell the number from its neighbours, with an exponent where Kubernetes' JSON has one: then the
/// quantity is written with an exponent too.
fn decimal(number: f64) -> String {
    match number.abs() {
        size if size != 0.0 && !(1e-6..1e21).contains(&size) => format!("{number:e}"),
        _ => number.to_string(),
    }
}

impl JsonSchema for Quantity {
    fn schema_name() -> Cow<'static, str> {
        "Quantity".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "An amount of a resource as Kubernetes writes it: `250m`, `1536Mi`, `12e6`."
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::quantity::Quantity;

    #[test]
    fn from_json() {
        for (json, text) in [
            (r#""1.5Gi""#, "1536Mi"),
            (r#"" 250m ""#, "250m"),
            ("4", "4"),
            ("-4", "-4"),
            ("0.1", "100m"),
            ("1.5e3", "1500"),
            ("1000", "1k"),
            ("1e-7", "100e-9"),
            ("1e21", "1e21"),
            ("-0.0", "0"),
            ("18446744073709551615", "18446744073709551615"),
            ("null", "0"),
        ] {
            assert_eq!(serde_json::from_str::<Quantity>(json).unwrap().to_string(), text, "{json}");
        }
    }

    #[test]
    fn from_yaml() {
        for (yaml, text) in [("1.5Gi", "1536Mi"), ("4", "4"), ("0.5", "500m"), ("\"4\"", "4"), ("1e3", "1k")]
        {
            assert_eq!(serde_saphyr::from_str::<Quantity>(yaml).unwrap().to_string(), text, "{yaml}");
        }
    }

    #[test]
    fn not_from_anything_else() {
        for json in ["true", "[]", "{}", r#""""#, r#""one""#, r#""1i""#] {
            serde_json::from_str::<Quantity>(json).unwrap_err();
        }
    }

    #[test]
    fn to_json() {
        assert_eq!(serde_json::to_string(&Quantity::from_milli(1500)).unwrap(), r#""1500m""#);
    }
}
