//! Group commit: all that is asked of a project within some milliseconds is one write.
//!
//! One task per project. It decides by what this replica sees and by the ledger as it was last seen, writes, and when
//! another replica was faster, reads and decides again. Who has no room waits a moment: what has gone may not have been
//! seen yet.

mod worker;

use std::{sync::Arc, time::Instant};

use passmuster::quota::{
    ledger::{Ask, Slot},
    usage::Denied,
};
use tokio::{
    sync::{mpsc, oneshot},
    task::{AbortHandle, JoinHandle},
};

use super::{
    Figures, LedgerOptions,
    store::Store,
    view::{State, View},
};
use worker::Worker;

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
        let worker = Worker::new(project, store, view.clone(), options, figures, receiver);
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

/// That it is not known what a quota has left, in the API server's words, and why.
fn unknown(state: &State, project: &str, why: &str) -> String {
    let tracked = state.tracked.get(project);
    let keys = tracked.map(|tracked| tracked.keys().map(str::to_owned).collect()).unwrap_or_default();
    let quota =
        tracked.map_or_else(|| format!("ProjectQuota/{project}"), |tracked| tracked.account.name.clone());
    format!("{} ({why})", Denied::Unknown { quota, keys })
}
