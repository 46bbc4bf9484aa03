//! The quotas that objects are charged to, as they fill up.

use std::collections::BTreeSet;

use super::times::{how_often, times};
use crate::{
    model::Time,
    quota::{
        Amounts, QuotaSpec,
        usage::{Charged, Denied, Devices, request, usage_with},
    },
};

/// A quota: of a namespace, or of a project.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// What messages call it: a ResourceQuota's name, or `ProjectQuota/NAME`.
    pub name: String,
    /// The namespaces whose objects it is charged for.
    pub namespaces: BTreeSet<String>,
    /// What it allows, and of which objects.
    pub spec: QuotaSpec,
    /// What it is charged.
    pub used: Amounts,
    /// Whether it is a project's.
    pub project: bool,
}

/// An object that is not let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    /// The quota; empty when it is a LimitRange that refuses.
    pub(super) quota: String,
    /// In the API server's words.
    pub(super) message: String,
    /// What other quotas would say.
    pub(super) others: Vec<String>,
}

/// All quotas.
#[derive(Debug, Clone)]
pub(super) struct Ledger<'a> {
    pub(super) accounts: Vec<Account>,
    pub(super) devices: &'a Devices,
    pub(super) now: Time,
}

impl Ledger<'_> {
    /// Charges an object that is created, or changed, to every quota that counts it, or to none of them.
    pub(super) fn admit(
        &mut self,
        namespace: &str,
        old: Option<&Charged>,
        new: &Charged,
    ) -> Result<(), Refused> {
        let (devices, now) = (self.devices, self.now);
        let concerned =
            self.accounts.iter().enumerate().filter(|(_, one)| one.namespaces.contains(namespace));
        let answers: Vec<(usize, Result<Amounts, Denied>)> = concerned
            .map(|(n, one)| (n, request(&one.name, &one.spec, &one.used, (old, new), devices, now)))
            .collect();
        let name = |n: usize| self.accounts.get(n).map(|account| account.name.clone()).unwrap_or_default();
        let mut refused =
            answers.iter().filter_map(|(n, answer)| Some((name(*n), answer.as_ref().err()?.to_string())));
        if let Some((quota, message)) = refused.next() {
            return Err(Refused { quota, message, others: refused.map(|(_, message)| message).collect() });
        }
        drop(refused);
        for (n, answer) in answers {
            if let (Some(account), Ok(used)) = (self.accounts.get_mut(n), answer) {
                account.used = used;
            }
        }
        Ok(())
    }

    /// Takes back what an object is charged.
    pub(super) fn release(&mut self, namespace: &str, object: &Charged) {
        for account in self.accounts.iter_mut().filter(|one| one.namespaces.contains(namespace)) {
            if account.spec.matches_with(object, self.devices) {
                let usage = usage_with(object, self.devices, self.now);
                let counted = usage.only(|key| account.spec.hard.get(key).is_some());
                account.used = account.used.less(&counted);
            }
        }
    }

    /// Charges an object so many times, whether it is let in or not.
    pub(super) fn charge(&mut self, namespace: &str, object: &Charged, count: u32) {
        let (devices, now) = (self.devices, self.now);
        let usage = usage_with(object, devices, now);
        for account in self.accounts.iter_mut().filter(|one| one.namespaces.contains(namespace)) {
            if account.spec.matches_with(object, devices) {
                let counted = usage.only(|key| account.spec.hard.get(key).is_some());
                for (key, amount) in &counted {
                    account.used.add(key, times(*amount, count));
                }
            }
        }
    }

    /// How many more of an object that is let in once would be let in, but no more than `most`.
    pub(super) fn more(&self, namespace: &str, object: &Charged, most: u32) -> u32 {
        let usage = usage_with(object, self.devices, self.now);
        let concerned = self.accounts.iter().filter(|account| {
            account.namespaces.contains(namespace) && account.spec.matches_with(object, self.devices)
        });
        concerned.fold(most, |most, account| {
            let counted = usage.only(|key| account.spec.hard.get(key).is_some());
            how_often(&counted, |key| account.spec.hard.of(key) - account.used.of(key), most)
        })
    }
}
