//! `passmuster run`: the modules, put together.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::watch;

use crate::admission::Judge;
use crate::server::{BindError, CertificateError, CertificateSource, Server, read_pem, signals};
use crate::settings::RunOptions;
use crate::telemetry::{LogError, Probes, Telemetry, start_logs};

/// Why the webhook does not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No logs.
    #[error(transparent)]
    Logs(#[from] LogError),
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
    start_logs(&options.logs)?;
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if options.threads > 0 {
        builder.worker_threads(options.threads);
    }
    // Otherwise as many as there are processors, of which a control group with a quota gives a part.
    let runtime = builder.enable_all().thread_name("passmuster").build().map_err(system("starting threads"))?;
    let outcome = runtime.block_on(serve(options, judge));
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
    let certificates = certificates(&options)?;
    let server = Server::bind(options.server, certificates, judge, telemetry).await?;
    let addresses = (server.address(), probes.address());
    let (webhook, telemetry) = match addresses {
        (Ok(webhook), Ok(telemetry)) => (webhook, telemetry),
        (Err(source), _) | (_, Err(source)) => return Err(system("finding the address")(source)),
    };
    tracing::info!(%webhook, %telemetry, "listening");
    tokio::spawn(probes.run());
    tokio::select! {
        () = server.run(first) => {}
        () = second => tracing::warn!("told twice to end: requests in flight are given up"),
    }
    Ok(())
}

/// The certificate of the files.
fn certificates(options: &RunOptions) -> Result<CertificateSource, RunError> {
    let read = |path: &PathBuf| {
        std::fs::read(path).map_err(|source| RunError::File { path: path.clone(), source })
    };
    let key = read_pem(&read(&options.tls_cert_file)?, &read(&options.tls_private_key_file)?);
    let path = options.tls_cert_file.clone();
    let key = key.map_err(|source| RunError::Certificate { path, source })?;
    Ok(watch::channel(Arc::new(key)).1)
}

fn system(doing: &'static str) -> impl Fn(io::Error) -> RunError {
    move |source| RunError::System { doing, source }
}
