//! What projects have reserved, kept in the API server so that any number of replicas agree.
//!
//! ```text
//!  watches ─ follow ─► View: what this replica sees, the quotas, the ledgers
//!                        │
//!  a request ─ question ─┴─► group: one task per project writes what is admitted, many requests at once
//!                               │
//!  API server ◄── store ────────┘   one QuotaLedger per ProjectQuota, compare and swap
//! ```
//!
//! The arithmetic, and why it never admits too much, is [`passmuster::quota::ledger`]; here is what waits, reads and
//! writes.
//!
//! # Where reservations live
//!
//! In an object of their own, `QuotaLedger`, with the name of the `ProjectQuota`; not in the status of the
//! `ProjectQuota`:
//!
//! - It is written many times a second under load, and holds only what is on its way: some hundred bytes per admitted
//!   object until the watch has seen it. A ProjectQuota names up to 4096 namespaces, and its status has a share for
//!   each; all of that would be written, kept in etcd's history and sent to everybody who watches quotas, each time.
//! - A conflict means that another replica decided. In the status it could as well be a GitOps tool or an import.
//! - Who may edit quotas, status included, may not free what was reserved: the ledger's role is the webhook's alone.
//!
//! What is lost with the separation is that the limit and the reservations change together. So the ledger says which
//! generation of the quota is in force; a replica that knows an older one does not decide.
//!
//! # When the API server can't be reached
//!
//! Then nothing can be reserved, and nothing that was asked for will be stored either. A request whose reservation
//! could not be written in time is *unknown*: enforced, the call fails with 503 and `failurePolicy` decides; advisory,
//! it is admitted with a warning that it was not counted. Neither is ever denied as if the quota were exceeded.

mod charge;
mod figures;
mod follow;
mod group;
mod judge;
mod options;
mod question;
mod shares;
mod start;
mod status;
mod store;
mod tracked;
mod types;
mod view;
mod workload;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use passmuster::{
    cluster::Connection,
    model::{discovery::Discovery, resource::Resource},
};
use tokio::task::JoinHandle;

pub use figures::{Figures, Snapshot};
pub use options::{LedgerOptions, Mode};
pub use question::{Answer, Outcome, Question, UnreadableObject};
pub use start::{QuotaOptions, Quotas, with_quotas};

use group::Group;
use store::Store;
use view::View;

use crate::configuration::{Handled, charged};

/// Whether this replica is the one that writes what one is enough for: the status of quotas.
pub type Leads = Arc<dyn Fn() -> bool + Send + Sync>;

/// The quotas of projects, and what is reserved of them.
pub struct Ledger {
    view: Arc<View>,
    store: Store,
    options: LedgerOptions,
    figures: Arc<Figures>,
    groups: Mutex<BTreeMap<String, Group>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Ledger {
    /// Begins to follow quotas and what they count. Decides nothing until it has seen all of it: [`Ledger::unready`].
    pub fn start(
        connection: &Connection,
        discovery: Discovery,
        options: LedgerOptions,
        leads: Leads,
    ) -> Arc<Self> {
        let (view, figures) = (Arc::new(View::new(discovery, &options)), Arc::<Figures>::default());
        let store = Store::new(connection, view.clone());
        let tasks = vec![
            tokio::spawn(follow::run(connection.clone(), view.clone(), figures.clone())),
            tokio::spawn(status::run(store.clone(), view.clone(), leads)),
            tokio::spawn(recount(view.clone(), figures.clone())),
        ];
        Arc::new(Self { view, store, options, figures, groups: Mutex::default(), tasks })
    }

    /// What has not been seen yet, and so can't be decided about; empty when all was.
    pub fn unready(&self) -> Vec<String> {
        self.view.read(view::State::unready)
    }

    /// Waits until everything was seen.
    pub async fn ready(&self) {
        self.view.wait_until(|state| state.unready().is_empty().then_some(())).await;
    }

    /// What the quotas that there are must be asked about; none while that is not known.
    pub fn handled(&self) -> Option<Vec<Handled>> {
        let counted: Option<Vec<Resource>> =
            self.view.read(|state| state.knows_quotas().then(|| state.counted().cloned().collect()));
        counted.as_ref().map(charged)
    }

    /// What has happened so far.
    pub fn figures(&self) -> Snapshot {
        self.view.read(|state| self.figures.snapshot(state))
    }

    /// The task that writes for a project; begun when there is none yet.
    fn group(&self, project: &str) -> Group {
        let mut groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(group) = groups.get(project).filter(|group| group.is_alive()) {
            return group.clone();
        }
        let group = Group::start(
            project,
            self.store.clone(),
            self.view.clone(),
            self.options.clone(),
            self.figures.clone(),
        );
        groups.insert(project.to_owned(), group.clone());
        group
    }

    /// Begins the tasks of all projects that have a ledger with something in it: what other replicas left is theirs too.
    fn tend(&self) {
        for project in self.view.read(view::State::projects_with_reservations) {
            drop(self.group(&project));
        }
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        let groups = self.groups.get_mut().unwrap_or_else(PoisonError::into_inner);
        groups.values().for_each(Group::end);
    }
}

/// Keeps what is reserved short for as long as the ledger is there: whoever made it may have been killed.
pub async fn tend(ledger: Arc<Ledger>) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        ledger.tend();
    }
}

/// Counts everything anew now and then, and says so when that is not what was counted step by step.
async fn recount(view: Arc<View>, figures: Arc<Figures>) {
    loop {
        tokio::time::sleep(Duration::from_secs(30)).await;
        let drift = view.change(|state| state.observed.recount());
        if !drift.namespaces.is_empty() {
            tracing::warn!(namespaces = ?drift.namespaces, "sums were not what the objects add up to; corrected");
            figures.drifted(drift.namespaces.len());
        }
    }
}
