//! Does what a plan says.

use jiff::Timestamp;

use super::{Action, Authority, CertificateError, Leaf, Lifetimes, Stored};

/// `stored` after these actions.
pub fn renew(
    mut stored: Stored,
    actions: Vec<Action>,
    names: &[String],
    lifetimes: &Lifetimes,
    now: Timestamp,
) -> Result<Stored, CertificateError> {
    for action in actions {
        match action {
            Action::MakeAuthority { kept } => {
                let authority = Authority::generate(now, lifetimes.authority)?;
                stored.authorities = std::iter::once(authority.certificate().clone()).chain(kept).collect();
                stored.signer = Some(authority);
            }
            Action::SignLeaf => {
                if let Some(signer) = &stored.signer {
                    stored.leaf = Some(Leaf::new(signer.sign(names, now, lifetimes.leaf)?)?);
                }
            }
            Action::KeepAuthorities(kept) => stored.authorities = kept,
        }
    }
    Ok(stored)
}
