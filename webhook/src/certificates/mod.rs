//! Where the serving certificate comes from and when it changes: own authority, cert-manager, or given files.
//!
//! ```text
//!  Secret (own authority) ─┐                 ┌─► the server's next handshake
//!                          ├─ Offer ─ Switch ┤
//!  files of a volume ──────┘                 └─► the leader's caBundle
//! ```
//!
//! With an authority of its own the elected replica keeps a Secret: [`plan()`] says what it lacks, [`renew`] makes it.
//! Every replica reads what is offered and serves it as soon as the API server trusts it: [`Switch`] waits for the
//! live `caBundle`. So an authority changes without a call that fails, in whatever order replicas learn of it.

mod authority;
mod certificate;
mod error;
mod files;
mod leaf;
mod plan;
mod renew;
mod secret;
mod stored;
mod switch;
mod trust;

pub use authority::Authority;
pub use certificate::{Certificate, parse_bundle, print_bundle, read_bundle};
pub use error::CertificateError;
pub use files::Files;
pub use leaf::{Leaf, Pair};
pub use plan::{Action, Facts, Lifetimes, plan};
pub use renew::renew;
pub use secret::{read_secret, secret};
pub use stored::Stored;
pub use switch::Switch;
pub use trust::{Distrust, trust};

/// What may be served now, and who vouches for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The certificate with its key.
    pub leaf: Leaf,
    /// The authorities that a client must trust, the newest first; none when only others know them.
    pub authorities: Vec<Certificate>,
}
