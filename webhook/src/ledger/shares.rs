//! What goes into the status of a quota.

use std::collections::BTreeMap;

use passmuster::{
    quantity::Quantity,
    quota::{
        Amounts,
        ledger::Book,
        project::{NamespaceShare, ProjectQuotaStatus},
    },
};

use super::{tracked::Tracked, view::State};

/// What is more than before.
pub(super) fn more_than(now: &Amounts, before: &Amounts) -> Amounts {
    let rest = now.less(before);
    rest.iter()
        .filter(|(_, amount)| **amount > Quantity::ZERO)
        .map(|(key, amount)| (key.clone(), *amount))
        .collect()
}

/// How a project's quota stands, without its conditions.
pub(super) fn status(state: &State, tracked: &Tracked, book: &Book) -> ProjectQuotaStatus {
    let (account, observed) = (&tracked.account, &state.observed);
    let reserved = book.reserved_by_namespace(account, observed);
    let mut sum = Amounts::new();
    for amounts in reserved.values() {
        sum.add_all(amounts);
    }
    let mut shares: BTreeMap<&str, NamespaceShare> = BTreeMap::new();
    for name in &account.namespaces {
        let used = nonzero(&account.used_in(observed, name));
        let share = NamespaceShare { name: name.to_string(), used, ..NamespaceShare::default() };
        shares.insert(name, share);
    }
    for (name, amounts) in &reserved {
        let share = shares
            .entry(name)
            .or_insert_with(|| NamespaceShare { name: name.to_string(), ..Default::default() });
        share.reserved = amounts.clone();
    }
    ProjectQuotaStatus {
        observed_generation: Some(tracked.version.generation),
        hard: account.spec.hard.clone(),
        used: account.used(observed),
        reserved: sum,
        namespaces: shares
            .into_values()
            .filter(|share| !share.used.is_empty() || !share.reserved.is_empty())
            .collect(),
        conditions: Vec::new(),
    }
}

fn nonzero(amounts: &Amounts) -> Amounts {
    amounts
        .iter()
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(key, amount)| (key.clone(), *amount))
        .collect()
}
