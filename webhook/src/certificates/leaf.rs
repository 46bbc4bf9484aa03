//! A certificate with its key, ready to be served.

use std::{fmt, sync::Arc};

use rustls::{
    crypto::ring,
    pki_types::{PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};

use super::{Certificate, CertificateError, parse_bundle};

/// A certificate chain and the key of its first certificate, as text.
#[derive(Clone, PartialEq, Eq)]
pub struct Pair {
    /// The certificates, PEM, the server's own first.
    pub certificates: String,
    /// The key, PEM.
    pub key: String,
}

impl fmt::Debug for Pair {
    /// Without the key, which must not come into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pair").field("certificates", &self.certificates).finish_non_exhaustive()
    }
}

/// A pair that was read and fits together.
#[derive(Debug, Clone)]
pub struct Leaf {
    pair: Pair,
    chain: Vec<Certificate>,
    served: Arc<CertifiedKey>,
}

impl Leaf {
    /// Reads a pair, and checks that the key belongs to the certificate.
    pub fn new(pair: Pair) -> Result<Self, CertificateError> {
        let chain = parse_bundle(pair.certificates.as_bytes())?;
        if chain.is_empty() {
            return Err(CertificateError::Empty("the server's certificate"));
        }
        let key = PrivateKeyDer::from_pem_slice(pair.key.as_bytes())
            .map_err(CertificateError::unreadable("the server's key"))?;
        let ders = chain.iter().map(|certificate| certificate.der().clone()).collect();
        let served = CertifiedKey::from_der(ders, key, &ring::default_provider())?;
        Ok(Self { pair, chain, served: Arc::new(served) })
    }

    /// What it was read from.
    pub fn pair(&self) -> &Pair {
        &self.pair
    }

    /// The server's own certificate and those that lead from it to an authority.
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// The server's own certificate.
    pub fn first(&self) -> &Certificate {
        // There is one: `new` refuses a chain without.
        &self.chain[0]
    }

    /// As the server wants it.
    pub fn served(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.served)
    }
}

impl PartialEq for Leaf {
    fn eq(&self, other: &Self) -> bool {
        self.pair == other.pair
    }
}

impl Eq for Leaf {}
