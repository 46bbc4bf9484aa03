//! Why a certificate can't be used.

use std::path::{Path, PathBuf};

/// What is wrong with a certificate, or with where it is kept.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// Text that should hold certificates or a key holds something else.
    #[error("{what} can't be read: {why}")]
    Unreadable {
        /// What it should be.
        what: &'static str,
        /// The parser's reason.
        why: String,
    },
    /// No certificate where there should be one.
    #[error("{0} holds no certificate")]
    Empty(&'static str),
    /// The key is another's.
    #[error("the key does not belong to {0}")]
    OtherKey(&'static str),
    /// A certificate could not be made.
    #[error("can't make a certificate: {0}")]
    Make(#[from] rcgen::Error),
    /// The TLS library refuses it.
    #[error("the certificate can't be served: {0}")]
    Tls(#[from] rustls::Error),
    /// A file could not be read.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A time that no certificate can hold.
    #[error("no certificate can be made for this time: {0}")]
    Time(String),
}

impl CertificateError {
    /// Wraps the parser's reason; for `map_err`.
    pub(super) fn unreadable<E: ToString>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::Unreadable { what, why: error.to_string() }
    }

    /// Wraps the system's reason; for `map_err`.
    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::File { path: path.to_path_buf(), source }
    }
}
