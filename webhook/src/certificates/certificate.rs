//! A certificate, as far as keeping it needs to know.

use std::{fs, path::Path};

use jiff::Timestamp;
use pem::{EncodeConfig, LineEnding, Pem};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use x509_parser::{parse_x509_certificate, time::ASN1Time};

use super::CertificateError;

/// A certificate without its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    der: CertificateDer<'static>,
    public_key: Vec<u8>,
    /// From when it is good.
    pub not_before: Timestamp,
    /// Until when it is good.
    pub not_after: Timestamp,
}

impl Certificate {
    /// Reads one certificate.
    pub fn from_der(der: CertificateDer<'static>) -> Result<Self, CertificateError> {
        let unreadable = CertificateError::unreadable::<String>("a certificate");
        let (public_key, not_before, not_after) = match parse_x509_certificate(&der) {
            Ok((_, parsed)) => {
                let validity = parsed.validity();
                (parsed.public_key().raw.to_vec(), moment(validity.not_before)?, moment(validity.not_after)?)
            }
            Err(error) => return Err(unreadable(error.to_string())),
        };
        Ok(Self { der, public_key, not_before, not_after })
    }

    /// As TLS wants it.
    pub fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    /// The public key with its algorithm, DER.
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// Whether it is good at a time.
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.not_before <= now && now <= self.not_after
    }

    /// As files and `caBundle` hold it.
    pub fn pem(&self) -> String {
        let block = Pem::new("CERTIFICATE", self.der.to_vec());
        pem::encode_config(&block, EncodeConfig::new().set_line_ending(LineEnding::LF))
    }
}

/// All certificates of a text, as it orders them; other blocks and remarks between them are passed over.
pub fn parse_bundle(text: &[u8]) -> Result<Vec<Certificate>, CertificateError> {
    CertificateDer::pem_slice_iter(text)
        .map(|der| {
            let unreadable = CertificateError::unreadable::<rustls::pki_types::pem::Error>("a certificate");
            Certificate::from_der(der.map_err(unreadable)?)
        })
        .collect()
}

/// All certificates of a file, of which there must be one at least.
pub fn read_bundle(path: &Path) -> Result<Vec<Certificate>, CertificateError> {
    let certificates = parse_bundle(&fs::read(path).map_err(CertificateError::file(path))?)?;
    if certificates.is_empty() { Err(CertificateError::Empty("the file")) } else { Ok(certificates) }
}

/// Certificates as one text.
pub fn print_bundle(certificates: &[Certificate]) -> String {
    certificates.iter().map(Certificate::pem).collect()
}

fn moment(time: ASN1Time) -> Result<Timestamp, CertificateError> {
    // A certificate may be good until the year 9999, where the last day is more than a time stamp can hold.
    let seconds = time.timestamp().clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    Timestamp::from_second(seconds).map_err(|error| CertificateError::Time(error.to_string()))
}
