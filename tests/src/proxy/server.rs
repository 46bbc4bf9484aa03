//! Connections from clients.

use std::io;
use std::sync::Arc;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::forward::{Shared, answer};
use crate::Error;
use crate::controlplane::Identity;

/// A client's connection, as far as a fault needs it.
#[derive(Debug, Clone)]
pub(super) struct Connection {
    socket: Arc<TcpStream>,
    ended: Arc<Notify>,
}

impl Connection {
    /// Ends the connection with a reset.
    pub(super) fn reset(&self) {
        // On failure the connection ends without one.
        let _ = self.socket.set_zero_linger();
        self.ended.notify_one();
    }
}

/// TLS as the API server has it, with these protocols.
pub(super) fn tls(identity: &Identity, protocols: &[&[u8]]) -> Result<ServerConfig, Error> {
    let pem = |error| rustls::Error::General(format!("{error}"));
    let certificate = CertificateDer::from_pem_slice(identity.certificate.as_bytes()).map_err(pem)?;
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).map_err(pem)?;
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions()?.with_no_client_auth();
    let mut config = builder.with_single_cert(vec![certificate], key)?;
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    Ok(config)
}

/// Serves clients until it is dropped, and their connections with it.
pub(super) async fn serve(listener: TcpListener, tls: ServerConfig, shared: Arc<Shared>) {
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    connections.spawn(connection(stream, acceptor.clone(), shared.clone()));
                }
            }
            // Forgets those that have ended.
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Serves one connection. What goes wrong with it is the client's to see.
async fn connection(stream: TcpStream, acceptor: TlsAcceptor, shared: Arc<Shared>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    // A second handle on the same socket, to set how it closes while the first is busy.
    let stream = stream.into_std()?;
    let socket = Arc::new(TcpStream::from_std(stream.try_clone()?)?);
    let stream = acceptor.accept(TcpStream::from_std(stream)?).await?;

    let connection = Connection { socket, ended: Arc::new(Notify::new()) };
    let ended = connection.ended.clone();
    let service = service_fn(move |request| answer(shared.clone(), connection.clone(), request));
    let builder = Builder::new(TokioExecutor::new());
    tokio::select! {
        served = builder.serve_connection(TokioIo::new(stream), service) => served.map_err(io::Error::other),
        () = ended.notified() => Ok(()),
    }
}
