//! Connections: TLS, load, deadlines, and the end of the process without a failed call.
//!
//! ```text
//!  accept ─► handshake ─► head ─► body ─► gate ─► parse, judge, answer
//!   │ limit    │ timeout    │ timeout │ limits │ in flight, queue
//!   connections            activity   budget   gate
//! ```
//!
//! Every limit has an answer that the API server understands: what it may try again says so by `Retry-After`, which it
//! obeys within the webhook's timeout, and everything else is a plain status. Nothing is decided by accident.

mod accept;
mod activity;
mod body;
mod certificate;
mod connection;
mod connections;
mod gate;
mod lifecycle;
mod memory;
mod options;
mod refusal;
mod review;
mod service;
mod signals;
mod span;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

pub use certificate::{CertificateError, CertificateSource, read_pem};
pub use lifecycle::{Lifecycle, Phase};
pub use options::{OutOfTime, ServerOptions};
pub use signals::signals;

use crate::admission::Judge;
use crate::telemetry::Telemetry;
use accept::Listener;
use connections::Connections;
use gate::Gate;
use memory::Memory;

/// What all connections share.
struct Shared {
    options: ServerOptions,
    judge: Arc<dyn Judge>,
    gate: Gate,
    memory: Memory,
    connections: Arc<Connections>,
    lifecycle: Arc<Lifecycle>,
    telemetry: Arc<Telemetry>,
}

/// A webhook that listens.
pub struct Server {
    listener: Listener,
    tls: Arc<rustls::ServerConfig>,
    shared: Arc<Shared>,
}

impl Server {
    /// Listens, without answering anybody yet.
    pub async fn bind(
        options: ServerOptions,
        certificates: CertificateSource,
        judge: Arc<dyn Judge>,
        telemetry: Arc<Telemetry>,
    ) -> Result<Self, BindError> {
        let tls = Arc::new(tls::config(certificates)?);
        let address = options.listen.clone();
        let listener =
            Listener::bind(&address).await.map_err(|source| BindError::Listen { address, source })?;
        let shared = Shared {
            judge,
            gate: Gate::new(&options, &telemetry.metrics.load),
            memory: Memory::new(&options),
            connections: Arc::new(Connections::new(options.max_connections, &telemetry.metrics.load)),
            lifecycle: Arc::default(),
            telemetry,
            options,
        };
        Ok(Self { listener, tls, shared: Arc::new(shared) })
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.address()
    }

    /// How it stands: who ends the process drains it by this.
    pub fn lifecycle(&self) -> Arc<Lifecycle> {
        self.shared.lifecycle.clone()
    }

    /// Answers until it is drained. `end` is when draining begins.
    ///
    /// From then on each answer closes its connection, so that the API server's next call goes to another replica; new
    /// connections are taken for as long as some API server may not know of the end; then those that are in flight
    /// are finished.
    pub async fn run(self, end: impl Future<Output = ()>) {
        let accepting = tokio::spawn(accept::accept(self.listener, self.tls, self.shared.clone()));
        end.await;
        let shared = &self.shared;
        shared.telemetry.drain.fail("the server is draining");
        shared.lifecycle.enter(Phase::Draining);
        tracing::info!(delay = ?shared.options.drain_delay, "draining: answers close their connections");
        tokio::time::sleep(shared.options.drain_delay).await;
        shared.lifecycle.enter(Phase::Closing);
        tracing::info!(timeout = ?shared.options.drain_timeout, "closing: what is in flight is finished");
        // Done once it has taken what the system had taken. A task that panicked has nothing to finish.
        let _ = accepting.await;
        let left = shared.connections.wait_until_none(shared.options.drain_timeout).await;
        tracing::info!(connections_left = left, "drained");
    }
}

/// Why a server can't listen.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The address is taken, or none of this machine's.
    #[error("listening on {address}: {source}")]
    Listen {
        /// The address.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// TLS can't be set up.
    #[error("setting up TLS: {0}")]
    Tls(#[from] rustls::Error),
}
