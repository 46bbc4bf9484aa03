//! TLS as it is offered.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::server::NoServerSessionStorage;

use super::certificate::{CertificateSource, Current};

/// TLS 1.2 and 1.3; rustls knows only ciphers that authenticate. API servers ask for HTTP/1.1.
pub(super) fn config(certificates: CertificateSource) -> Result<ServerConfig, rustls::Error> {
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions()?.with_no_client_auth();
    let mut config = builder.with_cert_resolver(Arc::new(Current(certificates)));
    config.alpn_protocols = vec![b"http/1.1".to_vec(), b"h2".to_vec()];
    // API servers keep no sessions: tickets and a store for them are work for nobody.
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    Ok(config)
}
