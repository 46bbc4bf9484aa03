//! Whether a client that knows certain authorities would trust a server's certificate.

use std::sync::Arc;

use jiff::Timestamp;
use rustls::{
    RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::ring,
    pki_types::{CertificateDer, ServerName, UnixTime},
};

use super::Certificate;

/// Why a client would hang up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    /// There is nothing to look at.
    #[error("no certificate is served")]
    NoCertificate,
    /// The client knows no authority.
    #[error("caBundle is empty")]
    NoAuthority,
    /// The client says no.
    #[error("not trusted as {name}: {why}")]
    Refused {
        /// The name that the client calls.
        name: String,
        /// The TLS library's reason.
        why: String,
    },
}

/// Checks a server's certificates as the API server does: signed by one of the authorities, good now, and for all these
/// names or addresses.
pub fn trust(
    chain: &[Certificate],
    authorities: &[Certificate],
    names: &[String],
    now: Timestamp,
) -> Result<(), Distrust> {
    let (leaf, intermediates) = chain.split_first().ok_or(Distrust::NoCertificate)?;
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(authorities.iter().map(|authority| authority.der().clone()));
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::new(ring::default_provider()))
            .build()
            .map_err(|_| Distrust::NoAuthority)?;
    let intermediates: Vec<CertificateDer<'_>> =
        intermediates.iter().map(|certificate| certificate.der().clone()).collect();
    let since_epoch = now.as_duration().try_into().unwrap_or_default();
    let now = UnixTime::since_unix_epoch(since_epoch);
    for name in names {
        let refused = |why: String| Distrust::Refused { name: name.clone(), why };
        let server = ServerName::try_from(name.as_str()).map_err(|error| refused(error.to_string()))?;
        verifier
            .verify_server_cert(leaf.der(), &intermediates, &server, &[], now)
            .map_err(|error| refused(error.to_string()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::certificates::{Authority, Leaf};

    const DAY: Duration = Duration::from_secs(86_400);

    #[test]
    fn trust_needs_the_authority_the_time_and_the_name() {
        let now: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
        let [ours, other] = [0, 1].map(|_| Authority::generate(now, 100 * DAY).unwrap());
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let leaf = Leaf::new(ours.sign(&names(&["a.b.svc", "127.0.0.1"]), now, DAY).unwrap()).unwrap();
        let [ours, other] = [ours, other].map(|authority| authority.certificate().clone());
        let both = [other.clone(), ours.clone()];
        let look = |authorities: &[Certificate], wanted: &[&str], days: u32| {
            trust(leaf.chain(), authorities, &names(wanted), now + days * DAY)
        };

        assert_eq!(look(&both, &["a.b.svc", "127.0.0.1"], 0), Ok(()));
        assert_eq!(look(&[], &["a.b.svc"], 0), Err(Distrust::NoAuthority));
        for (wrong, authorities, name, days) in [
            ("UnknownIssuer", &[other][..], "a.b.svc", 0),
            ("expired", &[ours][..], "a.b.svc", 2),
            ("not valid for name", &both[..], "c.b.svc", 0),
            ("not valid for name", &both[..], "127.0.0.2", 0),
        ] {
            let Err(Distrust::Refused { name: about, why }) = look(authorities, &[name], days) else {
                panic!("{wrong} was trusted");
            };
            assert_eq!(about, name);
            assert!(why.contains(wrong), "{why:?} should say {wrong:?}");
        }
        assert_eq!(trust(&[], &both, &[], now), Err(Distrust::NoCertificate));
    }
}
