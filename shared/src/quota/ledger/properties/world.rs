//! The API server of the simulation, requests on their way, and what may happen next.

use std::{collections::BTreeMap, sync::Arc};

use proptest::sample::Index;

use super::replica::{Replica, Stored};
use crate::{
    model::Time,
    quantity::Quantity,
    quota::{
        Amounts,
        ledger::{Ask, QuotaVersion, Slot},
    },
};

pub(super) const REPLICAS: usize = 3;
pub(super) const PROJECTS: usize = 2;
/// Of three namespaces the middle one belongs to both projects.
pub(super) const NAMESPACES: [&str; 3] = ["a", "both", "b"];
pub(super) const RESOURCE: &str = "pods";
/// How long the API server works on a request, and how long a reservation lasts, in seconds.
const PATIENCE: i64 = 60;
const TTL: i64 = 120;

/// What may happen.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// Somebody makes an object, or changes the one that is there.
    Ask {
        replica: usize,
        place: (usize, usize),
        size: u8,
    },
    /// An admitted request is stored.
    Store(Index),
    /// It fails after all.
    Fail(Index),
    Delete((usize, usize)),
    /// An object takes less, without being asked: a pod that ended.
    Shrink((usize, usize)),
    Deliver {
        replica: usize,
        events: usize,
    },
    Relist(usize),
    Crash(usize),
    /// A replica drops what it saw come true.
    Tidy(usize),
    Pass(i64),
    /// A replica drops what is overdue.
    Expire(usize),
    /// Somebody changes a quota.
    Limit {
        project: usize,
        hard: u8,
    },
    SeeQuotas(usize),
}

#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) uid: String,
    pub(super) size: u8,
    pub(super) version: u64,
    /// What each project allowed when the object last took more, by key.
    limits: Vec<Amounts>,
}

#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) slot: Slot,
    pub(super) uid: String,
    pub(super) version: u64,
    /// None when it has gone.
    pub(super) object: Option<Object>,
}

/// A request that was admitted.
#[derive(Debug, Clone)]
struct Request {
    slot: Slot,
    uid: String,
    size: u8,
    /// The version that is changed; none when it is made.
    changes: Option<u64>,
    since: i64,
    /// What the projects allowed when it was admitted, of what it takes more.
    limits: Vec<Amounts>,
}

#[derive(Debug)]
pub(super) struct World {
    now: i64,
    version: u64,
    objects: BTreeMap<Slot, Object>,
    events: Vec<Event>,
    requests: Vec<Request>,
    books: Vec<Stored>,
    quotas: Vec<(QuotaVersion, Amounts)>,
    replicas: Vec<Replica>,
    uids: u32,
    /// Decides without having seen what the books want it to have seen.
    pub(super) heedless: bool,
}

pub(super) fn usage_of(size: u8) -> Amounts {
    [("pods", 1), ("requests.cpu", i64::from(size))]
        .into_iter()
        .map(|(key, amount)| (key.to_owned(), Quantity::from(amount)))
        .collect()
}

fn limits(hard: u8) -> Amounts {
    [("pods", 3), ("requests.cpu", i64::from(hard))]
        .into_iter()
        .map(|(key, amount)| (key.to_owned(), Quantity::from(amount)))
        .collect()
}

fn slot((namespace, name): (usize, usize)) -> Slot {
    Slot::new(RESOURCE, NAMESPACES[namespace], format!("o{name}"))
}

impl World {
    pub(super) fn new() -> Self {
        let quotas: Vec<_> = (0..PROJECTS)
            .map(|n| (QuotaVersion { uid: format!("q{n}"), generation: 1 }, limits(5)))
            .collect();
        let replicas = vec![Replica::start(&[], &BTreeMap::new(), 1, &quotas); REPLICAS];
        Self {
            now: 0,
            version: 1,
            objects: BTreeMap::new(),
            events: Vec::new(),
            requests: Vec::new(),
            books: vec![Stored::default(); PROJECTS],
            quotas,
            replicas,
            uids: 0,
            heedless: false,
        }
    }

    fn time(&self, seconds: i64) -> Time {
        Time { seconds: self.now + seconds, nanos: 0 }
    }

