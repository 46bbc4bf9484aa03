//! Connections: TLS, load, deadlines, and the end of the process without a failed call.

mod certificate;

pub use certificate::CertificateSource;
