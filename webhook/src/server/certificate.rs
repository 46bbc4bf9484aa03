//! The certificate that is served, as it is now.

use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::sync::watch;

/// The certificate to serve: whoever keeps it sends a new one, and the next handshake has it. There is one from the
/// start on: the server listens only when a certificate is there.
pub type CertificateSource = watch::Receiver<Arc<CertifiedKey>>;

/// Why a certificate can't be served.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// No PEM, or none with what is looked for.
    #[error("no {what} in PEM: {source}")]
    Pem {
        /// What was looked for.
        what: &'static str,
        /// What the reader says.
        source: rustls::pki_types::pem::Error,
    },
    /// There is none.
    #[error("there is no certificate")]
    Empty,
    /// The key is of no known kind, or not that of the certificate.
    #[error("the private key does not fit: {0}")]
    Key(#[from] rustls::Error),
}

/// A certificate chain, leaf first, and its private key, both PEM. The key must be that of the leaf.
pub fn read_pem(chain: &[u8], key: &[u8]) -> Result<CertifiedKey, CertificateError> {
    let pem = |what| move |source| CertificateError::Pem { what, source };
    let chain: Vec<_> =
        CertificateDer::pem_slice_iter(chain).collect::<Result<_, _>>().map_err(pem("certificate"))?;
    if chain.is_empty() {
        return Err(CertificateError::Empty);
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(pem("private key"))?;
    // Fails also when key and leaf don't belong together.
    Ok(CertifiedKey::from_der(chain, key, &ring::default_provider())?)
}

/// Gives each handshake what the source holds at that moment.
#[derive(Debug)]
pub(super) struct Current(pub(super) CertificateSource);

impl ResolvesServerCert for Current {
    // Whatever name is asked for: there is one certificate, and an API server that trusts it.
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.borrow().clone())
    }
}
