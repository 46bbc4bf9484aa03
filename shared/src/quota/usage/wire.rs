//! Amounts as API objects have them.

use std::collections::BTreeMap;

use crate::{quantity::Wire, quota::Amounts};

impl From<&BTreeMap<String, Wire>> for Amounts {
    fn from(stored: &BTreeMap<String, Wire>) -> Self {
        stored.iter().map(|(resource, amount)| (resource.clone(), amount.quantity())).collect()
    }
}

impl From<&Amounts> for BTreeMap<String, Wire> {
    fn from(amounts: &Amounts) -> Self {
        amounts.iter().map(|(resource, amount)| (resource.clone(), Wire::from(*amount))).collect()
    }
}
