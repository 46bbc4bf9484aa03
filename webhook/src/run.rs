//! `passmuster run`: the modules, put together.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use passmuster::cluster::{self, ConnectOptions, Connection, Env, connect};
use tokio::sync::watch;

use crate::admission::Judge;
use crate::configuration::{Handled, handled, narrow};
use crate::ledger::{Leads, with_quotas};
use crate::operations::{self, Operations, StartError};
use crate::rules::{self, Own};
use crate::server::{BindError, CertificateError, CertificateSource, Server, read_pem, signals};
use crate::settings::{ClusterOptions, RunOptions};
use crate::telemetry::{LogError, Probes, Telemetry, TraceError, Traces, start_logs};

/// Why the webhook does not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No logs.
    #[error(transparent)]
    Logs(#[from] LogError),
    /// No traces.
    #[error(transparent)]
    Traces(#[from] TraceError),
    /// A file can't be read.
    #[error("reading {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A certificate can't be served.
    #[error("the certificate in {}: {source}", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: CertificateError,
    },
    /// There is no way to the API server.
    #[error("finding the API server: {0}; in a pod the service account leads there, elsewhere --kubeconfig")]
    Connect(cluster::Error),
    /// Certificates and configuration can't be kept.
    #[error(transparent)]
    Operations(StartError),
    /// The webhook's port.
    #[error(transparent)]
    Server(#[from] BindError),
    /// The port for metrics and probes.
    #[error("listening on {address} for metrics and probes: {source}")]
    Probes {
        /// The address.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// The system.
    #[error("{doing}: {source}")]
    System {
        /// What was done.
        doing: &'static str,
        /// What the system says.
        source: io::Error,
    },
}

/// Serves with this judge, on threads of its own, until it is told to end: once to drain, twice to stop at once.
pub fn run(options: RunOptions, judge: Arc<dyn Judge>) -> Result<(), RunError> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if options.threads > 0 {
        builder.worker_threads(options.threads);
    }
    // Otherwise as many as there are processors, of which a control group with a quota gives a part.
    let runtime =
        builder.enable_all().thread_name("passmuster").build().map_err(system("starting threads"))?;
    let traces = Traces::new(&options.traces, runtime.handle())?;
    start_logs(&options.logs, traces.as_ref())?;
    let outcome = runtime.block_on(serve(options, judge));
    traces.into_iter().for_each(Traces::end);
    runtime.shutdown_background();
    outcome
}

async fn serve(options: RunOptions, judge: Arc<dyn Judge>) -> Result<(), RunError> {
    let (first, second) = signals().map_err(system("waiting for signals"))?;
    let telemetry = Arc::new(Telemetry::default());
    let address = options.telemetry.telemetry.clone();
    let probes = Probes::bind(&address, telemetry.clone())
        .await
        .map_err(|source| RunError::Probes { address, source })?;
    let probed = probes.address().map_err(system("finding the address"))?;
    // From now on, so that a probe learns why there is no certificate yet.
    tokio::spawn(probes.run());
    let (ending, end) = watch::channel(false);
    tokio::spawn(async move {
        first.await;
        // Fails when nobody waits any more.
        let _ = ending.send(true);
    });
    tokio::select! {
        outcome = answer(options, judge, telemetry, probed, end) => outcome,
        () = second => {
            tracing::warn!("told twice to end: requests in flight are given up");
            Ok(())
        }
    }
}

/// Serves until the end is asked for and all that was begun is done.
async fn answer(
    options: RunOptions,
    judge: Arc<dyn Judge>,
    telemetry: Arc<Telemetry>,
    probed: SocketAddr,
    end: watch::Receiver<bool>,
) -> Result<(), RunError> {
    // Until it is known which policies and quotas are in force, everything that could be judged is sent.
    let (handled, sent) = watch::channel(Arc::from(handled()));
    let (certificates, operations) = match (&options.tls_cert_file, &options.tls_private_key_file) {
        (Some(certificate), Some(key)) => (given(certificate, key)?, None),
        _ => match keep(&options, &telemetry, sent, end.clone()).await {
            Ok(operations) => (operations.certificates.clone(), Some(operations)),
            Err(RunError::Operations(StartError::Ended)) => return Ok(()),
            Err(error) => return Err(error),
        },
    };
    let leads: Leads = match operations.as_ref().map(|operations| operations.leadership.clone()) {
        Some(leadership) => Arc::new(move || leadership.leads()),
        // Without an election there is nobody else.
        None => Arc::new(|| true),
    };
    let mut judge = judge;
    if options.rules.policies || options.quotas.quotas {
        let connection = connection(&options.cluster).await.map_err(RunError::Connect)?;
        let mut needed = Vec::new();
        if options.rules.policies {
            let rules = rules::start(&options.rules, &connection, leads.clone(), &telemetry).await;
            judge = rules.judge;
            needed.push(rules.handled);
        }
        if options.quotas.quotas {
            let quotas = with_quotas(judge, &options.quotas, &connection, leads, &telemetry).await;
            judge = quotas.judge;
            needed.push(quotas.handled);
        }
        tokio::spawn(narrow(needed, handled));
    }
    let judge: Arc<dyn Judge> = Arc::new(Own::before(judge));
    let server = Server::bind(options.server, certificates, judge, telemetry).await?;
    let webhook = server.address().map_err(system("finding the address"))?;
    tracing::info!(%webhook, telemetry = %probed, "listening");
    operations.iter().for_each(Operations::serving);
    server.run(ended(end)).await;
    if let Some(operations) = operations {
        operations.ended().await;
    }
    Ok(())
}

/// Keeps certificates and configuration in the cluster, and returns when there is a certificate.
async fn keep(
    options: &RunOptions,
    telemetry: &Arc<Telemetry>,
    handled: watch::Receiver<Arc<[Handled]>>,
    end: watch::Receiver<bool>,
) -> Result<Operations, RunError> {
    let connection = connection(&options.cluster).await.map_err(RunError::Connect)?;
    operations::start(&options.operations, connection, telemetry, handled, now, end)
        .await
        .map_err(RunError::Operations)
}

/// The way to the API server.
async fn connection(options: &ClusterOptions) -> Result<Connection, cluster::Error> {
    let options = ConnectOptions {
        kubeconfig: options.kubeconfig.clone(),
        context: options.context.clone(),
        request_timeout: Some(options.request_timeout.clone()),
        user_agent: Some(concat!("passmuster/", env!("CARGO_PKG_VERSION")).to_owned()),
        // Many small requests.
        http2: true,
        ..ConnectOptions::default()
    };
    connect(&options, &Env::current()).await
}

/// The certificate of the files.
fn given(certificate: &PathBuf, key: &PathBuf) -> Result<CertificateSource, RunError> {
    let read =
        |path: &PathBuf| std::fs::read(path).map_err(|source| RunError::File { path: path.clone(), source });
    let pair = read_pem(&read(certificate)?, &read(key)?);
    let pair = pair.map_err(|source| RunError::Certificate { path: certificate.clone(), source })?;
    Ok(watch::channel(Arc::new(pair)).1)
}

async fn ended(mut end: watch::Receiver<bool>) {
    // Nobody is left who could say so: that is an end as well.
    let _ = end.wait_for(|ended| *ended).await;
}

/// The time.
#[expect(clippy::disallowed_methods, reason = "this is where the clock comes in")]
fn now() -> Timestamp {
    Timestamp::now()
}

fn system(doing: &'static str) -> impl Fn(io::Error) -> RunError {
    move |source| RunError::System { doing, source }
}
