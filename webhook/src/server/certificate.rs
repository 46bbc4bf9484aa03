//! The certificate that is served, as it is now.

use std::sync::Arc;

use rustls::sign::CertifiedKey;
use tokio::sync::watch;

/// The certificate to serve: whoever keeps it sends a new one, and the next handshake has it. There is one from the
/// start on: the server listens only when a certificate is there.
pub type CertificateSource = watch::Receiver<Arc<CertifiedKey>>;
