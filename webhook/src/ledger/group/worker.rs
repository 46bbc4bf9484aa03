//! Decides for all who wait, writes once, and answers.

mod idle;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use passmuster::quota::ledger::{Book, Refusal, Slot};
use tokio::sync::mpsc;

use super::{
    super::{
        Figures, LedgerOptions,
        store::Store,
        view::{Seen, State, View},
    },
    Message, Reply, Want, unknown,
};
use crate::clock::in_seconds;

/// The shortest time between two decisions about the same requests.
const PAUSE: Duration = Duration::from_millis(4);
/// How long nothing must be asked before what was settled is written for its own sake.
const IDLE: Duration = Duration::from_millis(600);

struct Waiting {
    want: Want,
    since: Instant,
}

/// What decides for one project, and writes.
pub(super) struct Worker {
    project: String,
    store: Store,
    view: Arc<View>,
    options: LedgerOptions,
    figures: Arc<Figures>,
    receiver: mpsc::UnboundedReceiver<Message>,
    waiting: Vec<Waiting>,
    back: Vec<(Slot, Arc<str>)>,
    /// When the ledger was last read or written.
    refreshed: Option<Instant>,
    /// Conflicts in a row.
    attempts: u32,
    /// When it was last looked for what is overdue.
    looked: Instant,
}

/// What is to be done.
enum Plan {
    /// Nothing can be decided, and why.
    Unknown(String),
    /// The ledger knows another quota of this name: which one is there?
    WhichQuota(String),
    /// There is no such quota any more.
    Free,
    /// Each request's answer, and the ledger to write for them.
    Decided { answers: Vec<Reply>, seen: Box<Seen>, changed: bool, confirmed: usize },
}

impl Worker {
    pub(super) fn new(
        project: &str,
        store: Store,
        view: Arc<View>,
        options: LedgerOptions,
        figures: Arc<Figures>,
        receiver: mpsc::UnboundedReceiver<Message>,
    ) -> Self {
        Self {
            project: project.to_owned(),
            store,
            view,
            options,
            figures,
            receiver,
            waiting: Vec::new(),
            back: Vec::new(),
            refreshed: None,
            attempts: 0,
            looked: Instant::now(),
        }
    }

    pub(super) async fn run(mut self) {
        loop {
            match tokio::time::timeout(IDLE, self.receiver.recv()).await {
                Ok(None) => return,
                Ok(Some(message)) => {
                    self.take(message);
                    tokio::time::sleep(self.options.window()).await;
                    self.work().await;
                }
                Err(_) => self.tidy().await,
            }
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Want(want) => self.waiting.push(Waiting { want, since: Instant::now() }),
            Message::TakeBack(slot, uid) => self.back.push((slot, uid)),
        }
    }

