//! `-v`: what happens, on standard error.

use std::io;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

/// Turns messages on, as kubectl's levels do: 1 tells of what is odd, 4 of decisions, 6 of requests, 8 of the client
/// beneath. 0 leaves everything silent.
pub(super) fn start(level: u8) {
    let (ours, theirs) = match level {
        0 => return,
        1..=3 => (LevelFilter::WARN, LevelFilter::OFF),
        4..=5 => (LevelFilter::INFO, LevelFilter::OFF),
        6..=7 => (LevelFilter::DEBUG, LevelFilter::OFF),
        _ => (LevelFilter::TRACE, LevelFilter::DEBUG),
    };
    let filter = Targets::new().with_default(theirs).with_targets(
        ["passmuster", "kubectl_graph", "kubectl_quota_usage", "kubectl_audit"].map(|target| (target, ours)),
    );
    let layer = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(false);
    // Fails when a test has already set another up, which then gets the messages.
    drop(tracing_subscriber::registry().with(filter).with(layer).try_init());
}
