//! Waiting for what a cluster does in its own time.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Error;

/// How long [`eventually`] waits between two looks.
pub const PAUSE: Duration = Duration::from_millis(20);

/// Calls `look` until it returns something, and returns that.
///
/// # Panics
/// When `within` passes first; the message says `what` was waited for.
pub fn eventually<T>(within: Duration, what: &str, look: impl FnMut() -> Option<T>) -> T {
    poll(within, what, look).unwrap_or_else(|error| panic!("{error}"))
}

/// As [`eventually`], with an error in place of a panic.
pub fn poll<T>(within: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> Result<T, Error> {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        if start.elapsed() > within {
            return Err(Error::Late {
                what: what.to_owned(),
                within,
                details: "nothing was seen".to_owned(),
            });
        }
        sleep(PAUSE);
    }
}
