//! The connections that are open, and no more than may be.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::activity::Activity;
use crate::telemetry::LoadMetrics;

/// How long a handshake may take while others wait for a connection.
const HANDSHAKE_UNDER_PRESSURE: Duration = Duration::from_secs(1);
/// How often another is closed while one waits.
const EVICT_EVERY: Duration = Duration::from_millis(20);

/// All open connections.
#[derive(Debug)]
pub(super) struct Connections {
    permits: Arc<Semaphore>,
    max: u32,
    open: Mutex<BTreeMap<u64, Arc<Activity>>>,
    next: AtomicU64,
    metrics: LoadMetrics,
}

impl Connections {
    pub(super) fn new(max: usize, metrics: &LoadMetrics) -> Self {
        let max = u32::try_from(max.clamp(1, Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX);
        let permits = Arc::new(Semaphore::new(usize::try_from(max).unwrap_or(Semaphore::MAX_PERMITS)));
        Self { permits, max, open: Mutex::default(), next: AtomicU64::new(0), metrics: metrics.clone() }
    }

    /// Room for one more, once there is: whoever holds connections without using them loses the one that is unused
    /// longest. Where all are used, new ones wait in the system's queue.
    pub(super) async fn room(&self) -> OwnedSemaphorePermit {
        loop {
            if let Ok(permit) = self.permits.clone().try_acquire_owned() {
                return permit;
            }
            self.evict();
            // Nobody closes the semaphore.
            if let Ok(Ok(permit)) = timeout(EVICT_EVERY, self.permits.clone().acquire_owned()).await {
                return permit;
            }
        }
    }

    /// A new connection, known until it is dropped.
    pub(super) fn enter(self: &Arc<Self>, permit: OwnedSemaphorePermit) -> Connection {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let activity = Arc::new(Activity::new());
        self.open().insert(id, activity.clone());
        self.metrics.connections.inc();
        Connection { id, activity, connections: self.clone(), _permit: permit }
    }

    /// Waits until none is left, and returns how many are when the time is up.
    pub(super) async fn wait_until_none(&self, within: Duration) -> usize {
        match timeout(within, self.permits.acquire_many(self.max)).await {
            Ok(_) => 0,
            Err(_) => self.open().len(),
        }
    }

    fn evict(&self) {
        let open = self.open();
        let unused = open
            .values()
            .filter_map(|activity| Some((activity.unused_since(HANDSHAKE_UNDER_PRESSURE)?, activity)));
        if let Some((_, activity)) = unused.min_by_key(|(since, _)| *since) {
            activity.evict();
            self.metrics.closed("evicted");
        }
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Activity>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of the open connections.
#[derive(Debug)]
pub(super) struct Connection {
    id: u64,
    pub(super) activity: Arc<Activity>,
    connections: Arc<Connections>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.connections.open().remove(&self.id);
        self.connections.metrics.connections.dec();
    }
}
