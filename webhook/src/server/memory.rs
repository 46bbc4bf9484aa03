//! How much of bodies is in memory.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::ServerOptions;

/// What each body may have without asking for room among the large ones: most reviews are no larger, and they must not
/// wait for those that are.
pub(super) const SMALL: usize = 64 << 10;
/// The unit of room for large bodies.
const UNIT: usize = 1 << 10;

/// Room for bodies: for the first part of each, and for the rest of large ones.
#[derive(Debug)]
pub(super) struct Memory {
    small: AtomicUsize,
    large: Semaphore,
    units: u32,
    max_wait: Duration,
}

impl Memory {
    pub(super) fn new(options: &ServerOptions) -> Self {
        // As many small bodies as can be in flight or wait.
        let small = options.max_in_flight.saturating_add(options.max_queued).saturating_mul(SMALL);
        Self::of(small, options.body_memory, options.max_wait)
    }

    fn of(small: usize, large: usize, max_wait: Duration) -> Self {
        let units = units(large);
        let large = Semaphore::new(usize::try_from(units).unwrap_or(Semaphore::MAX_PERMITS));
        Self { small: AtomicUsize::new(small), large, units, max_wait }
    }

    /// Room for a body of which so many bytes are announced, once there is; `None` when there is none in time.
    ///
    /// A large body gets all its room before it is read: if each had a part, none might ever get the rest. Meanwhile it
    /// waits where it comes from.
    pub(super) async fn lease(&self, announced: usize) -> Option<Lease<'_>> {
        let wanted = units(announced.saturating_sub(SMALL)).min(self.units);
        let room = match wanted {
            0 => None,
            // Nobody closes the semaphore.
            _ => Some(timeout(self.max_wait, self.large.acquire_many(wanted)).await.ok()?.ok()?),
        };
        Some(Lease { memory: self, held: 0, room })
    }
}

/// What one body holds; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Lease<'m> {
    memory: &'m Memory,
    held: usize,
    room: Option<SemaphorePermit<'m>>,
}

impl Lease<'_> {
    /// Takes room for so many bytes more; false when there is none.
    pub(super) fn grow(&mut self, bytes: usize) -> bool {
        let held = self.held.saturating_add(bytes);
        let small = held.min(SMALL) - self.held.min(SMALL);
        let taken = self
            .memory
            .small
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(small));
        if taken.is_err() {
            return false;
        }
        self.held = held;
        // What was not announced, as of a body in pieces, does not wait: it holds room already.
        let has = self.room.as_ref().map_or(0, SemaphorePermit::num_permits);
        let wants = usize::try_from(units(held.saturating_sub(SMALL))).unwrap_or(usize::MAX);
        let more = u32::try_from(wants.saturating_sub(has)).unwrap_or(u32::MAX);
        if more == 0 {
            return true;
        }
        let Ok(permit) = self.memory.large.try_acquire_many(more) else { return false };
        match &mut self.room {
            Some(room) => room.merge(permit),
            None => self.room = Some(permit),
        }
        true
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        self.memory.small.fetch_add(self.held.min(SMALL), Ordering::Relaxed);
    }
}

/// Units that so many bytes take.
fn units(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    /// What is there at once.
    fn now(memory: &Memory, announced: usize) -> Option<Lease<'_>> {
        memory.lease(announced).now_or_never().flatten()
    }

    #[tokio::test(start_paused = true)]
    async fn large_bodies_leave_room_for_small_ones_and_everything_is_given_back() {
        let memory = Memory::of(3 * SMALL, 100 * UNIT, Duration::from_secs(1));
        {
            let mut one = now(&memory, SMALL + 60 * UNIT).expect("room");
            assert!(one.grow(SMALL + 60 * UNIT));
            assert!(memory.lease(SMALL + 60 * UNIT).await.is_none(), "only 40 are left of the large");
            let mut pieces = now(&memory, 0).expect("room");
            assert!(pieces.grow(SMALL) && pieces.grow(40 * UNIT) && !pieces.grow(1));
            let mut small = now(&memory, SMALL).expect("room");
            assert!(small.grow(SMALL), "a small one always fits");
            assert!(!now(&memory, 0).expect("room").grow(1), "a fourth does not");
        }
        assert_eq!(memory.small.load(Ordering::Relaxed), 3 * SMALL);
        assert_eq!(memory.large.available_permits(), 100);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_gets_the_room_of_who_leaves() {
        let memory = Memory::of(9 * SMALL, 100 * UNIT, Duration::from_secs(1));
        let first = now(&memory, SMALL + 60 * UNIT).expect("room");
        let waiting = memory.lease(SMALL + 60 * UNIT);
        let leaving = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            drop(first);
        };
        let (second, ()) = tokio::join!(waiting, leaving);
        assert!(second.is_some());
        // More than there is at all is as much as there is.
        drop(second);
        assert!(now(&memory, 1 << 30).is_some());
    }
}