    pub(super) fn run(&mut self, step: &Step) {
        match step {
            Step::Ask { replica, place, size } => self.ask(*replica, *place, *size),
            Step::Store(index) if !self.requests.is_empty() => self.store(index.index(self.requests.len())),
            Step::Fail(index) if !self.requests.is_empty() => {
                self.requests.remove(index.index(self.requests.len()));
            }
            Step::Store(_) | Step::Fail(_) => {}
            Step::Delete(place) => {
                if let Some(object) = self.objects.remove(&slot(*place)) {
                    self.tell(slot(*place), object.uid, None);
                }
            }
            Step::Shrink(place) => {
                if let Some(mut object) = self.objects.get(&slot(*place)).cloned() {
                    object.size = 0;
                    self.put(slot(*place), object);
                }
            }
            Step::Deliver { replica, events } => self.replicas[*replica].deliver(&self.events, *events),
            Step::Relist(replica) => {
                self.replicas[*replica].relist(&self.objects, self.version, self.events.len());
            }
            Step::Crash(replica) => {
                self.replicas[*replica] =
                    Replica::start(&self.events, &self.objects, self.version, &self.quotas);
            }
            Step::Tidy(replica) => (0..PROJECTS).for_each(|project| self.tidy(*replica, project)),
            Step::Pass(seconds) => {
                self.now += seconds;
                let now = self.now;
                self.requests.retain(|request| request.since + PATIENCE > now);
            }
            Step::Expire(replica) => (0..PROJECTS).for_each(|project| self.expire(*replica, project)),
            Step::Limit { project, hard } => {
                let quota = &mut self.quotas[*project];
                quota.0.generation += 1;
                quota.1 = limits(*hard);
            }
            Step::SeeQuotas(replica) => self.replicas[*replica].quotas.clone_from(&self.quotas),
        }
    }

    /// Reviews a request as the webhook does: every project of the namespace must take it.
    fn ask(&mut self, replica: usize, place: (usize, usize), size: u8) {
        let slot = slot(place);
        let live = self.objects.get(&slot).cloned();
        self.uids += 1;
        let (uid, before, changes) = match &live {
            Some(object) => (object.uid.clone(), usage_of(object.size), Some(object.version)),
            None => (format!("u{}", self.uids), Amounts::new(), None),
        };
        let (usage, more) = (usage_of(size), usage_of(size).less(&before));
        let more = more.iter().filter(|(_, amount)| **amount > Quantity::ZERO);
        let more: Amounts = more.map(|(key, amount)| (key.clone(), *amount)).collect();
        let ask = Ask {
            slot: slot.clone(),
            uid: uid.as_str().into(),
            usage,
            more,
            after: changes.unwrap_or_default(),
        };
        let mut limits = Vec::new();
        let mut written = Vec::new();
        for project in 0..PROJECTS {
            let account = self.replicas[replica].account(project);
            if ask.more.is_empty() || !account.namespaces.contains(&slot.namespace) {
                limits.push(Amounts::new());
                continue;
            }
            let Some(hard) = self.reserve(replica, project, &ask) else {
                for project in written {
                    self.write(replica, project, |book, _, _| book.take_back(&ask.slot, &ask.uid));
                }
                return;
            };
            limits.push(hard);
            written.push(project);
        }
        self.requests.push(Request { slot, uid, size, changes, since: self.now, limits });
    }

    fn reserve(&mut self, replica: usize, project: usize, ask: &Ask) -> Option<Amounts> {
        let (expires, heedless) = (self.time(TTL), self.heedless);
        let mut hard = None;
        let stored = self.write(replica, project, |book, account, observed| {
            if !heedless && book.behind(observed).is_some() {
                return false;
            }
            book.confirm(observed);
            let charged = book.charged(account, observed);
            if book.check(account, observed, &charged, ask).is_err() {
                return false;
            }
            book.reserve(observed, ask, expires);
            let after = book.charged(account, observed);
            for (key, _) in &ask.more {
                assert!(after.of(key) <= book.hard.of(key).max(charged.of(key)), "{key}: {after:?}");
            }
            hard = Some(book.hard.only(|key| ask.more.get(key).is_some()));
            true
        });
        hard.filter(|_| stored)
    }

    /// Changes a book with compare and swap, from what the replica believes is stored, and anew when it is not. Whether
    /// it was stored.
    fn write(
        &mut self,
        replica: usize,
        project: usize,
        mut change: impl FnMut(
            &mut crate::quota::ledger::Book,
            &crate::quota::ledger::Account,
            &crate::quota::ledger::Observed,
        ) -> bool,
    ) -> bool {
        for _ in 0..2 {
            let (account, quota) =
                (self.replicas[replica].account(project), self.replicas[replica].quotas[project].clone());
            let mut known = self.replicas[replica].books[project].clone();
            let agreed = known.book.agree(&quota.0, &quota.1);
            let changed = agreed && change(&mut known.book, &account, &self.replicas[replica].observed);
            if known.version != self.books[project].version {
                self.replicas[replica].books[project] = self.books[project].clone();
                continue;
            }
            if changed {
                self.version += 1;
                known.version = self.version;
                self.books[project] = known.clone();
                self.replicas[replica].books[project] = known;
            }
            return changed;
        }
        false
    }

