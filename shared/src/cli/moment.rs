//! Where the clock and signals come in.

use crate::model::Time;

/// The time.
#[expect(clippy::disallowed_methods, reason = "this is where the clock comes in")]
pub fn now() -> Time {
    let now = jiff::Timestamp::now();
    Time { seconds: now.as_second(), nanos: now.subsec_nanosecond() }
}

/// Ctrl-C, or what a service manager sends.
pub async fn told_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
