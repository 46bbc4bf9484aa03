//! What this replica knows, behind one lock that is held for microseconds.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use passmuster::{
    model::{ObjectMeta, discovery::Discovery, resource::Resource},
    quota::{
        ledger::{Book, NAMESPACES, Observed, ScopeSets, Sighting, Slot},
        usage::Devices,
    },
};
use tokio::sync::watch;

use super::{
    LedgerOptions,
    tracked::{Member, Tracked},
};

/// A ledger as it was last seen.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// Its version; empty while it is not stored.
    pub(super) version: String,
    pub(super) book: Book,
}

impl Seen {
    fn number(&self) -> u64 {
        self.version.parse().unwrap_or_default()
    }
}

/// What this replica knows.
pub(super) struct State {
    pub(super) observed: Observed,
    pub(super) tracked: BTreeMap<String, Tracked>,
    pub(super) members: BTreeMap<Arc<str>, Member>,
    pub(super) scopes: ScopeSets,
    pub(super) devices: Devices,
    pub(super) discovery: Arc<Discovery>,
    pub(super) books: BTreeMap<String, Seen>,
    /// Whether the first lists of quotas and of ledgers are whole.
    pub(super) quotas_listed: bool,
    pub(super) books_listed: bool,
    /// Quotas that can't be read, and why: nothing is known of them.
    pub(super) unreadable: BTreeMap<String, String>,
    /// Uids of quotas that were asked for, because the ledger knew another.
    pub(super) confirmed_uids: BTreeMap<String, String>,
    /// The types that quotas count.
    pub(super) followed: BTreeMap<Arc<str>, Resource>,
    /// Grows when other types must be followed, or some anew.
    pub(super) generation: u64,
    /// The generation in which there were new scopes.
    pub(super) scoped_generation: u64,
    /// Types that can't be followed, and why.
    pub(super) failed: BTreeMap<Arc<str>, String>,
    cluster: Option<String>,
    default_advisory: bool,
}

/// What this replica knows, and whoever waits for it to change.
pub(super) struct View {
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

impl View {
    pub(super) fn new(discovery: Discovery, options: &LedgerOptions) -> Self {
        let state = State {
            observed: Observed::default(),
            tracked: BTreeMap::new(),
            members: BTreeMap::new(),
            scopes: ScopeSets::default(),
            devices: Devices::default(),
            discovery: Arc::new(discovery),
            books: BTreeMap::new(),
            quotas_listed: false,
            books_listed: false,
            unreadable: BTreeMap::new(),
            confirmed_uids: BTreeMap::new(),
            followed: BTreeMap::new(),
            generation: 0,
            scoped_generation: 0,
            failed: BTreeMap::new(),
            cluster: options.cluster.clone(),
            default_advisory: options.mode == super::Mode::Advisory,
        };
        Self { state: Mutex::new(state), changed: watch::Sender::new(()) }
    }

    /// Looks at what is known.
    pub(super) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes what is known, and wakes who waits for that.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let done = change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.send_replace(());
        done
    }

    /// To be woken by what changes from here on.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        let mut changes = self.changed.subscribe();
        changes.mark_unchanged();
        changes
    }

    /// Waits until something can be said.
    pub(super) async fn wait_until<T>(&self, mut look: impl FnMut(&State) -> Option<T>) -> T {
        let mut changes = self.changed.subscribe();
        loop {
            if let Some(found) = self.read(&mut look) {
                return found;
            }
            // The sender is this view's own, which outlives the borrow.
            let _ = changes.changed().await;
        }
    }
}

impl State {
    /// What has not been seen yet, sorted.
    pub(super) fn unready(&self) -> Vec<String> {
        let mut missing = BTreeSet::new();
        if !self.quotas_listed {
            missing.insert("projectquotas.passmuster.dev".to_owned());
        }
        if !self.books_listed {
            missing.insert("quotaledgers.passmuster.dev".to_owned());
        }
        if self.observed.version(NAMESPACES).is_none() {
            missing.insert(NAMESPACES.to_owned());
        }
        // What can't be followed at all (nobody gave the right to) keeps its quotas undecided, and nothing else.
        let waits = |resource: &&str| !self.failed.contains_key(*resource);
        for tracked in self.tracked.values() {
            missing.extend(self.unseen(tracked).filter(waits).map(str::to_owned));
        }
        missing.into_iter().collect()
    }

    /// Whether it is known which quotas there are, and to which of them a namespace belongs.
    pub(super) fn knows_quotas(&self) -> bool {
        self.quotas_listed && self.observed.version(NAMESPACES).is_some()
    }

