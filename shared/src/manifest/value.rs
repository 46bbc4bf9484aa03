//! JSON values out of any deserializer, bounded: an object never takes more memory than its limits say.

use std::{cell::RefCell, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, map::Entry};

use super::parse::{MAX_OBJECT_BYTES, MAX_OBJECT_NODES};

/// What one document may still take, and what was odd about it.
#[derive(Debug)]
pub(super) struct Budget {
    nodes: usize,
    bytes: usize,
    /// The first key that stood twice in one mapping. The last one counts, as for kubectl.
    pub(super) duplicate: Option<String>,
}

impl Budget {
    pub(super) fn new() -> RefCell<Self> {
        RefCell::new(Self { nodes: 0, bytes: 0, duplicate: None })
    }

    /// The next object may again take what one object may take.
    pub(super) fn refill(&mut self) {
        (self.nodes, self.bytes) = (0, 0);
    }

    pub(super) fn take<E: Error>(&mut self, bytes: usize) -> Result<(), E> {
        self.nodes += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        if self.nodes > MAX_OBJECT_NODES || self.bytes > MAX_OBJECT_BYTES {
            return Err(E::custom(format_args!(
                "an object is larger than {} MiB or {MAX_OBJECT_NODES} values",
                MAX_OBJECT_BYTES >> 20
            )));
        }
        Ok(())
    }
}

/// Reads one value within a budget.
#[derive(Clone, Copy)]
pub(super) struct Bounded<'a>(pub(super) &'a RefCell<Budget>);

impl Bounded<'_> {
    fn text<E: Error>(self, text: String) -> Result<Value, E> {
        self.0.borrow_mut().take(text.len())?;
        Ok(Value::String(text))
    }

    fn scalar<E: Error>(self, value: Value) -> Result<Value, E> {
        self.0.borrow_mut().take(0)?;
        Ok(value)
    }

    /// Puts a field into `map`, noting a key that was there before.
    pub(super) fn insert<E: Error>(
        self,
        map: &mut Map<String, Value>,
        key: String,
        value: Value,
    ) -> Result<(), E> {
        let mut budget = self.0.borrow_mut();
        budget.take(key.len())?;
        match map.entry(key) {
            Entry::Vacant(entry) => _ = entry.insert(value),
            Entry::Occupied(mut entry) => {
                budget.duplicate.get_or_insert_with(|| entry.key().clone());
                entry.insert(value);
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.scalar(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.scalar(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.scalar(value.into())
    }

    #[expect(clippy::cast_precision_loss, reason = "kubectl rounds integers of this size too")]
    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "kubectl rounds integers of this size too")]
    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("a number is not finite"))?;
        self.scalar(Value::Number(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.text(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        self.text(text)
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.scalar(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.scalar(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        self.0.borrow_mut().take(0)?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        self.0.borrow_mut().take(0)?;
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let value = access.next_value_seed(self)?;
            self.insert(&mut map, key, value)?;
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Result<Value, serde_json::Error>, Option<String>) {
        let budget = Budget::new();
        let value = Bounded(&budget).deserialize(&mut serde_json::Deserializer::from_str(text));
        (value, budget.into_inner().duplicate)
    }

    #[test]
    fn values_are_what_serde_json_reads() {
        let text = r#"{"a":[1,-2,1.5,true,null,"x",{}],"b":{"c":18446744073709551615}}"#;
        let (value, duplicate) = read(text);
        assert_eq!(value.unwrap(), serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(duplicate, None);
    }

    #[test]
    fn of_a_key_that_stands_twice_the_last_counts() {
        let (value, duplicate) = read(r#"{"a":{"k":1,"k":2}}"#);
        assert_eq!(value.unwrap(), serde_json::json!({"a": {"k": 2}}));
        assert_eq!(duplicate.as_deref(), Some("k"));
    }

    #[test]
    fn an_object_beyond_the_limits_is_refused() {
        let many = format!("[{}1]", "1,".repeat(MAX_OBJECT_NODES));
        assert!(read(&many).0.unwrap_err().to_string().starts_with("an object is larger than"));
        let long = format!("[\"{}\"]", "x".repeat(MAX_OBJECT_BYTES + 1));
        assert!(read(&long).0.unwrap_err().to_string().starts_with("an object is larger than"));
    }
}
