//! What API servers are to send while policies and quotas come and go.

use std::{collections::BTreeSet, sync::Arc};

use futures::future::select_all;
use tokio::sync::watch;

use super::Handled;

/// Has API servers send what those who judge need, as they tell it, and nothing else; what was sent before until all
/// of them know. Returns when one of them has ended.
pub async fn narrow(
    mut needed: Vec<watch::Receiver<Option<Arc<[Handled]>>>>,
    sent: watch::Sender<Arc<[Handled]>>,
) {
    while !needed.is_empty() {
        let known: Option<BTreeSet<Handled>> = needed.iter().try_fold(BTreeSet::new(), |mut all, one| {
            all.extend(one.borrow().as_ref()?.iter().cloned());
            Some(all)
        });
        if let Some(known) = known {
            sent.send_if_modified(|before| {
                let differs = !before.iter().eq(&known);
                if differs {
                    *before = known.into_iter().collect();
                }
                differs
            });
        }
        let changes = needed.iter_mut().map(|one| Box::pin(one.changed()));
        if select_all(changes).await.0.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::charged;

    fn list(resources: &[&str]) -> Arc<[Handled]> {
        let named = |one: &Handled| resources.contains(&one.resource.as_str());
        charged([]).into_iter().filter(named).collect()
    }

    #[tokio::test]
    async fn all_must_be_known_and_what_several_need_is_sent_once() {
        let (rules, of_rules) = watch::channel(None);
        let (quotas, of_quotas) = watch::channel(None);
        let (sender, mut sent) = watch::channel(list(&["jobs", "pods"]));
        let running = tokio::spawn(narrow(vec![of_rules, of_quotas], sender));
        rules.send_replace(Some(list(&["pods"])));
        tokio::task::yield_now().await;
        assert!(!sent.has_changed().unwrap(), "the quotas are not known");
        quotas.send_replace(Some(list(&["pods", "services"])));
        sent.changed().await.unwrap();
        assert_eq!(**sent.borrow_and_update(), *list(&["pods", "services"]));
        rules.send_replace(Some(list(&[])));
        quotas.send_replace(Some(list(&["services"])));
        sent.changed().await.unwrap();
        assert_eq!(**sent.wait_for(|sent| sent.len() == 1).await.unwrap(), *list(&["services"]));
        drop(rules);
        running.await.unwrap();
    }
}
