//! What the command line and the environment say. Each module has options of its own, a `clap::Args`; they come
//! together here.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use passmuster::timeout::parse_timeout;

use crate::ledger::QuotaOptions;
use crate::manifests::ManifestsOptions;
use crate::operations::OperationsOptions;
use crate::rules::RuleOptions;
use crate::server::ServerOptions;
use crate::telemetry::{LogOptions, TelemetryOptions, TraceOptions};

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
    /// Print the custom resources and the configuration that run keeps, for those who apply them in their own way
    Manifests(Box<ManifestsOptions>),
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

    /// Traces.
    #[command(flatten)]
    pub traces: TraceOptions,

    /// Policies.
    #[command(flatten)]
    pub rules: RuleOptions,

    /// Quotas of projects.
    #[command(flatten)]
    pub quotas: QuotaOptions,

    /// The API server.
    #[command(flatten)]
    pub cluster: ClusterOptions,

    /// Certificates, configuration and election.
    #[command(flatten)]
    pub operations: OperationsOptions,

    /// A certificate with its chain, PEM, to serve as it is now: no certificate, configuration or Lease is kept then
    #[arg(long, env = "PASSMUSTER_TLS_CERT_FILE", value_name = "FILE", requires = "tls_private_key_file")]
    pub tls_cert_file: Option<PathBuf>,

    /// Its private key, PEM
    #[arg(long, env = "PASSMUSTER_TLS_PRIVATE_KEY_FILE", value_name = "FILE", requires = "tls_cert_file")]
    pub tls_private_key_file: Option<PathBuf>,

    /// Threads that serve; 0 is as many as the control group gives processors
    #[arg(long, env = "PASSMUSTER_THREADS", value_name = "COUNT", default_value_t = 0)]
    pub threads: usize,
}

/// Where the API server is. In a pod nothing needs to be said.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Cluster")]
pub struct ClusterOptions {
    /// Path of the kubeconfig file, where there is no service account to use
    #[arg(id = "cluster-kubeconfig", long = "kubeconfig", value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,

    /// Context of the kubeconfig to use
    #[arg(long, value_name = "NAME")]
    pub context: Option<String>,

    /// How long a request to the API server may take
    #[arg(long, env = "PASSMUSTER_REQUEST_TIMEOUT", value_name = "DURATION", default_value = "5s")]
    pub request_timeout: String,
}

/// A duration as Kubernetes' flags have them: `500ms`, `10s`, `1m30s`; `0` is none.
pub fn duration(text: &str) -> Result<Duration, &'static str> {
    Ok(parse_timeout(text)?.unwrap_or_default())
}
