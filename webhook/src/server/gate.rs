//! How many requests are judged at one time, and who waits for a turn.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout_at;

use super::ServerOptions;
use crate::telemetry::LoadMetrics;

/// Turns are given in the order of arrival, to so many at one time. Who could not be served in time anyhow is told at
/// once: an API server that comes again in a second finds what a queue would only have made stale.
///
/// Rules are computed on the thread that read the request: for work of microseconds, a hand-over to other threads costs
/// as much as the work, and there are as many of these threads as processors. What fills the gate is what waits, such
/// as a reservation in a ledger, and bodies that take long to read.
#[derive(Debug)]
pub(super) struct Gate {
    turns: Semaphore,
    width: usize,
    max_queued: usize,
    max_wait: Duration,
    queued: AtomicUsize,
    /// How long a turn takes, in nanoseconds, as it was of late.
    pace: AtomicU64,
    metrics: LoadMetrics,
}

/// No turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shed {
    /// Too many wait.
    Full,
    /// It would not come in time.
    Late,
}

impl Gate {
    pub(super) fn new(options: &ServerOptions, metrics: &LoadMetrics) -> Self {
        let width = options.max_in_flight.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            turns: Semaphore::new(width),
            width,
            max_queued: options.max_queued,
            max_wait: options.max_wait,
            queued: AtomicUsize::new(0),
            pace: AtomicU64::new(0),
            metrics: metrics.clone(),
        }
    }

    /// Waits for a turn, not beyond `until`.
    pub(super) async fn enter(&self, until: Instant) -> Result<Turn<'_>, Shed> {
        let permit = match self.turns.try_acquire() {
            Ok(permit) => permit,
            Err(_) => self.wait(until).await?,
        };
        self.metrics.in_flight.inc();
        Ok(Turn { gate: self, since: Instant::now(), _permit: permit })
    }

    async fn wait(&self, until: Instant) -> Result<SemaphorePermit<'_>, Shed> {
        let place = Place::take(self);
        if place.ahead >= self.max_queued {
            return Err(Shed::Full);
        }
        let until = until.min(Instant::now() + self.max_wait);
        if Instant::now() + self.expected(place.ahead) > until {
            return Err(Shed::Late);
        }
        match timeout_at(until.into(), self.turns.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            // Nobody closes the semaphore, so this is the time.
            _ => Err(Shed::Late),
        }
    }

    /// How long the turn of someone with so many before them is away.
    fn expected(&self, ahead: usize) -> Duration {
        let pace = u128::from(self.pace.load(Ordering::Relaxed));
        let nanos = pace * (ahead as u128 + 1) / self.width as u128;
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    fn took(&self, turn: Duration) {
        let turn = u64::try_from(turn.as_nanos()).unwrap_or(u64::MAX);
        // One of two writers at one moment may be lost: it is an estimate.
        let pace = self.pace.load(Ordering::Relaxed);
        self.pace.store(pace - pace / 16 + turn / 16, Ordering::Relaxed);
    }
}

/// Somebody's turn, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn<'g> {
    gate: &'g Gate,
    since: Instant,
    _permit: SemaphorePermit<'g>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.gate.took(self.since.elapsed());
        self.gate.metrics.in_flight.dec();
    }
}

/// A place in the queue, until it is dropped.
struct Place<'g> {
    gate: &'g Gate,
    ahead: usize,
}

impl<'g> Place<'g> {
    fn take(gate: &'g Gate) -> Self {
        gate.metrics.queued.inc();
        Self { gate, ahead: gate.queued.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.gate.metrics.queued.dec();
        self.gate.queued.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
