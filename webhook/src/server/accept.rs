//! Connections as they come.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::{Phase, Shared, connection};

/// How long nothing is accepted after it failed: mostly there are too many open files, and only time helps.
const PAUSE: Duration = Duration::from_millis(50);

/// A socket that listens.
#[derive(Debug)]
pub(super) struct Listener(TcpListener);

impl Listener {
    /// Listens at the address. Where the machine has no IPv6, `[::]` is all addresses of IPv4.
    pub(super) async fn bind(address: &str) -> io::Result<Self> {
        match (TcpListener::bind(address).await, address.strip_prefix("[::]")) {
            (Err(_), Some(port)) => Ok(Self(TcpListener::bind(format!("0.0.0.0{port}")).await?)),
            (bound, _) => Ok(Self(bound?)),
        }
    }

    /// Where it listens.
    pub(super) fn address(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// Takes connections until the server closes; those that the system has completed by then are still taken.
pub(super) async fn accept(listener: Listener, tls: Arc<ServerConfig>, shared: Arc<Shared>) {
    let acceptor = TlsAcceptor::from(tls);
    loop {
        let next = async { (shared.connections.room().await, listener.0.accept().await) };
        let (permit, accepted) = tokio::select! {
            biased;
            next = next => next,
            () = shared.lifecycle.reached(Phase::Closing) => return,
        };
        match accepted {
            Ok((stream, _)) => {
                let connection = shared.connections.enter(permit);
                tokio::spawn(connection::serve(stream, acceptor.clone(), shared.clone(), connection));
            }
            Err(error) => {
                tracing::warn!(%error, "accepting a connection");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
