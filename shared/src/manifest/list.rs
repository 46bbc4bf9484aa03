//! One document: an object, or a list whose items are handed on one by one.

use std::{cell::RefCell, fmt};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::value::{Bounded, Budget};

/// A value that was found, and its place in the list when there is one, from 0.
pub(super) type Found<'a> = dyn FnMut(Value, Option<u32>) + 'a;

/// Reads one document. Whatever has `items` at its top is a list, as for kubectl; its items go to `found` as they
/// are read. Comes back: all other fields of the document, and whether it was a list.
pub(super) struct Top<'a, 'b> {
    pub(super) budget: &'a RefCell<Budget>,
    pub(super) found: &'a mut Found<'b>,
}

/// What a document was, besides the items of a list.
#[derive(Debug, PartialEq)]
pub(super) enum Outcome {
    /// An object, or something that should have been one.
    Single(Value),
    /// The fields of a list besides `items`.
    List(Map<String, Value>),
}

impl<'de> DeserializeSeed<'de> for Top<'_, '_> {
    type Value = Outcome;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Everything but a mapping is no object; its type is all that is kept of it.
macro_rules! not_an_object {
    ($($visit:ident($type:ty) => $value:expr;)*) => {
        $(fn $visit<E: serde::de::Error>(self, _: $type) -> Result<Outcome, E> { Ok(Outcome::Single($value)) })*
    };
}

impl<'de> Visitor<'de> for Top<'_, '_> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    not_an_object! {
        visit_bool(bool) => Value::Bool(true);
        visit_i64(i64) => 0.into();
        visit_u64(u64) => 0.into();
        visit_f64(f64) => 0.into();
        visit_str(&str) => Value::String(String::new());
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Outcome, E> {
        Ok(Outcome::Single(Value::Null))
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Outcome, E> {
        self.visit_unit()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Outcome, A::Error> {
        while seq.next_element::<serde::de::IgnoredAny>()?.is_some() {}
        Ok(Outcome::Single(Value::Array(Vec::new())))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Outcome, A::Error> {
        let mut map = Map::new();
        let mut is_list = false;
        let bounded = Bounded(self.budget);
        while let Some(key) = access.next_key::<String>()? {
            if key == "items" {
                let items = Items { budget: self.budget, found: &mut *self.found, list: &map };
                match access.next_value_seed(items)? {
                    Some(other) => bounded.insert(&mut map, key, other)?,
                    None => is_list = true,
                }
            } else {
                let value = access.next_value_seed(bounded)?;
                bounded.insert(&mut map, key, value)?;
            }
        }
        Ok(if is_list { Outcome::List(map) } else { Outcome::Single(Value::Object(map)) })
    }
}

/// The field `items`: an array is a list's, anything else is handed back.
struct Items<'a, 'b> {
    budget: &'a RefCell<Budget>,
    found: &'a mut Found<'b>,
    /// The fields of the list that came before.
    list: &'a Map<String, Value>,
}

impl<'de> DeserializeSeed<'de> for Items<'_, '_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Value>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_, '_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the items of a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Option<Value>, A::Error> {
        let mut number = 0;
        loop {
            self.budget.borrow_mut().refill();
            let Some(mut item) = seq.next_element_seed(Bounded(self.budget))? else {
                break;
            };
            adopt(self.list, &mut item);
            flatten(item, &mut |item| (self.found)(item, Some(number)));
            number = number.saturating_add(1);
        }
        self.budget.borrow_mut().refill();
        Ok(None)
    }

    // An empty list that Go wrote.
    fn visit_unit<E: serde::de::Error>(self) -> Result<Option<Value>, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Option<Value>, A::Error> {
        Bounded(self.budget).visit_map(access).map(Some)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Option<Value>, E> {
        Bounded(self.budget).visit_str(text).map(Some)
    }
}

/// Items of a typed list as the API server writes it have no kind of their own: theirs is the list's without `List`.
fn adopt(list: &Map<String, Value>, item: &mut Value) {
    let (Some(Value::String(kind)), Some(item)) = (list.get("kind"), item.as_object_mut()) else {
        return;
    };
    let Some(kind) = kind.strip_suffix("List").filter(|kind| !kind.is_empty()) else {
        return;
    };
    item.entry("kind").or_insert_with(|| kind.into());
    if let Some(api_version) = list.get("apiVersion") {
        item.entry("apiVersion").or_insert_with(|| api_version.clone());
    }
}

/// A list inside of a list. Nesting is bounded by the parsers.
fn flatten(item: Value, found: &mut dyn FnMut(Value)) {
    match item {
        Value::Object(mut list) if list.get("items").is_some_and(Value::is_array) => {
            if let Some(Value::Array(items)) = list.remove("items") {
                for mut item in items {
                    adopt(&list, &mut item);
                    flatten(item, found);
                }
            }
        }
        item => found(item),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> (Vec<(Value, Option<u32>)>, Outcome) {
        let text = value.to_string();
        let budget = Budget::new();
        let mut all = Vec::new();
        let mut found = |value, item| all.push((value, item));
        let top = Top { budget: &budget, found: &mut found };
        let outcome = top.deserialize(&mut serde_json::Deserializer::from_str(&text)).unwrap();
        (all, outcome)
    }

    #[test]
    fn items_are_found_wherever_they_stand() {
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}});
        let (all, outcome) = read(&json!({"apiVersion": "v1", "items": [pod, pod], "kind": "List"}));
        assert_eq!(all, [(pod.clone(), Some(0)), (pod.clone(), Some(1))]);
        assert!(matches!(outcome, Outcome::List(map) if map["kind"] == "List"));
        let (all, _) = read(&json!({"kind": "List", "items": [{"kind": "List", "items": [pod]}, pod]}));
        assert_eq!(all, [(pod.clone(), Some(0)), (pod, Some(1))]);
    }

    #[test]
    fn items_of_a_typed_list_take_its_kind() {
        let (all, _) =
            read(&json!({"kind": "PodList", "apiVersion": "v1", "items": [{"metadata": {"name": "a"}}]}));
        assert_eq!(all[0].0, json!({"metadata": {"name": "a"}, "kind": "Pod", "apiVersion": "v1"}));
    }

    #[test]
    fn anything_else_is_a_single_object() {
        let map = json!({"kind": "Pod", "items": {"a": 1}});
        assert_eq!(read(&map), (Vec::new(), Outcome::Single(map)));
        assert_eq!(read(&json!([1, 2])), (Vec::new(), Outcome::Single(json!([]))));
        assert_eq!(read(&json!({"kind": "List", "items": null})).0, []);
    }
}
