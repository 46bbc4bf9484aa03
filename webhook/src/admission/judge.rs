//! The seam to whoever decides.

use std::future::{Future, ready};
use std::pin::Pin;
use std::time::Instant;

use super::{Decision, Request};

/// A decision in the making. Dropped when its deadline passes or the API server hangs up: whatever must not stay half
/// done belongs in a task of its own.
pub type Judging<'a> = Pin<Box<dyn Future<Output = Result<Decision, Failure>> + Send + 'a>>;

/// Who decides. Rules are computed and return at once; what waits (a reservation in a ledger) awaits.
///
/// Called on the thread that read the request, between other connections' work: a judge computes for microseconds, and
/// to hand that over would cost as much. What computes for longer than some milliseconds must yield.
pub trait Judge: Send + Sync + 'static {
    /// Judges a request; what is never blocked has passed before. `deadline` is when the answer must be there.
    fn judge<'a>(&'a self, request: &'a Request<'a>, deadline: Instant) -> Judging<'a>;
}

/// No decision: the call fails, and the configuration's failurePolicy decides. Never an allow, never a denial.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    /// Passes by itself: not synced yet, a conflict too many. The API server is asked to try again in a second.
    #[error("{0}")]
    Later(String),
    /// A defect.
    #[error("{0}")]
    Internal(String),
}

/// Lets everything pass: what the server costs without rules.
#[derive(Debug, Clone, Copy, Default)]
pub struct AllowAll;

impl Judge for AllowAll {
    fn judge<'a>(&'a self, _: &'a Request<'a>, _: Instant) -> Judging<'a> {
        Box::pin(ready(Ok(Decision::allowed())))
    }
}
