//! What rules look up: the objects that watches have seen, and how well they are known.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use passmuster::{
    audit::World,
    cluster::Sighted,
    model::{Kind, ObjectKey, Skipped},
};

/// What is known of one kind.
#[derive(Debug)]
struct Known {
    /// It was listed whole, once at least.
    listed: bool,
    /// The server has no such type, so there are no objects.
    absent: bool,
    /// Since when, and why, its watch does not get on.
    stale: Option<(Instant, String)>,
    /// When its watch last told anything.
    told: Instant,
    /// Those that a list, which is being read, has not named yet.
    unnamed: BTreeSet<ObjectKey>,
    relists: u64,
}

#[derive(Debug)]
struct State {
    world: World,
    known: BTreeMap<Kind, Known>,
}

/// What is known at one moment.
pub(super) struct Moment {
    /// The objects, and what they are not.
    pub(super) world: World,
    /// Which moment.
    pub(super) version: u64,
    /// Whether everything is known, and every watch gets on.
    pub(super) settled: bool,
}

/// What is known of the cluster.
pub(super) struct Cache {
    state: Mutex<State>,
    /// Counts changes.
    version: AtomicU64,
    max_age: Duration,
}

/// One kind, for metrics.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figures {
    pub(super) kind: Kind,
    pub(super) objects: usize,
    pub(super) age: Duration,
    pub(super) relists: u64,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Cache {
    /// Knows nothing. What a watch that does not get on told is too old after `max_age`.
    pub(super) fn new(max_age: Duration) -> Self {
        Self {
            state: Mutex::new(State { world: World::of_cluster(), known: BTreeMap::new() }),
            version: AtomicU64::new(0),
            max_age,
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let done = change(&mut lock(&self.state));
        self.version.fetch_add(1, Ordering::Release);
        done
    }

    fn known<T: Default>(&self, kind: Kind, change: impl FnOnce(&mut Known, &mut World) -> T) -> T {
        self.change(|State { world, known }| match known.get_mut(&kind) {
            Some(known) => {
                known.told = Instant::now();
                change(known, world)
            }
            None => T::default(),
        })
    }

    /// Keeps these kinds whole from now on.
    pub(super) fn keep_whole(&self, kinds: BTreeSet<Kind>) {
        self.change(|state| state.world.keep_whole(kinds));
    }

    /// From now on the kind is followed.
    pub(super) fn begin(&self, kind: Kind, absent: bool) {
        let known = Known {
            listed: false,
            absent,
            stale: None,
            told: Instant::now(),
            unnamed: BTreeSet::new(),
            relists: 0,
        };
        self.change(|state| state.known.insert(kind, known));
    }

    /// The kind is followed no longer: nothing is known of it.
    pub(super) fn end(&self, kind: Kind) {
        self.change(|State { world, known }| {
            known.remove(&kind);
            let all: Vec<ObjectKey> = world.keys().filter(|key| kind.is(&key.group, &key.kind)).collect();
            for key in &all {
                world.remove(key);
            }
        });
    }

    /// A list of the kind begins.
    pub(super) fn listing(&self, kind: Kind) {
        self.known(kind, |known, world| {
            if known.listed {
                known.relists += 1;
                known.unnamed = world.keys().filter(|key| kind.is(&key.group, &key.kind)).collect();
            }
        });
    }

    /// An object is so now.
    pub(super) fn seen(&self, kind: Kind, object: Sighted) {
        let key = object.key.clone();
        let put = self.known(kind, |known, world| {
            known.unnamed.remove(&key);
            Some(object.put(world))
        });
        if let Some(Err(error)) = put {
            tracing::warn!(object = %key, %error, "an object can't be read");
        }
    }

    /// An object is gone.
    pub(super) fn gone(&self, kind: Kind, key: &ObjectKey) {
        self.known(kind, |_, world| world.remove(key));
    }

    /// The list is whole.
    pub(super) fn listed(&self, kind: Kind) {
        self.known(kind, |known, world| {
            for key in &std::mem::take(&mut known.unnamed) {
                world.remove(key);
            }
            known.listed = true;
            known.absent = false;
            known.stale = None;
        });
    }

    /// The watch told that there is nothing new.
    pub(super) fn reached(&self, kind: Kind) {
        if let Some(known) = lock(&self.state).known.get_mut(&kind) {
            known.told = Instant::now();
        }
    }

    /// The watch does not get on.
    pub(super) fn stale(&self, kind: Kind, why: String) {
        self.change(|state| {
            if let Some(known) = state.known.get_mut(&kind) {
                known.stale.get_or_insert((Instant::now(), why));
            }
        });
    }

    /// The server has no such type.
    pub(super) fn absent(&self, kind: Kind) {
        self.known(kind, |known, world| {
            let all: Vec<ObjectKey> = world.keys().filter(|key| kind.is(&key.group, &key.kind)).collect();
            for key in &all {
                world.remove(key);
            }
            known.absent = true;
        });
    }

    /// The watch gets on again.
    pub(super) fn fresh(&self, kind: Kind) {
        self.known(kind, |known, _| known.stale = None);
    }

    /// Kinds that nothing is known of yet, each with the reason where there is one.
    pub(super) fn unready(&self) -> Vec<String> {
        let state = lock(&self.state);
        let not_yet = state.known.iter().filter(|(_, known)| !known.listed && !known.absent);
        not_yet
            .map(|(kind, known)| match &known.stale {
                Some((_, why)) => format!("{kind}: {why}"),
                None => kind.to_string(),
            })
            .collect()
    }

    /// How each kind stands, and lets go of what is of no use any more.
    pub(super) fn figures(&self) -> Vec<Figures> {
        let mut state = lock(&self.state);
        state.world.tidy();
        let State { world, known } = &*state;
        let figures = |(kind, known): (&Kind, &Known)| Figures {
            kind: *kind,
            objects: world.count(*kind),
            age: known.told.elapsed(),
            relists: known.relists,
        };
        known.iter().map(figures).collect()
    }

    /// Counts what has changed so far.
    pub(super) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// What is known now.
    pub(super) fn moment(&self) -> Moment {
        let state = lock(&self.state);
        // Under the lock: every change that it does not count comes after.
        let version = self.version();
        let mut world = state.world.clone();
        let mut settled = true;
        for (kind, known) in &state.known {
            let old = known.stale.as_ref().filter(|(since, _)| since.elapsed() > self.max_age);
            match old {
                _ if known.absent => world.coverage.cover(kind.group, kind.kind, None),
                None if known.listed => world.coverage.cover(kind.group, kind.kind, None),
                other => {
                    settled = false;
                    let (reason, message) = match other {
                        Some((_, why)) if known.listed => ("TooOld", why.clone()),
                        Some((_, why)) => ("NotSynced", why.clone()),
                        None => ("NotSynced", "it was not listed yet".to_owned()),
                    };
                    let skipped = Skipped {
                        resource: kind.to_string(),
                        namespace: None,
                        reason: reason.to_owned(),
                        message,
                    };
                    world.coverage.miss(kind.group, kind.kind, &skipped);
                }
            }
            settled &= known.stale.is_none();
        }
        Moment { world, version, settled }
    }
}
