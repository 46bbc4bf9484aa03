//! The webhook's own certificate authority.

use std::time::Duration;

use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData,
};
use time::OffsetDateTime;

use super::{Certificate, CertificateError, Pair};

/// How much older than itself a new certificate says it is, for clocks that are behind.
pub(super) const BACKDATED: Duration = Duration::from_secs(3600);

/// An authority with its key: ECDSA on P-256.
pub struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// A new authority, good from now on for `lifetime`.
    pub fn generate(now: Timestamp, lifetime: Duration) -> Result<Self, CertificateError> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate()?;
        // Each has a name of its own, so that a client with two of them knows at once which one signed.
        let id = params.key_identifier(&key);
        let id = id.iter().take(8).fold(0_u64, |id, byte| id << 8 | u64::from(*byte));
        params.distinguished_name.push(DnType::CommonName, format!("passmuster webhook authority {id:016x}"));
        params.not_before = date(now, -seconds(BACKDATED))?;
        params.not_after = date(now, seconds(lifetime))?;
        let certificate = Certificate::from_der(params.self_signed(&key)?.der().clone())?;
        Ok(Self { certificate, issuer: Issuer::new(params, key) })
    }

    /// An authority that was kept.
    pub fn load(certificate: &Certificate, key: &str) -> Result<Self, CertificateError> {
        let key = KeyPair::from_pem(key).map_err(CertificateError::unreadable("the authority's key"))?;
        if key.subject_public_key_info() != certificate.public_key() {
            return Err(CertificateError::OtherKey("the authority"));
        }
        let issuer = Issuer::from_ca_cert_der(certificate.der(), key)?;
        Ok(Self { certificate: certificate.clone(), issuer })
    }

    /// Its certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Its key, PEM.
    pub fn key(&self) -> String {
        self.issuer.key().serialize_pem()
    }

    /// A certificate for a server with these names or addresses, good from now on for `lifetime`, but no longer than
    /// the authority itself.
    pub fn sign(
        &self,
        names: &[String],
        now: Timestamp,
        lifetime: Duration,
    ) -> Result<Pair, CertificateError> {
        let mut params = CertificateParams::new(names)?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        // A common name holds 64 characters; clients read the alternative names only.
        params.distinguished_name.push(DnType::CommonName, "passmuster webhook");
        params.not_before = date(now, -seconds(BACKDATED))?;
        let last = date(self.certificate.not_after, 0)?;
        params.not_after = date(now, seconds(lifetime))?.min(last);
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(Pair { certificates: certificate.pem(), key: key.serialize_pem() })
    }
}

impl std::fmt::Debug for Authority {
    /// Without the key, which must not come into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// A certificate's date: whole seconds.
fn date(from: Timestamp, seconds: i64) -> Result<OffsetDateTime, CertificateError> {
    OffsetDateTime::from_unix_timestamp(from.as_second().saturating_add(seconds))
        .map_err(|error| CertificateError::Time(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    #[test]
    fn an_authority_that_was_kept_signs_as_before() {
        let now: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
        let made = Authority::generate(now, 10 * DAY).unwrap();
        let kept = Authority::load(made.certificate(), &made.key()).unwrap();
        let names = ["a.b.svc".to_owned(), "127.0.0.1".to_owned()];
        let leaf = super::super::Leaf::new(kept.sign(&names, now, DAY).unwrap()).unwrap();
        let good = super::super::trust(leaf.chain(), &[made.certificate().clone()], &names, now);
        assert!(good.is_ok(), "{good:?}");
        assert_eq!(leaf.first().not_after.to_string(), "2026-11-29T12:00:00Z");
        assert_eq!(leaf.first().not_before.to_string(), "2026-11-28T11:00:00Z");
    }

    #[test]
    fn no_certificate_outlives_its_authority() {
        let now: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
        let authority = Authority::generate(now, DAY).unwrap();
        let leaf = authority.sign(&["a".to_owned()], now, 10 * DAY).unwrap();
        let leaf = super::super::Leaf::new(leaf).unwrap();
        assert_eq!(leaf.first().not_after, authority.certificate().not_after);
    }

    #[test]
    fn a_key_of_another_authority_is_refused() {
        let now: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
        let [one, two] = [0, 1].map(|_| Authority::generate(now, DAY).unwrap());
        let refused = Authority::load(one.certificate(), &two.key()).unwrap_err();
        assert_eq!(refused.to_string(), "the key does not belong to the authority");
    }
}
