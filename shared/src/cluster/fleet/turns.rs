//! Who asks, when several contexts lead to one cluster.

use std::{cell::RefCell, time::Duration};

use tokio::sync::watch;

use super::identity::{Address, Identity};

/// How long whoever knows its cluster waits for the others to know theirs. One that comes first and is late asks again
/// and is preferred, so that patience saves work and decides nothing but what a member knows of its other contexts.
const GRACE: Duration = Duration::from_millis(500);

/// How far one context is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nobody knows where it leads.
    Unknown,
    /// It leads somewhere, and asks or waits.
    Known,
    /// The cluster answered.
    Answered,
    /// It came to nothing; `late` when the cluster said who it is, and not more.
    Failed { late: bool },
}

/// What the contexts know of each other, in their order of preference.
pub(super) struct Turns {
    contexts: RefCell<Vec<(Identity, Stage)>>,
    changes: watch::Sender<()>,
}

/// What a context is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Ask.
    Ask,
    /// Nothing: another has the answer, or this one would wait at the same address for the same silence.
    Leave,
}

impl Turns {
    /// For this many contexts, of which nothing is known.
    pub(super) fn new(contexts: usize) -> Self {
        let contexts = (0..contexts).map(|_| (Identity::default(), Stage::Unknown)).collect();
        Self { contexts: RefCell::new(contexts), changes: watch::Sender::new(()) }
    }

    /// Says where the kubeconfig sends a context.
    pub(super) fn at(&self, n: usize, address: Option<Address>) {
        self.change(n, |(identity, _)| identity.address = address);
    }

    /// Says which cluster a context leads to. What one of an address knows holds for all of it: users differ in what
    /// they may read.
    pub(super) fn known(&self, n: usize, uid: Option<String>) {
        self.change(n, |(identity, stage)| {
            identity.uid = uid.or(identity.uid.take());
            *stage = Stage::Known;
        });
        let own = self.identity(n);
        if own.address.is_none() || own.uid.is_none() {
            return;
        }
        for (identity, _) in self.contexts.borrow_mut().iter_mut() {
            if identity.uid.is_none() && identity.address == own.address {
                identity.uid.clone_from(&own.uid);
            }
        }
        self.changes.send_replace(());
    }

    /// Says that a cluster has answered a context.
    pub(super) fn answered(&self, n: usize) {
        self.change(n, |(_, stage)| *stage = Stage::Answered);
    }

    /// Says that it came to nothing.
    pub(super) fn failed(&self, n: usize, late: bool) {
        self.change(n, |(_, stage)| *stage = Stage::Failed { late });
    }

    /// Which cluster a context leads to, as far as is known.
    pub(super) fn identity(&self, n: usize) -> Identity {
        own(&self.contexts.borrow(), n)
    }

    /// The contexts that are known to lead to the same cluster as one of them, without itself.
    pub(super) fn same(&self, n: usize) -> Vec<usize> {
        let own = self.identity(n);
        let contexts = self.contexts.borrow();
        let others = contexts.iter().enumerate().filter(|(m, (identity, _))| *m != n && own.is(identity));
        others.map(|(m, _)| m).collect()
    }

    /// Waits until it is clear whether a context has to ask: the preferred ones of its cluster come first. One that
    /// leaves counts as what made it leave, for those that know the cluster by this one only.
    pub(super) async fn turn(&self, n: usize) -> Turn {
        let mut changes = self.changes.subscribe();
        let everyone_known =
            self.until(&mut changes, |contexts| contexts.iter().all(|(_, stage)| *stage != Stage::Unknown));
        // Late ones are not waited for.
        let _ = tokio::time::timeout(GRACE, everyone_known).await;
        let mut changes = self.changes.subscribe();
        self.until(&mut changes, |contexts| {
            contexts.iter().enumerate().all(|(m, (identity, stage))| {
                m >= n || *stage != Stage::Known || !identity.is(&own(contexts, n))
            })
        })
        .await;
        let stage = self.made_clear(n);
        match stage {
            Some(stage) => {
                self.change(n, |context| context.1 = stage);
                Turn::Leave
            }
            None => Turn::Ask,
        }
    }

    /// What the preferred ones of a context's cluster leave it to know: that there is an answer, or only silence.
    fn made_clear(&self, n: usize) -> Option<Stage> {
        let contexts = self.contexts.borrow();
        let own = own(&contexts, n);
        let before = || contexts.iter().take(n).filter(|(identity, _)| own.is(identity));
        let answered = before().map(|(_, stage)| *stage).find(|stage| *stage == Stage::Answered);
        let silent = before().find(|(identity, stage)| {
            *stage == Stage::Failed { late: true } && identity.address == own.address
        });
        answered.or(silent.map(|(_, stage)| *stage))
    }

    async fn until(&self, changes: &mut watch::Receiver<()>, reached: impl Fn(&[(Identity, Stage)]) -> bool) {
        while !reached(&self.contexts.borrow()) {
            // The sender is ours and lives as long as we do.
            let _ = changes.changed().await;
        }
    }

    fn change(&self, n: usize, change: impl FnOnce(&mut (Identity, Stage))) {
        if let Some(context) = self.contexts.borrow_mut().get_mut(n) {
            change(context);
        }
        self.changes.send_replace(());
    }
}

fn own(contexts: &[(Identity, Stage)], n: usize) -> Identity {
    contexts.get(n).map(|(identity, _)| identity.clone()).unwrap_or_default()
}
