//! What is done when nobody asks, or nobody stops asking: what is settled is written, and what is overdue is dropped.

use std::time::{Duration, Instant};

use futures::future::join_all;
use passmuster::{model::Time, quota::ledger::Slot};
use tokio::time::timeout;

use super::Worker;
use crate::clock::now;

/// Overdue reservations that are asked for at once.
const OVERDUE: usize = 64;
/// How often it is looked for some while there are requests.
const EVERY: Duration = Duration::from_secs(1);
/// How long requests may have to wait for that, and how long it is let be when that was not enough.
const PATIENCE: Duration = Duration::from_millis(500);
const LET_BE: Duration = Duration::from_secs(10);

impl Worker {
    /// Drops what is overdue between requests: clients that ask again and again for the place that it has would
    /// otherwise keep it for ever.
    pub(super) async fn drop_overdue(&mut self) {
        if self.looked.elapsed() < EVERY {
            return;
        }
        let now = now();
        let overdue = self.overdue(now).await;
        if !overdue.is_empty() {
            self.settle(&overdue, now).await;
        }
    }

    /// Writes what is settled and drops what is overdue.
    pub(super) async fn tidy(&mut self) {
        let now = now();
        let overdue = self.overdue(now).await;
        self.settle(&overdue, now).await;
    }

    /// Writes what is settled, without what of this is overdue.
    async fn settle(&mut self, overdue: &[(Slot, Option<u64>)], now: Time) {
        let mut expired = 0;
        let plan = self.view.read(|state| {
            let seen = state.books.get(&self.project)?;
            let tracked = state.tracked.get(&self.project)?;
            let mut book = seen.book.clone();
            let known =
                book.agree(&tracked.version, &tracked.account.spec.hard) && book.quota == seen.book.quota;
            if !known || book.behind(&state.observed).is_some() {
                return None;
            }
            let confirmed = book.confirm(&state.observed);
            expired = overdue.iter().filter(|(slot, version)| book.expire(slot, *version, now)).count();
            (confirmed + expired > 0).then(|| (seen.version.clone(), book, confirmed))
        });
        if let Some((version, book, confirmed)) = plan
            && self.write(&version, &book).await
        {
            self.figures.confirmed(confirmed);
            self.figures.expired(expired);
        }
    }

    /// What is overdue, and the version in which it is stored after all, if it is.
    async fn overdue(&mut self, now: Time) -> Vec<(Slot, Option<u64>)> {
        if self.looked > Instant::now() {
            return Vec::new();
        }
        self.looked = Instant::now();
        let overdue: Vec<Slot> = self.view.read(|state| {
            let book = state.books.get(&self.project).map(|seen| &seen.book);
            let overdue = book.into_iter().flat_map(|book| book.overdue(now));
            overdue.map(|(slot, _)| slot.clone()).take(OVERDUE).collect()
        });
        let asking = join_all(overdue.iter().map(|slot| self.store.version_at(slot)));
        let Ok(answers) = timeout(PATIENCE, asking).await else {
            tracing::warn!(project = self.project, "overdue reservations stay: the store does not answer");
            self.looked = Instant::now() + LET_BE;
            return Vec::new();
        };
        let mut stored = Vec::new();
        for (slot, answer) in overdue.into_iter().zip(answers) {
            match answer {
                Ok(version) => stored.push((slot, version)),
                Err(error) => {
                    tracing::warn!(%error, ?slot, "an overdue reservation stays: the store can't be asked");
                }
            }
        }
        stored
    }
}
