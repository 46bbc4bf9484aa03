//! Group commit: all that is asked of a project within some milliseconds is one write.
//!
//! One task per project. It decides by what this replica sees and by the ledger as it was last seen, writes, and when
//! another replica was faster, reads and decides again. Who has no room waits a moment: what has gone may not have been
//! seen yet.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use passmuster::quota::{
    ledger::{Ask, Book, Refusal, Slot},
    usage::Denied,
};
use tokio::{
    sync::{mpsc, oneshot},
    task::{AbortHandle, JoinHandle},
};

use crate::clock::{in_seconds, now};

use super::{
    Figures, LedgerOptions,
    store::Store,
    view::{Seen, State, View},
};

/// The shortest time between two decisions about the same requests.
const PAUSE: Duration = Duration::from_millis(4);
/// How long nothing must be asked before what was settled is written for its own sake.
const IDLE: Duration = Duration::from_millis(600);
/// Overdue reservations that are asked for at once.
const OVERDUE: usize = 64;

/// What is asked of a project.
pub(super) struct Want {
    pub(super) ask: Ask,
    pub(super) until: Instant,
    pub(super) dry_run: bool,
    pub(super) reply: oneshot::Sender<Reply>,
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    /// It is reserved, or of a dry run: it would be.
    Admitted,
    /// There is no room, in the API server's words.
    Denied(String),
    /// It can't be said, and why.
    Unknown(String),
}

enum Message {
    Want(Want),
    TakeBack(Slot, Arc<str>),
}

/// The task of a project.
#[derive(Clone)]
pub(super) struct Group {
    project: Arc<str>,
    view: Arc<View>,
    sender: mpsc::UnboundedSender<Message>,
    task: AbortHandle,
}

impl Group {
    pub(super) fn start(
        project: &str,
        store: Store,
        view: Arc<View>,
        options: LedgerOptions,
        figures: Arc<Figures>,
    ) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        let worker = Worker {
            project: project.to_owned(),
            store,
            view: view.clone(),
            options,
            figures,
            receiver,
            waiting: Vec::new(),
            back: Vec::new(),
            refreshed: None,
            attempts: 0,
        };
        let task: JoinHandle<()> = tokio::spawn(worker.run());
        Self { project: project.into(), view, sender, task: task.abort_handle() }
    }

    pub(super) fn is_alive(&self) -> bool {
        !self.task.is_finished()
    }

    pub(super) fn end(&self) {
        self.task.abort();
    }

    /// Asks, and waits for what comes of it.
    pub(super) async fn ask(&self, ask: Ask, until: Instant, dry_run: bool) -> Reply {
        let (reply, answer) = oneshot::channel();
        let want = Want { ask, until, dry_run, reply };
        let ended = || Reply::Unknown("the ledger's task has ended".to_owned());
        if self.sender.send(Message::Want(want)).is_err() {
            return ended();
        }
        match tokio::time::timeout_at(until.into(), answer).await {
            Ok(answered) => answered.unwrap_or_else(|_| ended()),
            // What the task waits for takes longer than the API server does. It may still be reserved: then it is seen,
            // or its time is up.
            Err(_) => Reply::Unknown(self.view.read(|state| {
                unknown(state, &self.project, "the ledger could not be read or written in time")
            })),
        }
    }

    /// Takes back what was reserved for an object that is not admitted after all.
    pub(super) fn take_back(&self, slot: &Slot, uid: &Arc<str>) {
        // Without the task it ends when its time is up.
        let _ = self.sender.send(Message::TakeBack(slot.clone(), uid.clone()));
    }
}

struct Waiting {
    want: Want,
    since: Instant,
}

struct Worker {
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
    async fn run(mut self) {
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

    /// Writes what is settled and drops what is overdue, when nobody asks for anything.
    async fn tidy(&mut self) {
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

/// That it is not known what a quota has left, in the API server's words, and why.
fn unknown(state: &State, project: &str, why: &str) -> String {
    let tracked = state.tracked.get(project);
    let keys = tracked.map(|tracked| tracked.keys().map(str::to_owned).collect()).unwrap_or_default();
    let quota =
        tracked.map_or_else(|| format!("ProjectQuota/{project}"), |tracked| tracked.account.name.clone());
    format!("{} ({why})", Denied::Unknown { quota, keys })
}
