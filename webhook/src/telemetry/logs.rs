//! Logs: one line an event, on standard error, never with a body in it.

use std::io;

use clap::{Args, ValueEnum};
use tracing_subscriber::filter::{ParseError, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{Layer, fmt};

use super::Traces;

/// What is logged, and how.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Logs")]
pub struct LogOptions {
    /// What is logged: error, warn, info, debug or trace, also by module: info,passmuster_webhook::server=debug
    #[arg(long, env = "PASSMUSTER_LOG", value_name = "LEVEL", default_value = "info")]
    pub log: String,

    /// How it is written
    #[arg(long, env = "PASSMUSTER_LOG_FORMAT", value_name = "FORMAT", default_value = "json")]
    pub log_format: LogFormat,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// An object a line
    Json,
    /// For people
    Text,
}

/// Why logs can't be written.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// No level and no module's level.
    #[error("--log {text:?}: {source}; try info or debug")]
    Level {
        /// What was given.
        text: String,
        /// What is wrong with it.
        source: ParseError,
    },
    /// Somebody else writes them.
    #[error("starting logs: {0}")]
    Taken(#[from] TryInitError),
}

/// Writes logs from now on, and makes traces.
pub fn start_logs(options: &LogOptions, traces: Option<&Traces>) -> Result<(), LogError> {
    let filter: Targets =
        options.log.parse().map_err(|source| LogError::Level { text: options.log.clone(), source })?;
    let lines = fmt::layer().with_writer(io::stderr).with_ansi(false);
    let lines = match options.log_format {
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).boxed(),
        LogFormat::Text => lines.boxed(),
    };
    let registry = tracing_subscriber::registry().with(traces.map(Traces::layer));
    Ok(registry.with(lines.with_filter(filter)).try_init()?)
}
