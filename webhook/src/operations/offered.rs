//! Where certificates are offered.

use passmuster::cluster::Error;
use serde_json::Value;

use crate::{
    certificates::{CertificateError, Files, Offer, Stored, read_secret},
    objects::Objects,
};

/// Who keeps the certificates.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// The elected replica, in a Secret of this namespace and name.
    Own {
        /// The Secret's namespace.
        namespace: String,
        /// Its name.
        name: String,
    },
    /// Others, in files.
    Files(Files),
}

/// What a look at the source found.
#[derive(Debug)]
pub(super) enum Seen {
    /// Our own Secret, and what it holds; none when there is no Secret.
    Own(Option<Value>, Box<Stored>),
    /// Files that fit together.
    Files(Box<Offer>),
}

/// Why nothing could be seen.
#[derive(Debug, thiserror::Error)]
pub(super) enum LookError {
    /// The API server could not be asked, or refused.
    #[error("{what}: {source}")]
    Api {
        /// What was to be done.
        what: &'static str,
        /// Why it was not.
        source: Error,
    },
    /// The files are no certificate.
    #[error("the certificate, which --certificate-dir or the Secret keeps: {0}")]
    Certificate(#[from] CertificateError),
}

impl LookError {
    /// Says what was to be done; for `map_err`.
    pub(super) fn api(what: &'static str) -> impl FnOnce(Error) -> Self {
        move |source| Self::Api { what, source }
    }
}

impl Source {
    /// The Secret's path.
    pub(super) fn path(namespace: &str, name: &str) -> String {
        format!("/api/v1/namespaces/{namespace}/secrets/{name}")
    }

    pub(super) async fn look(&self, objects: &Objects) -> Result<Seen, LookError> {
        match self {
            Self::Own { namespace, name } => {
                let secret = objects
                    .get(&Self::path(namespace, name))
                    .await
                    .map_err(LookError::api("reading the certificates' Secret"))?;
                let stored = secret.as_ref().map(read_secret).unwrap_or_default();
                Ok(Seen::Own(secret, Box::new(stored)))
            }
            Self::Files(files) => Ok(Seen::Files(Box::new(files.read()?))),
        }
    }
}

impl Seen {
    /// What may be served.
    pub(super) fn offer(&self) -> Option<Offer> {
        match self {
            Self::Own(_, stored) => stored.offer(),
            Self::Files(offer) => Some((**offer).clone()),
        }
    }
}
