//! What is done when nobody asks: what is settled is written, and what is overdue is dropped.

use passmuster::quota::ledger::Slot;

use super::Worker;
use crate::clock::now;

/// Overdue reservations that are asked for at once.
const OVERDUE: usize = 64;

impl Worker {
    /// Writes what is settled and drops what is overdue, when nobody asks for anything.
    pub(super) async fn tidy(&mut self) {
        let now = now();
        let overdue: Vec<Slot> = self.view.read(|state| {
            let book = state.books.get(&self.project).map(|seen| &seen.book);
            let overdue = book.into_iter().flat_map(|book| book.overdue(now));
            overdue.map(|(slot, _)| slot.clone()).take(OVERDUE).collect()
        });
        let mut stored = Vec::new();
        for slot in overdue {
            match self.store.version_at(&slot).await {
                Ok(version) => stored.push((slot, version)),
                Err(error) => {
                    tracing::warn!(%error, ?slot, "an overdue reservation stays: the store can't be asked");
                }
            }
        }
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
            expired = stored.iter().filter(|(slot, version)| book.expire(slot, *version, now)).count();
            (confirmed + expired > 0).then(|| (seen.version.clone(), book, confirmed))
        });
        if let Some((version, book, confirmed)) = plan
            && self.write(&version, &book).await
        {
            self.figures.confirmed(confirmed);
            self.figures.expired(expired);
        }
    }
}
