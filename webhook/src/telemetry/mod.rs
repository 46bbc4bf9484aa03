//! Metrics, probes, logs and traces.
//!
//! What the whole server counts is in [`Metrics`]; a module with figures of its own adds them to the registry by
//! [`Telemetry::register`]. Whether the process is ready is a matter of named [`Checks`], one for each module that may
//! not be.

mod answer;
mod checks;
mod labels;
mod logs;
mod metrics;
mod serve;
mod traces;

use std::sync::{Mutex, PoisonError};

pub use checks::{Check, Checks};
pub use labels::{Label, Names};
pub use logs::{LogError, LogFormat, LogOptions, start_logs};
pub use metrics::{
    AdmissionMetrics, CacheMetrics, CertificateMetrics, KindLabels, LedgerMetrics, LoadMetrics, Metrics,
};
use prometheus_client::registry::Registry;
pub use serve::{Probes, TelemetryOptions};
pub(crate) use traces::{SPANS, follow};
pub use traces::{TraceError, TraceOptions, Traces};

/// All that is told of a running server.
#[derive(Debug)]
pub struct Telemetry {
    /// The figures.
    pub metrics: Metrics,
    /// Whether it works.
    pub checks: Checks,
    /// Fails from the moment on that the server drains.
    pub drain: Check,
    registry: Mutex<Registry>,
}

impl Default for Telemetry {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("passmuster");
        let metrics = Metrics::register(&mut registry);
        let checks = Checks::default();
        let drain = checks.register("draining");
        drain.pass();
        Self { metrics, checks, drain, registry: Mutex::new(registry) }
    }
}

impl Telemetry {
    /// Adds a module's own figures.
    pub fn register(&self, add: impl FnOnce(&mut Registry)) {
        add(&mut self.registry.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The figures now, as OpenMetrics text.
    pub fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        let registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        prometheus_client::encoding::text::encode(&mut text, &registry)?;
        Ok(text)
    }
}