    /// Decides until nobody waits.
    async fn work(&mut self) {
        loop {
            while let Ok(message) = self.receiver.try_recv() {
                self.take(message);
            }
            self.drop_overdue().await;
            if self.waiting.is_empty() && self.back.is_empty() {
                return;
            }
            let mut changes = self.view.changes();
            let plan = self.view.read(|state| self.plan(state));
            match plan {
                Plan::Free => {
                    self.back.clear();
                    self.reply(|_| Some(Reply::Admitted));
                }
                Plan::Unknown(why) => self.unknown(&why),
                Plan::WhichQuota(uid) => self.which_quota(&uid).await,
                Plan::Decided { answers, seen, changed, confirmed } => {
                    if self.decided(answers, &seen, changed, confirmed).await {
                        // Something was written, or is to be decided anew: at once.
                        continue;
                    }
                }
            }
            if self.waiting.is_empty() {
                continue;
            }
            // What is seen next may make room.
            let due = self.waiting.iter().map(|waiting| self.due(waiting)).min();
            let due = due.map_or(PAUSE, |due| due.saturating_duration_since(Instant::now()));
            tokio::select! {
                _ = changes.changed() => {}
                message = self.receiver.recv() => match message {
                    Some(message) => self.take(message),
                    None => return,
                },
                () = tokio::time::sleep(due) => {}
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// When a request that has no room yet is denied.
    fn due(&self, waiting: &Waiting) -> Instant {
        (waiting.since + self.options.patience()).min(waiting.want.until)
    }

    fn plan(&self, state: &State) -> Plan {
        let Some(tracked) = state.tracked.get(&self.project) else {
            return if state.quotas_listed {
                Plan::Free
            } else {
                Plan::Unknown("quotas are not listed yet".into())
            };
        };
        if !state.quotas_listed || !state.books_listed {
            return Plan::Unknown("quotas and ledgers are not listed yet".into());
        }
        if let Some(why) = state.unreadable.get(&self.project) {
            return Plan::Unknown(format!("the quota can't be read: {why}"));
        }
        if let Some(resource) = state.unseen(tracked).next() {
            let why = state.failed.get(resource).map_or("they are not listed yet", String::as_str);
            return Plan::Unknown(format!("{resource}: {why}"));
        }
        let Seen { version, mut book } = state.books.get(&self.project).cloned().unwrap_or_default();
        let other = !book.quota.uid.is_empty() && book.quota.uid != tracked.version.uid;
        if other && state.confirmed_uids.get(&self.project) != Some(&tracked.version.uid) {
            return Plan::WhichQuota(tracked.version.uid.clone());
        }
        if !book.agree(&tracked.version, &tracked.account.spec.hard) {
            return Plan::Unknown("another version of the quota is in force and not seen yet".into());
        }
        if let Some(resource) = book.behind(&state.observed) {
            return Plan::Unknown(format!("not all {resource} that were confirmed are seen yet"));
        }
        let (account, observed) = (&tracked.account, &state.observed);
        let confirmed = book.confirm(observed);
        let mut changed = false;
        for (slot, uid) in &self.back {
            changed |= book.take_back(slot, uid);
        }
        let mut charged = book.charged(account, observed);
        let expires = in_seconds(self.options.ttl);
        let mut answers = Vec::with_capacity(self.waiting.len());
        for Waiting { want, .. } in &self.waiting {
            answers.push(match book.check(account, observed, &charged, &want.ask) {
                Ok(added) => {
                    if !want.dry_run {
                        book.reserve(observed, &want.ask, expires);
                        charged.add_all(&added);
                        changed = true;
                    }
                    Reply::Admitted
                }
                Err(refusal @ Refusal::Denied(_)) => Reply::Denied(refusal.to_string()),
                Err(refusal @ Refusal::Full { .. }) => Reply::Unknown(refusal.to_string()),
            });
        }
        Plan::Decided { answers, seen: Box::new(Seen { version, book }), changed, confirmed }
    }

    /// Writes what was decided and answers; false when nothing is to be done before something changes.
    async fn decided(&mut self, answers: Vec<Reply>, seen: &Seen, changed: bool, confirmed: usize) -> bool {
        if changed {
            if !self.write(&seen.version, &seen.book).await {
                self.unknown("the ledger could not be written in time");
                return true;
            }
            self.figures.confirmed(confirmed);
            self.back.clear();
        } else {
            self.back.clear();
        }
        let mut answers = answers.into_iter();
        let now = Instant::now();
        let (patience, refreshed) = (self.options.patience(), self.refreshed);
        let mut stale = false;
        let mut reserved = 0;
        self.reply(|waiting| match answers.next()? {
            Reply::Admitted => {
                reserved += usize::from(!waiting.want.dry_run);
                Some(Reply::Admitted)
            }
            Reply::Denied(_) if now < (waiting.since + patience).min(waiting.want.until) => None,
            // Another replica may have dropped reservations that this one still knows.
            Reply::Denied(_) if refreshed.is_none_or(|at| at < waiting.since) && now < waiting.want.until => {
                stale = true;
                None
            }
            Reply::Unknown(_) if now < waiting.want.until => None,
            other => Some(other),
        });
        self.figures.reserved(reserved);
        if stale {
            self.refresh().await;
            return true;
        }
        changed
    }

    async fn write(&mut self, version: &str, book: &Book) -> bool {
        match self.store.put(&self.project, version, book).await {
            Ok(true) => {
                self.figures.writes(1);
                self.refreshed = Some(Instant::now());
                self.attempts = 0;
                true
            }
            Ok(false) => {
                self.figures.conflicts(1);
                self.attempts += 1;
                // Those who met do not meet again at once.
                if self.attempts > 1 {
                    let spread = (u64::from(std::process::id()) * 7 + u64::from(self.attempts) * 5) % 16;
                    tokio::time::sleep(Duration::from_millis(spread)).await;
                }
                self.refresh().await;
                false
            }
            Err(error) => {
                self.figures.failures(1);
                tracing::warn!(project = self.project, %error, "a ledger can't be written");
                tokio::time::sleep(Duration::from_millis(50)).await;
                self.refresh().await;
                false
            }
        }
    }

    async fn refresh(&mut self) {
        match self.store.refresh(&self.project).await {
            Ok(()) => self.refreshed = Some(Instant::now()),
            Err(error) => {
                self.figures.failures(1);
                tracing::warn!(project = self.project, %error, "a ledger can't be read");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    async fn which_quota(&mut self, uid: &str) {
        match self.store.quota_uid(&self.project).await {
            Ok(Some(stored)) if stored == uid => {
                self.view.change(|state| state.confirmed_uids.insert(self.project.clone(), stored));
            }
            Ok(_) => self.unknown("another quota of this name is there and not seen yet"),
            Err(error) => self.unknown(&error.to_string()),
        }
    }

    /// Answers those whose time is up.
    fn unknown(&mut self, why: &str) {
        let now = Instant::now();
        let text = self.view.read(|state| unknown(state, &self.project, why));
        self.reply(|waiting| (now >= waiting.want.until).then(|| Reply::Unknown(text.clone())));
    }

    fn reply(&mut self, mut answer: impl FnMut(&Waiting) -> Option<Reply>) {
        let mut left = Vec::new();
        for waiting in self.waiting.drain(..) {
            match answer(&waiting) {
                Some(reply) => {
                    match reply {
                        Reply::Admitted => {}
                        Reply::Denied(_) => self.figures.denied(1),
                        Reply::Unknown(_) => self.figures.unknown(1),
                    }
                    // Who gave up may still have its object stored: what is reserved stays.
                    let _ = waiting.want.reply.send(reply);
                }
                None => left.push(waiting),
            }
        }
        self.waiting = left;
    }
}
