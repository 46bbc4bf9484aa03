//! What a service account can become: the way from its rights to the whole cluster.
//!
//! Rights over the cluster itself end the search; rights that let one act as service accounts of a namespace lead on
//! to those. Grants of the cluster itself are left out: they are what is to be taken over.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use super::{
    Permissions, holds_token,
    rights::{Reach, Rights},
};
use crate::audit::{api::ServiceAccount, context::Context, world::Unknown};

/// Namespace and name of a service account.
pub(super) type Account = (Box<str>, Box<str>);

/// How one account goes on towards the cluster.
#[derive(Debug)]
struct Step {
    how: String,
    next: Option<Account>,
}

/// The service accounts from which the whole cluster can be had, each with its first step.
#[derive(Debug)]
pub(crate) struct Takeover {
    steps: BTreeMap<Account, Step>,
    /// Accounts of which some role was not read.
    unknown: BTreeMap<Account, Unknown>,
}

impl Takeover {
    /// Looks at every service account that there is, or that pods run as.
    pub(crate) fn of(cx: &Context<'_>, permissions: &Permissions<'_>) -> Result<Self, Unknown> {
        let in_pods: BTreeSet<Account> = cx
            .units()
            .iter()
            .filter(|unit| holds_token(unit, cx).unwrap_or(true))
            .map(|unit| (unit.namespace().into(), unit.service_account().into()))
            .collect();
        let accounts = cx.all::<ServiceAccount>()?;
        let named =
            accounts.map(|it| (it.metadata.namespace.as_str().into(), it.metadata.name.as_str().into()));
        let accounts: BTreeSet<Account> = named.chain(in_pods.iter().cloned()).collect();
        let mut all = Self { steps: BTreeMap::new(), unknown: BTreeMap::new() };
        let mut reaches: Vec<(&Account, Vec<Reach>)> = Vec::new();
        for account in &accounts {
            let rights = Rights::of(permissions, account, cx.version());
            if let Some(how) = rights.end() {
                all.steps.insert(account.clone(), Step { how: how.to_owned(), next: None });
            } else {
                if let Some(unknown) = rights.unknown.clone() {
                    all.unknown.insert(account.clone(), unknown);
                }
                reaches.push((account, rights.reaches()));
            }
        }
        all.spread(&reaches, &in_pods);
        Ok(all)
    }

    /// Adds those that lead to one that is there, until there are no more.
    fn spread(&mut self, reaches: &[(&Account, Vec<Reach>)], in_pods: &BTreeSet<Account>) {
        loop {
            let mut best: BTreeMap<&str, [Option<&Account>; 2]> = BTreeMap::new();
            for account in self.steps.keys() {
                let [any, running] = best.entry(&account.0).or_default();
                any.get_or_insert(account);
                if in_pods.contains(account) {
                    running.get_or_insert(account);
                }
            }
            let mut found = Vec::new();
            for (account, reaches) in reaches.iter().filter(|(account, _)| !self.steps.contains_key(*account))
            {
                let step = reaches.iter().find_map(|reach| {
                    let [any, running] = best.get(&*reach.namespace).copied().unwrap_or_default();
                    let named =
                        |name: &str| self.steps.keys().find(|it| it.0 == reach.namespace && *it.1 == *name);
                    let next = if reach.in_pods {
                        running
                    } else if reach.names.is_empty() {
                        any
                    } else {
                        reach.names.iter().find_map(|name| named(name))
                    };
                    let next = next.cloned();
                    let how = || format!("{} in namespace {}", reach.how, reach.namespace);
                    next.map(|next| Step { how: how(), next: Some(next) })
                });
                found.extend(step.map(|step| ((*account).clone(), step)));
            }
            if found.is_empty() {
                return;
            }
            self.steps.extend(found);
        }
    }

    /// The way from a service account to the cluster, as a sentence; none when there is none.
    pub(crate) fn way(&self, namespace: &str, name: &str) -> Result<Option<String>, Unknown> {
        let start: Account = (namespace.into(), name.into());
        let Some(mut step) = self.steps.get(&start) else {
            return self.unknown.get(&start).cloned().map_or(Ok(None), Err);
        };
        let mut told = format!("ServiceAccount {namespace}/{name} {}", step.how);
        while let Some(next) = &step.next {
            let Some(following) = self.steps.get(next) else { break };
            step = following;
            // A text can be written to without failing.
            let _ = write!(told, " and so act as ServiceAccount {}/{}, which {}", next.0, next.1, step.how);
        }
        Ok(Some(told))
    }
}
