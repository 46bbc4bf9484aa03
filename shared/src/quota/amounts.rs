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
