//! What the command line and the environment say. Each module has options of its own, a `clap::Args`; they come
//! together here.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use passmuster::timeout::parse_timeout;

use crate::server::ServerOptions;
use crate::telemetry::{LogOptions, TelemetryOptions};

/// The admission webhook of Passmuster.
#[derive(Debug, Clone, Parser)]
#[command(name = "passmuster", version, about, disable_help_subcommand = true)]
pub struct Settings {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program does.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Serve admission requests until told to end
    Run(Box<RunOptions>),
    /// Print the version
    Version,
}

/// How to run.
#[derive(Debug, Clone, Args)]
pub struct RunOptions {
    /// The server.
    #[command(flatten)]
    pub server: ServerOptions,

    /// Metrics and probes.
    #[command(flatten)]
    pub telemetry: TelemetryOptions,

    /// Logs.
    #[command(flatten)]
    pub logs: LogOptions,

    /// The serving certificate with its chain, PEM
    #[arg(long, env = "PASSMUSTER_TLS_CERT_FILE", value_name = "FILE")]
    pub tls_cert_file: PathBuf,

    /// Its private key, PEM
    #[arg(long, env = "PASSMUSTER_TLS_PRIVATE_KEY_FILE", value_name = "FILE")]
    pub tls_private_key_file: PathBuf,

    /// Threads that serve; 0 is as many as the control group gives processors
    #[arg(long, env = "PASSMUSTER_THREADS", value_name = "COUNT", default_value_t = 0)]
    pub threads: usize,
}

/// A duration as Kubernetes' flags have them: `500ms`, `10s`, `1m30s`; `0` is none.
pub fn duration(text: &str) -> Result<Duration, &'static str> {
    Ok(parse_timeout(text)?.unwrap_or_default())
}
