//! Work spread over the processors there are.

use std::{
    num::NonZero,
    panic::resume_unwind,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// How many threads are of use, of no more than so many.
pub(crate) fn threads(most: usize) -> usize {
    if most <= 1 {
        // Asking costs more than what one thread is enough for.
        return 1;
    }
    thread::available_parallelism().map_or(1, NonZero::get).min(most)
}

/// Works on each of these on no more than so many threads, each of which has a state of its own. Comes back: what came
/// of each, in their order, and the states, in none.
pub(crate) fn in_turn<P: Sync, S: Send, T: Send>(
    most: usize,
    pieces: &[P],
    state: impl Fn() -> S + Sync,
    work: impl Fn(&P, &mut S) -> T + Sync,
) -> (Vec<T>, Vec<S>) {
    let threads = threads(most.min(pieces.len()));
    if threads <= 1 {
        let mut state = state();
        let done = pieces.iter().map(|piece| work(piece, &mut state)).collect();
        return (done, vec![state]);
    }
    let next = AtomicUsize::new(0);
    let some = || {
        let (mut done, mut state) = (Vec::new(), state());
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(piece) = pieces.get(at) else { return (done, state) };
            done.push((at, work(piece, &mut state)));
        }
    };
    let (mut done, states) = thread::scope(|scope| {
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, some).ok();
        // Where no more threads may be, there are as many as may.
        let others: Vec<_> = (1..threads).map_while(spawn).collect();
        let (mut done, state) = some();
        let mut states = vec![state];
        for other in others {
            let (theirs, state) = other.join().unwrap_or_else(|panic| resume_unwind(panic));
            done.extend(theirs);
            states.push(state);
        }
        (done, states)
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    (done.into_iter().map(|(_, done)| done).collect(), states)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_back_is_in_order_and_whole() {
        for (most, count) in [(1, 5), (4, 1_000), (8, 3), (3, 0)] {
            let work = |piece: &usize, sum: &mut usize| {
                *sum += piece;
                piece * 2
            };
            let pieces: Vec<usize> = (0..count).collect();
            let (done, states) = in_turn(most, &pieces, || 0, work);
            assert_eq!(done, (0..count).map(|at| at * 2).collect::<Vec<_>>());
            assert_eq!(states.iter().sum::<usize>(), (0..count).sum::<usize>());
        }
    }
}