    /// The types that quotas count, but those that could never be listed: what can't be counted need not be sent. A watch
    /// that fails for a while is no reason to let objects of its type pass uncounted.
    pub(super) fn counted(&self) -> impl Iterator<Item = &Resource> {
        let can_be = |name: &str| !self.failed.contains_key(name) || self.observed.version(name).is_some();
        let counted = self.followed.iter().filter(move |(name, _)| can_be(name));
        counted.map(|(_, resource)| resource)
    }

    /// Types that a quota counts and that have not been seen yet.
    pub(super) fn unseen<'a>(&'a self, tracked: &'a Tracked) -> impl Iterator<Item = &'a str> {
        tracked.types.iter().map(AsRef::as_ref).filter(|resource| self.observed.version(resource).is_none())
    }

    /// Takes a ledger as it was seen or written, unless a newer one is known.
    pub(super) fn learn(&mut self, project: &str, seen: Seen) {
        let known = self.books.get(project).map_or(0, Seen::number);
        if seen.number() >= known {
            self.books.insert(project.to_owned(), seen);
        }
    }

    /// Takes a quota of a project, and says whether it must be settled what it counts.
    pub(super) fn quota_seen(&mut self, name: &str, object: serde_json::Value) -> bool {
        match Tracked::read(object, self.cluster.as_deref()) {
            Ok(Some(mut tracked)) => {
                self.unreadable.remove(name);
                let members = self.members.iter().filter(|(_, member)| member.is_of(&tracked.project));
                tracked.account.namespaces = members.map(|(name, _)| name.clone()).collect();
                let known = self.tracked.get(name);
                let same = known.filter(|known| {
                    known.project.model == tracked.project.model && known.account.spec == tracked.account.spec
                });
                if let Some(known) = same {
                    tracked.types.clone_from(&known.types);
                    tracked.account.scope = known.account.scope;
                }
                let settled = same.is_some();
                self.tracked.insert(name.to_owned(), tracked);
                !settled
            }
            Ok(None) => {
                self.quota_gone(name);
                true
            }
            Err(why) => {
                tracing::warn!(
                    quota = name,
                    why,
                    "a ProjectQuota can't be read: nothing of its project can be decided"
                );
                // What is in force stays in force.
                self.unreadable.insert(name.to_owned(), why);
                false
            }
        }
    }

    pub(super) fn quota_gone(&mut self, name: &str) {
        self.tracked.remove(name);
        self.unreadable.remove(name);
        self.confirmed_uids.remove(name);
    }

    pub(super) fn namespace_seen(&mut self, meta: ObjectMeta) {
        let slot = Slot::new(NAMESPACES, "", meta.name.as_str());
        let sighting = Sighting {
            uid: meta.uid.clone(),
            version: meta.resource_version.parse().unwrap_or_default(),
            ..Sighting::default()
        };
        self.observed.seen(&slot, sighting);
        let member = Member::new(meta);
        for tracked in self.tracked.values_mut() {
            if member.is_of(&tracked.project) {
                tracked.account.namespaces.insert(slot.name.clone());
            } else {
                tracked.account.namespaces.remove(&slot.name);
            }
        }
        self.members.insert(slot.name, member);
    }

    pub(super) fn namespace_gone(&mut self, name: &str, uid: &str) {
        self.observed.gone(&Slot::new(NAMESPACES, "", name), uid);
        self.members.remove(name);
        for tracked in self.tracked.values_mut() {
            tracked.account.namespaces.remove(name);
        }
    }

    /// Whether a quota only warns.
    pub(super) fn is_advisory(&self, project: &str) -> bool {
        let said = self.tracked.get(project).and_then(|tracked| tracked.enforcement);
        said.map_or(self.default_advisory, |said| said == passmuster::quota::project::Enforcement::Advisory)
    }

    /// Projects whose quotas a namespace's objects are charged to, by name.
    pub(super) fn projects_of(&self, namespace: &str) -> Vec<&str> {
        let of = self.tracked.iter().filter(|(_, tracked)| tracked.account.namespaces.contains(namespace));
        of.map(|(name, _)| name.as_str()).collect()
    }

    pub(super) fn projects_with_reservations(&self) -> Vec<String> {
        let with = self.books.iter().filter(|(_, seen)| !seen.book.reservations.is_empty());
        with.map(|(name, _)| name.clone()).collect()
    }

    /// Reservations of all projects.
    pub(super) fn open(&self) -> usize {
        self.books.values().map(|seen| seen.book.reservations.len()).sum()
    }
}
