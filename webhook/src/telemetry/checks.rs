//! Named checks, as Kubernetes' components have them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// What a check says: nothing, or what is wrong.
type State = Arc<RwLock<Result<(), String>>>;

/// All checks of a process.
#[derive(Debug, Default)]
pub struct Checks(Mutex<BTreeMap<&'static str, State>>);

/// One check, in the hand of whoever knows.
#[derive(Debug, Clone)]
pub struct Check(State);

impl Checks {
    /// A check with this name, which fails until it is told to pass.
    pub fn register(&self, name: &'static str) -> Check {
        let state = Arc::new(RwLock::new(Err("not yet".to_owned())));
        self.all().insert(name, state.clone());
        Check(state)
    }

    /// What each says, sorted by name.
    pub fn results(&self) -> Vec<(&'static str, Result<(), String>)> {
        let read = |state: &State| state.read().unwrap_or_else(PoisonError::into_inner).clone();
        self.all().iter().map(|(name, state)| (*name, read(state))).collect()
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<&'static str, State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Check {
    /// All is well.
    pub fn pass(&self) {
        self.set(Ok(()));
    }

    /// Something is wrong.
    pub fn fail(&self, why: impl Into<String>) {
        self.set(Err(why.into()));
    }

    /// Passes or fails.
    pub fn set(&self, state: Result<(), String>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = state;
    }
}
