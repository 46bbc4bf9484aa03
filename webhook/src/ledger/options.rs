//! What can be set.

use std::time::Duration;

use clap::{Args, ValueEnum};
use passmuster::quota::project::Enforcement;

/// What is done with what would exceed a quota that does not say it itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Mode {
    /// It is admitted with a warning.
    Advisory,
    /// It is denied.
    #[default]
    Enforce,
}

impl From<Mode> for Enforcement {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Advisory => Self::Advisory,
            Mode::Enforce => Self::Enforce,
        }
    }
}

/// How quotas of projects are kept.
#[derive(Debug, Clone, Args)]
pub struct LedgerOptions {
    /// What to do with what would exceed a quota of a project that does not say it itself
    #[arg(
        long = "quota-mode",
        env = "PASSMUSTER_QUOTA_MODE",
        value_enum,
        default_value_t,
        value_name = "MODE"
    )]
    pub mode: Mode,
    /// This cluster's name in ProjectQuotas that tell clusters apart
    #[arg(long = "cluster-name", env = "PASSMUSTER_CLUSTER_NAME", value_name = "NAME")]
    pub cluster: Option<String>,
    /// Seconds after which what was admitted and never stored is forgotten; more than the API server's request timeout,
    /// and the difference is how far the replicas' clocks may be apart
    #[arg(
        long = "quota-reservation-seconds", env = "PASSMUSTER_QUOTA_RESERVATION_SECONDS", default_value_t = 120,
        value_parser = clap::value_parser!(u64).range(61..), value_name = "SECONDS",
    )]
    pub ttl: u64,
    /// Milliseconds that a request may wait for others to be reserved for with it
    #[arg(
        long = "quota-window-milliseconds", env = "PASSMUSTER_QUOTA_WINDOW_MILLISECONDS", default_value_t = 4,
        value_parser = clap::value_parser!(u64).range(..=1000), value_name = "MILLISECONDS",
    )]
    pub window: u64,
    /// Milliseconds that a request without room waits for what has gone already to be seen gone
    #[arg(
        long = "quota-patience-milliseconds", env = "PASSMUSTER_QUOTA_PATIENCE_MILLISECONDS", default_value_t = 150,
        value_parser = clap::value_parser!(u64).range(..=5000), value_name = "MILLISECONDS",
    )]
    pub patience: u64,
}

impl Default for LedgerOptions {
    fn default() -> Self {
        Self { mode: Mode::default(), cluster: None, ttl: 120, window: 4, patience: 150 }
    }
}

impl LedgerOptions {
    pub(super) const fn window(&self) -> Duration {
        Duration::from_millis(self.window)
    }

    pub(super) const fn patience(&self) -> Duration {
        Duration::from_millis(self.patience)
    }
}
