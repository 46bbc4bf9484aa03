//! Pods that come and go, one by one, as the controllers of workloads do it.

use super::{
    ledger::{Ledger, Refused},
    workload::Rollout,
};
use crate::quota::usage::Charged;

/// How it went.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Course {
    /// How many pods of the new kind there are in the end.
    pub(super) reached: u32,
    /// The first pod that was not let in, counted from 1, and why.
    pub(super) refused: Option<(u32, Refused)>,
}

/// Makes pods until there are so many, or one is refused.
pub(super) fn grow(ledger: &mut Ledger<'_>, namespace: &str, pod: &Charged, from: u32, to: u32) -> Course {
    let mut course = Course { reached: from, refused: None };
    while course.reached < to {
        match ledger.admit(namespace, None, pod) {
            Ok(()) => {
                course.reached += 1;
                let more = ledger.more(namespace, pod, to - course.reached);
                ledger.charge(namespace, pod, more);
                course.reached += more;
            }
            Err(refused) => {
                course.refused = Some((course.reached + 1, refused));
                break;
            }
        }
    }
    course
}

/// Replaces old pods by new ones, as many as are wanted. Every new pod is taken to become ready, and every old one to
/// be gone as soon as it may go.
pub(super) fn replace(
    ledger: &mut Ledger<'_>,
    namespace: &str,
    old: &[&Charged],
    new: &Charged,
    (wanted, rollout): (u32, Rollout),
) -> Course {
    let mut course = Course::default();
    let mut left: Vec<&Charged> = old.to_vec();
    let (surge, unavailable) = if rollout.rolling { rollout.of(wanted) } else { (0, wanted) };
    let go = |ledger: &mut Ledger<'_>, left: &mut Vec<&Charged>, count: u32| {
        let mut gone = 0;
        while gone < count {
            let Some(pod) = left.pop() else { break };
            ledger.release(namespace, pod);
            gone += 1;
        }
        gone
    };
    if !rollout.rolling {
        go(ledger, &mut left, u32::MAX);
    }
    loop {
        let total = course.reached.saturating_add(u32::try_from(left.len()).unwrap_or(u32::MAX));
        let most = wanted.saturating_add(surge).saturating_sub(total);
        let target = wanted.min(course.reached.saturating_add(most));
        let before = course.reached;
        let grown = grow(ledger, namespace, new, course.reached, target);
        course.reached = grown.reached;
        course.refused = course.refused.or(grown.refused);
        let total = course.reached.saturating_add(u32::try_from(left.len()).unwrap_or(u32::MAX));
        let spare = total.saturating_sub(wanted.saturating_sub(unavailable));
        let gone = go(ledger, &mut left, spare);
        if course.reached == before && gone == 0 {
            return course;
        }
    }
}
