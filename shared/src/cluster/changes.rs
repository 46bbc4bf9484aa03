//! What watches tell, and the queue that it waits in.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::{
    Notify,
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use super::Error;
use crate::{graph::Facts, model::ObjectKey};

/// Which watch tells something: its place among those that were started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WatchId(pub usize);

/// What a watch tells.
#[derive(Debug)]
pub enum Change {
    /// A list begins. Until [`Change::Listed`], what is told is what exists.
    Listing,
    /// An object is so now.
    Applied(Box<Facts>),
    /// An object has gone.
    Deleted(ObjectKey),
    /// The list is whole: what it did not name is gone. From here on changes are told as they come.
    Listed,
    /// An object that can't be read, and why.
    Unreadable(String),
    /// It does not get on: what is known may be old. It tries again by itself.
    Stale(Error),
    /// It gets on again.
    Fresh,
}

/// Changes that wait to be taken before lists read on: enough to keep the one who takes them busy.
const WAITING: usize = 256;

/// Where changes go.
#[derive(Clone)]
pub struct Changes {
    sender: UnboundedSender<(WatchId, Change)>,
    waiting: Arc<Waiting>,
}

/// Where changes come from.
pub(super) struct Incoming {
    receiver: UnboundedReceiver<(WatchId, Change)>,
    waiting: Arc<Waiting>,
}

#[derive(Default)]
struct Waiting {
    count: AtomicUsize,
    fewer: Notify,
}

/// A queue of changes.
pub(super) fn changes() -> (Changes, Incoming) {
    let (sender, receiver) = unbounded_channel();
    let waiting = Arc::<Waiting>::default();
    (Changes { sender, waiting: waiting.clone() }, Incoming { receiver, waiting })
}

impl Incoming {
    /// The next change.
    pub(super) async fn next(&mut self) -> Option<(WatchId, Change)> {
        let next = self.receiver.recv().await;
        if self.waiting.count.fetch_sub(1, Ordering::Relaxed) == WAITING {
            self.waiting.fewer.notify_waiters();
        }
        next
    }
}

impl Changes {
    /// Whether nobody takes changes any more.
    pub(super) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Waits until nobody takes changes any more.
    pub(super) async fn closed(&self) {
        self.sender.closed().await;
    }

    /// Tells a change.
    pub(super) fn tell(&self, id: WatchId, change: Change) {
        self.waiting.count.fetch_add(1, Ordering::Relaxed);
        // No receiver: the run is over, and the watch's loop will see it.
        let _ = self.sender.send((id, change));
    }

    /// Waits until few enough changes wait to be taken.
    pub(super) async fn few(&self) {
        loop {
            let fewer = self.waiting.fewer.notified();
            if self.waiting.count.load(Ordering::Relaxed) < WAITING || self.sender.is_closed() {
                return;
            }
            fewer.await;
        }
    }
}
