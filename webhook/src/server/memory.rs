//! How much of bodies is in memory.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::ServerOptions;

/// What each body may have without asking for room among the large ones: most reviews are no larger, and they must not
/// wait for those that are.
pub(super) const SMALL: usize = 64 << 10;

/// Room for bodies: for the first part of each, and for the rest of large ones.
#[derive(Debug)]
pub(super) struct Memory {
    small: Pool,
    large: Pool,
}

impl Memory {
    pub(super) fn new(options: &ServerOptions) -> Self {
        // As many small bodies as can be in flight or wait.
        let small = options.max_in_flight.saturating_add(options.max_queued).saturating_mul(SMALL);
        Self { small: Pool::new(small), large: Pool::new(options.body_memory) }
    }

    /// Nothing yet, for one body.
    pub(super) const fn lease(&self) -> Lease<'_> {
        Lease { memory: self, held: 0 }
    }
}

/// What one body holds; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Lease<'m> {
    memory: &'m Memory,
    held: usize,
}

impl Lease<'_> {
    /// Takes room for so many bytes more; false when there is none.
    pub(super) fn grow(&mut self, bytes: usize) -> bool {
        let before = split(self.held);
        let after = split(self.held.saturating_add(bytes));
        let (small, large) = (after.0 - before.0, after.1 - before.1);
        if !self.memory.small.take(small) {
            return false;
        }
        if !self.memory.large.take(large) {
            self.memory.small.give(small);
            return false;
        }
        self.held = self.held.saturating_add(bytes);
        true
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let (small, large) = split(self.held);
        self.memory.small.give(small);
        self.memory.large.give(large);
    }
}

/// How many of so many bytes are from the small pool, and how many from the large one.
fn split(bytes: usize) -> (usize, usize) {
    (bytes.min(SMALL), bytes.saturating_sub(SMALL))
}

#[derive(Debug)]
struct Pool(AtomicUsize);

impl Pool {
    fn new(bytes: usize) -> Self {
        Self(AtomicUsize::new(bytes))
    }

    fn take(&self, bytes: usize) -> bool {
        let left = |left: usize| left.checked_sub(bytes);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left).is_ok()
    }

    fn give(&self, bytes: usize) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_bodies_leave_room_for_small_ones_and_everything_is_given_back() {
        let memory = Memory { small: Pool::new(3 * SMALL), large: Pool::new(100) };
        {
            let (mut one, mut two, mut three) = (memory.lease(), memory.lease(), memory.lease());
            assert!(one.grow(SMALL + 60));
            assert!(!two.grow(SMALL + 60), "only 40 are left of the large");
            assert!(two.grow(SMALL) && two.grow(40) && !two.grow(1));
            assert!(three.grow(SMALL), "a small one always fits");
            assert!(!memory.lease().grow(1), "a fourth does not");
        }
        assert!(memory.small.take(3 * SMALL) && memory.large.take(100));
    }
}
