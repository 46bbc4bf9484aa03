//! What can go wrong in the test support.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why a helper of this crate could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program or file that `make` builds is not there.
    #[error("{name} is missing in {}; {hint}", dir.display())]
    Missing {
        /// The file's name.
        name: String,
        /// Where it was looked for.
        dir: PathBuf,
        /// The command that makes it.
        hint: &'static str,
    },
    /// A file or directory could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A program could not be started, fed or waited for.
    #[error("cannot run {program}: {source}")]
    Run {
        /// The program.
        program: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A program ran and said no.
    #[error("`{command}` failed ({status}): {stderr}")]
    Failed {
        /// The command line.
        command: String,
        /// How it ended.
        status: String,
        /// What it wrote to stderr.
        stderr: String,
    },
    /// A component ended while the control plane was starting.
    #[error("{component} ended early ({status}); its log ends with:\n{log}")]
    Ended {
        /// The component's name.
        component: &'static str,
        /// How it ended.
        status: String,
        /// The last lines it wrote.
        log: String,
    },
    /// Something did not happen in time.
    #[error("{what} did not happen within {} s; {details}", within.as_secs_f32())]
    Late {
        /// What was waited for.
        what: String,
        /// For how long.
        within: Duration,
        /// What was seen instead.
        details: String,
    },
    /// A container image could not be packed.
    #[error("cannot pack the image {reference}: {source}")]
    Image {
        /// The image's name.
        reference: String,
        /// The packer's reason.
        source: std::io::Error,
    },
    /// A certificate could not be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// TLS could not be set up.
    #[error("cannot set TLS up: {0}")]
    Tls(#[from] rustls::Error),
    /// A request did not get an answer.
    #[error("{method} {path}: {reason}")]
    Request {
        /// The request's method.
        method: String,
        /// The request's path and query.
        path: String,
        /// Why there is no answer.
        reason: String,
    },
    /// A request was answered with an error.
    #[error("{method} {path}: HTTP {status}: {body}")]
    Status {
        /// The request's method.
        method: String,
        /// The request's path and query.
        path: String,
        /// The answer's status.
        status: u16,
        /// The answer's body.
        body: String,
    },
}

impl Error {
    /// Wraps the system's reason why `path` could not be used; for `map_err`.
    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::File { path: path.to_path_buf(), source }
    }

    /// Wraps the system's reason why `program` could not be run; for `map_err`.
    pub(crate) fn run(program: &str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Run { program: program.to_owned(), source }
    }
}
