//! Indexes over what is known. They are made beside those who ask, and one is used by many of them.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, TryLockError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use passmuster::audit::{Cached, KubernetesVersion, Settings, Subject};

use super::{
    cache::{Cache, Moment},
    policies::InForce,
    policy::built_in,
};
use crate::clock::now;

/// An index costs at most this part of the time: it is made anew only after so many times what it took to make.
const SHARE: u32 = 20;
/// How long an index may be used at all; rules about ages have the time from it.
const LONGEST: Duration = Duration::from_secs(60);
/// The same while something is not known: that passes by itself.
const UNSETTLED: Duration = Duration::from_millis(250);
/// How many times as long one is used while the next is made beside. Who asks after that makes it.
const MEANWHILE: u32 = 2;

/// Ordinary objects, so that an index has what rules ask of it before anybody waits for that.
const ORDINARY: [(&str, &str, &str); 2] = [
    (
        "v1",
        "Pod",
        r#"{"metadata": {"name": "rehearsal", "namespace": "default", "labels": {"app": "rehearsal"}},
            "spec": {"containers": [{"name": "main", "image": "rehearsal"}]}}"#,
    ),
    (
        "apps/v1",
        "Deployment",
        r#"{"metadata": {"name": "rehearsal", "namespace": "default"},
            "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "rehearsal"}},
                "template": {"metadata": {"labels": {"app": "rehearsal"}},
                    "spec": {"containers": [{"name": "main", "image": "rehearsal"}]}}}}"#,
    ),
];

/// An index over the objects at one moment.
pub(super) struct Built {
    /// The index.
    pub(super) cached: Cached,
    version: u64,
    in_force: Arc<InForce>,
    at: Instant,
    took: Duration,
    settled: bool,
}

/// Whether an index will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Good,
    /// It will, while the next is made.
    Due,
    Overdue,
}

/// Makes indexes of what a cache knows.
pub(super) struct Indexes {
    cache: Arc<Cache>,
    server: Option<KubernetesVersion>,
    last: RwLock<Option<Arc<Built>>>,
    /// Held by whoever makes one.
    making: Mutex<()>,
    /// Somebody was asked to make one beside.
    is_asked: AtomicBool,
}

impl Indexes {
    /// None so far. `server` is the version of the API server, where it is known.
    pub(super) fn new(cache: Arc<Cache>, server: Option<KubernetesVersion>) -> Arc<Self> {
        let (last, making, is_asked) = (RwLock::new(None), Mutex::new(()), AtomicBool::new(false));
        Arc::new(Self { cache, server, last, making, is_asked })
    }

    /// One to look things up in. The newest, where that is asked for; otherwise one that may be some milliseconds old
    /// where it takes long to make.
    pub(super) fn get(self: &Arc<Self>, in_force: &Arc<InForce>, newest: bool) -> Arc<Built> {
        let last = self.last(in_force);
        let standing = last.as_ref().map(|last| self.standing(last, newest));
        let making = match (last, standing) {
            (Some(last), Some(Standing::Good)) => return last,
            (Some(last), Some(Standing::Due)) => {
                self.ask(in_force);
                return last;
            }
            (last, _) => match (self.try_making(), last) {
                (Some(making), _) => making,
                // Somebody else makes it; until then the last one will do.
                (None, Some(last)) if !newest => return last,
                (None, _) => self.making(),
            },
        };
        let built = self.make(in_force, newest, |_| ());
        drop(making);
        built
    }

    /// Whether an index is of everything that was seen.
    pub(super) fn is_newest(&self, built: &Built) -> bool {
        built.version == self.cache.version()
    }

