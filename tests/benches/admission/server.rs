//! What a load costs the server.

use std::fs;
use std::time::Duration;

use passmuster_tests::Webhook;

use crate::load::Outcome;

/// A load and the processor time that the server spent on it.
pub(crate) struct Measured {
    outcome: Outcome,
    cpu: Duration,
}

impl Measured {
    /// Runs a load once to warm up and once to measure.
    pub(crate) fn of(webhook: &Webhook, mut load: impl FnMut() -> Outcome) -> Self {
        drop(load());
        let before = cpu(webhook.running().pid());
        let outcome = load();
        Self { outcome, cpu: cpu(webhook.running().pid()).saturating_sub(before) }
    }

    /// What came of it.
    pub(crate) const fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// Calls that were asked to come again.
    pub(crate) const fn shed(&self) -> usize {
        self.outcome.shed
    }

    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    pub(crate) fn per_second(&self) -> f64 {
        self.outcome.times.len() as f64 / self.outcome.took.as_secs_f64()
    }

    /// Processor time of one call, in microseconds.
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    pub(crate) fn cpu_micros(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.outcome.times.len().max(1) as f64
    }
}

/// The processor time of a process so far. The system counts it in hundredths of a second.
fn cpu(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("the server runs");
    // The name, in parentheses, may hold anything.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks =
        |index: usize| fields.get(index).and_then(|text| text.parse::<u64>().ok()).unwrap_or_default();
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}
