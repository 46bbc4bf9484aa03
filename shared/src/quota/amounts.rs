use std::collections::{BTreeMap, btree_map};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::quantity::Quantity;

/// How much of which resource: `requests.cpu: 250m`. Keys are the names that a ResourceQuota takes, or those of a
/// container's resources; a key that is not there is nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Amounts(pub BTreeMap<String, Quantity>);

impl Amounts {
    /// Nothing.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// How much of a resource; `None` when it is not named.
    pub fn get(&self, resource: &str) -> Option<Quantity> {
        self.0.get(resource).copied()
    }

    /// How much of a resource; zero when it is not named.
    pub fn of(&self, resource: &str) -> Quantity {
        self.get(resource).unwrap_or_default()
    }

    /// Says how much of a resource.
    pub fn set(&mut self, resource: impl Into<String>, amount: Quantity) {
        self.0.insert(resource.into(), amount);
    }

    /// Adds to one resource.
    pub fn add(&mut self, resource: &str, amount: Quantity) {
        match self.0.get_mut(resource) {
            Some(sum) => *sum += amount,
            None => self.set(resource, amount),
        }
    }

    /// Adds all of another.
    pub fn add_all(&mut self, other: &Self) {
        for (resource, amount) in other {
            self.add(resource, *amount);
        }
    }

    /// Takes the larger of each.
    pub fn raise_to(&mut self, other: &Self) {
        for (resource, amount) in other {
            match self.0.get_mut(resource) {
                Some(most) => *most = (*most).max(*amount),
                None => self.set(resource.as_str(), *amount),
            }
        }
    }

    /// Each less what another has of it; what only the other has is negative.
    #[must_use]
    pub fn less(&self, other: &Self) -> Self {
        let mut rest = self.clone();
        for (resource, amount) in other {
            rest.add(resource, -*amount);
        }
        rest
    }

    /// Those whose names a predicate takes.
    #[must_use]
    pub fn only(&self, wanted: impl Fn(&str) -> bool) -> Self {
        self.iter().filter(|(name, _)| wanted(name)).map(|(name, amount)| (name.clone(), *amount)).collect()
    }

    /// Resources and how much of each, by name.
    pub fn iter(&self) -> btree_map::Iter<'_, String, Quantity> {
        self.0.iter()
    }

    /// Whether nothing is named.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, Quantity)> for Amounts {
    fn from_iter<I: IntoIterator<Item = (String, Quantity)>>(amounts: I) -> Self {
        Self(amounts.into_iter().collect())
    }
}

impl<'a> IntoIterator for &'a Amounts {
    type Item = (&'a String, &'a Quantity);
    type IntoIter = btree_map::Iter<'a, String, Quantity>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Few names, so that some are in one, in both and in neither.
    fn amounts() -> impl Strategy<Value = Amounts> {
        let amount =
            (any::<i64>(), 0_u32..64).prop_map(|(milli, shift)| Quantity::from_milli(milli >> shift));
        prop::collection::btree_map("[a-e]", amount, 0..5).prop_map(Amounts)
    }

    fn names(amounts: &[&Amounts]) -> Vec<String> {
        amounts.iter().flat_map(|amounts| amounts.iter().map(|(name, _)| name.clone())).collect()
    }

    #[test]
    fn what_is_not_named_is_nothing() {
        let amounts = Amounts::from_iter([("cpu".to_owned(), Quantity::ZERO)]);
        assert_eq!((amounts.get("cpu"), amounts.get("memory")), (Some(Quantity::ZERO), None));
        assert_eq!(amounts.of("memory"), Quantity::ZERO);
        assert!(!amounts.is_empty() && Amounts::new().is_empty());
    }

    #[test]
    fn a_sum_is_written_as_what_came_first() {
        let mut sum = Amounts::new();
        for text in ["0", "1Gi", "1G", "24"] {
            sum.add("memory", Quantity::parse(text).unwrap());
        }
        assert_eq!(serde_json::to_string(&sum).unwrap(), r#"{"memory":"2073741848"}"#);
        sum.set("memory", Quantity::from_bytes(512 << 20));
        assert_eq!(serde_json::to_string(&sum).unwrap(), r#"{"memory":"512Mi"}"#);
    }

    proptest! {
        #[test]
        fn added_by_name_in_any_order(one in amounts(), two in amounts()) {
            let mut sum = one.clone();
            sum.add_all(&two);
            for name in names(&[&one, &two]) {
                prop_assert_eq!(sum.get(&name), Some(one.of(&name) + two.of(&name)));
            }
            prop_assert!(sum.iter().all(|(name, _)| one.get(name).is_some() || two.get(name).is_some()));
            let mut other_way = two.clone();
            other_way.add_all(&one);
            prop_assert_eq!(&sum, &other_way);
            let mut grown = one.clone();
            grown.add_all(&sum.less(&one));
            prop_assert_eq!(grown, sum);
        }

        #[test]
        fn less_is_what_is_left_and_what_is_missing(one in amounts(), two in amounts()) {
            let rest = one.less(&two);
            for name in names(&[&one, &two]) {
                prop_assert_eq!(rest.get(&name), Some(one.of(&name) - two.of(&name)));
            }
            prop_assert!(one.less(&one).iter().all(|(_, amount)| amount.is_zero()));
        }

        #[test]
        fn raised_to_the_larger_of_what_is_named(one in amounts(), two in amounts()) {
            let mut most = one.clone();
            most.raise_to(&two);
            for name in names(&[&one, &two]) {
                let larger = one.get(&name).into_iter().chain(two.get(&name)).max();
                prop_assert_eq!(most.get(&name), larger);
            }
            let mut again = most.clone();
            again.raise_to(&one);
            again.raise_to(&two);
            prop_assert_eq!(again, most);
        }

        #[test]
        fn only_some_and_the_others_are_all(all in amounts()) {
            let mut again = all.only(|name| name < "c");
            prop_assert!(again.iter().all(|(name, _)| name.as_str() < "c"));
            again.add_all(&all.only(|name| name >= "c"));
            prop_assert_eq!(again, all);
        }

        #[test]
        fn read_as_written(all in amounts()) {
            let json = serde_json::to_string(&all).unwrap();
            prop_assert_eq!(serde_json::from_str::<Amounts>(&json).unwrap(), all);
        }
    }
}