    fn tidy(&mut self, replica: usize, project: usize) {
        let _ = self.write(replica, project, |book, _, observed| book.confirm(observed) > 0);
    }

    fn expire(&mut self, replica: usize, project: usize) {
        let now = self.time(0);
        let stored: BTreeMap<Slot, u64> =
            self.objects.iter().map(|(slot, object)| (slot.clone(), object.version)).collect();
        let _ = self.write(replica, project, |book, _, _| {
            let overdue: Vec<Slot> = book.overdue(now).map(|(slot, _)| slot.clone()).collect();
            overdue.iter().filter(|slot| book.expire(slot, stored.get(slot).copied(), now)).count() > 0
        });
    }

    fn store(&mut self, at: usize) {
        let request = self.requests.remove(at);
        let live = self.objects.get(&request.slot);
        let possible = match request.changes {
            None => live.is_none(),
            Some(version) => live.is_some_and(|object| object.version == version),
        };
        if possible {
            let mut limits =
                live.map_or_else(|| vec![Amounts::new(); PROJECTS], |object| object.limits.clone());
            for (limits, now) in limits.iter_mut().zip(&request.limits) {
                now.iter().for_each(|(key, limit)| limits.set(key.as_str(), *limit));
            }
            self.put(request.slot, Object { uid: request.uid, size: request.size, version: 0, limits });
        }
    }

    fn put(&mut self, slot: Slot, mut object: Object) {
        object.version = self.version + 1;
        self.objects.insert(slot.clone(), object.clone());
        self.tell(slot, object.uid.clone(), Some(object));
    }

    fn tell(&mut self, slot: Slot, uid: String, object: Option<Object>) {
        self.version += 1;
        self.events.push(Event { slot, uid, version: self.version, object });
    }

    /// What is stored beyond what was allowed. Of all that is stored, what was admitted last was admitted beside all the
    /// rest: so the sum is within the limit that was in force then.
    pub(super) fn over(&self) -> Option<String> {
        for project in 0..PROJECTS {
            let account = self.replicas[0].account(project);
            let (mut sum, mut allowed) = (Amounts::new(), Amounts::new());
            for (slot, object) in &self.objects {
                if account.namespaces.contains(&slot.namespace) {
                    sum.add_all(&usage_of(object.size));
                    allowed.raise_to(&object.limits[project]);
                }
            }
            if let Some((key, amount)) = sum.iter().find(|(key, amount)| **amount > allowed.of(key)) {
                return Some(format!("project {project}: {amount} of {key}, allowed {}", allowed.of(key)));
            }
        }
        None
    }

    /// Requests end, replicas see everything, time passes.
    pub(super) fn settle(&mut self) {
        self.now += 2 * TTL;
        self.requests.clear();
        for replica in 0..REPLICAS {
            self.replicas[replica].quotas.clone_from(&self.quotas);
            self.replicas[replica].deliver(&self.events, usize::MAX);
            for project in 0..PROJECTS {
                self.tidy(replica, project);
                self.expire(replica, project);
            }
        }
    }

    /// What is not as it should be when everything has settled.
    pub(super) fn left_over(&mut self) -> Vec<String> {
        let mut found = Vec::new();
        for (project, stored) in self.books.iter().enumerate() {
            found.extend(
                stored.book.reservations.keys().map(|slot| format!("project {project} reserves {slot:?}")),
            );
        }
        let mut sums: BTreeMap<Arc<str>, Amounts> = BTreeMap::new();
        for (slot, object) in &self.objects {
            sums.entry(slot.namespace.clone()).or_default().add_all(&usage_of(object.size));
        }
        for (n, replica) in self.replicas.iter_mut().enumerate() {
            for name in NAMESPACES {
                let counted = sums.get(name).cloned().unwrap_or_default();
                let seen = replica.observed.sum(name, crate::quota::ledger::ScopeId::default());
                if seen.less(&counted).iter().any(|(_, amount)| !amount.is_zero()) {
                    found.push(format!("replica {n} sees {seen:?} in {name}, there is {counted:?}"));
                }
            }
            if !replica.observed.recount().namespaces.is_empty() {
                found.push(format!("the sums of replica {n} drifted"));
            }
        }
        found
    }
}