    fn last(&self, in_force: &Arc<InForce>) -> Option<Arc<Built>> {
        let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|last| Arc::ptr_eq(&last.in_force, in_force)).cloned()
    }

    fn standing(&self, built: &Built, newest: bool) -> Standing {
        let longest = if built.settled { LONGEST } else { UNSETTLED };
        let due = match (self.is_newest(built), newest) {
            (true, _) => longest,
            (false, false) => longest.min(built.took.saturating_mul(SHARE)),
            (false, true) => return Standing::Overdue,
        };
        match built.at.elapsed() {
            age if age < due => Standing::Good,
            age if age < due.saturating_mul(MEANWHILE) => Standing::Due,
            _ => Standing::Overdue,
        }
    }

    /// Has one made beside, unless that was asked already.
    fn ask(self: &Arc<Self>, in_force: &Arc<InForce>) {
        if self.is_asked.swap(true, Ordering::AcqRel) {
            return;
        }
        let (this, in_force) = (Arc::clone(self), Arc::clone(in_force));
        tokio::task::spawn_blocking(move || {
            let making = this.making();
            // Before it is made: what panics meanwhile must not be the last that was asked for.
            this.is_asked.store(false, Ordering::Release);
            // Where policies have changed since, there is one for the new ones, or whoever asks makes it.
            if this.last(&in_force).is_some() {
                this.make(&in_force, false, |cached| rehearse(cached, &in_force));
            }
            drop(making);
        });
    }

    /// The right to make one. Who panicked with it left nothing half made.
    fn making(&self) -> MutexGuard<'_, ()> {
        self.making.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same; none while somebody else has it.
    fn try_making(&self) -> Option<MutexGuard<'_, ()>> {
        match self.making.try_lock() {
            Ok(making) => Some(making),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Makes one, and prepares it, unless somebody else has since it was found wanting. Whoever calls has the lock.
    fn make(&self, in_force: &Arc<InForce>, newest: bool, prepare: impl FnOnce(&Cached)) -> Arc<Built> {
        if let Some(last) = self.last(in_force)
            && self.standing(&last, newest) == Standing::Good
        {
            return last;
        }
        let at = Instant::now();
        let Moment { mut world, version, settled } = self.cache.moment();
        world.version = self.server;
        let settings = in_force.parameters.iter().map(|parameters| Settings {
            now: Some(now()),
            version: self.server.unwrap_or(KubernetesVersion::NEWEST),
            parameters: parameters.clone(),
        });
        let cached = Cached::new(world, settings.collect());
        prepare(&cached);
        let took = at.elapsed();
        let built = Arc::new(Built { cached, version, in_force: Arc::clone(in_force), at, took, settled });
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&built));
        built
    }
}

/// Asks an index what it will be asked: what it looks up in is made when it is first asked for.
fn rehearse(cached: &Cached, in_force: &InForce) {
    for (version, kind, text) in ORDINARY {
        // They are ours: there is nothing in them that can't be read.
        let Ok(subject) = Subject::read_text(&version.into(), kind, text, in_force.whole.clone()) else {
            continue;
        };
        for settings in 0..in_force.parameters.len() {
            let policies = in_force.policies.iter().map(AsRef::as_ref);
            let same = policies.filter(|policy| in_force.settings_of(policy) == settings);
            cached.judge(settings, &built_in(same, &subject), &subject);
        }
    }
}

#[cfg(test)]
mod tests {
    use passmuster::model::kinds;

    use super::*;

    #[tokio::test]
    async fn nobody_waits_for_the_next_one_but_who_wants_the_newest() {
        let cache = Arc::new(Cache::new(LONGEST));
        let (indexes, in_force) = (Indexes::new(cache.clone(), None), Arc::default());
        let first = indexes.get(&in_force, false);
        assert!(indexes.is_newest(&first));
        cache.begin(kinds::POD, false);
        let making = indexes.making.lock().unwrap();
        assert!(Arc::ptr_eq(&indexes.get(&in_force, false), &first));
        drop(making);
        let newest = indexes.get(&in_force, true);
        assert!(indexes.is_newest(&newest) && !indexes.is_newest(&first));
        assert!(Arc::ptr_eq(&indexes.get(&in_force, true), &newest));
        // Other policies have an index of their own.
        assert!(!Arc::ptr_eq(&indexes.get(&Arc::default(), false), &newest));
    }

    #[tokio::test]
    async fn who_panics_is_not_the_last_to_make_one() {
        let cache = Arc::new(Cache::new(LONGEST));
        let (indexes, in_force) = (Indexes::new(cache.clone(), None), Arc::default());
        indexes.get(&in_force, false);
        let held = Arc::clone(&indexes);
        let panics = std::thread::spawn(move || {
            let _making = held.making.lock().unwrap();
            panic!("as a rule could");
        });
        panics.join().unwrap_err();
        cache.begin(kinds::POD, false);
        // Nobody makes one beside.
        indexes.is_asked.store(true, Ordering::Release);
        while !indexes.is_newest(&indexes.get(&in_force, false)) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    #[tokio::test]
    async fn the_next_one_is_made_beside() {
        let cache = Arc::new(Cache::new(LONGEST));
        let (indexes, in_force) = (Indexes::new(cache.clone(), None), Arc::default());
        let first = indexes.get(&in_force, false);
        cache.begin(kinds::POD, false);
        indexes.ask(&in_force);
        while indexes.last(&in_force).is_some_and(|last| Arc::ptr_eq(&last, &first)) {
            tokio::time::sleep(Duration::from_millis(1)).await;
            // It was made before it was due, and not again.
            indexes.ask(&in_force);
        }
        assert!(indexes.is_newest(&indexes.get(&in_force, false)));
    }
}
