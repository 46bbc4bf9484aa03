//! What the Secret holds of an authority of our own.

use super::{Authority, Certificate, Leaf, Offer};

/// Authorities and the certificate that one of them signed.
#[derive(Debug, Default)]
pub struct Stored {
    /// The authorities that clients are to trust, the newest first: it is the one that signs.
    pub authorities: Vec<Certificate>,
    /// The newest authority with its key; none when the key is lost or another's.
    pub signer: Option<Authority>,
    /// What is served.
    pub leaf: Option<Leaf>,
}

impl Stored {
    /// What replicas may serve, once it is complete.
    pub fn offer(&self) -> Option<Offer> {
        let leaf = self.leaf.clone()?;
        Some(Offer { leaf, authorities: self.authorities.clone() })
    }
}
