//! Certificates in configuration: whom they are of, and when they end.

use x509_parser::pem::Pem;

use crate::model::Time;

/// A certificate of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Certificate {
    /// `CN=webhook`.
    pub(crate) subject: String,
    /// The last moment that it is good for.
    pub(crate) not_after: Time,
}

/// The certificates of a bundle in PEM that can be read.
pub(crate) fn read(bundle: &[u8]) -> Vec<Certificate> {
    let blocks = Pem::iter_from_buffer(bundle).filter_map(Result::ok);
    let certificates = blocks.filter(|block| block.label == "CERTIFICATE");
    let read = |block: Pem| {
        let certificate = block.parse_x509().ok()?;
        let seconds = certificate.validity().not_after.timestamp();
        Some(Certificate {
            subject: certificate.subject().to_string(),
            not_after: Time { seconds, nanos: 0 },
        })
    };
    certificates.filter_map(read).collect()
}

/// The certificate of a bundle that is good for the longest.
pub(crate) fn last(bundle: &[u8]) -> Option<Certificate> {
    read(bundle).into_iter().max_by_key(|certificate| certificate.not_after)
}

/// The day of a time, as 2026-11-28.
pub(crate) fn day(time: Time) -> String {
    let time = jiff::Timestamp::new(time.seconds, 0).unwrap_or(jiff::Timestamp::MAX);
    time.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_is_none() {
        for text in [
            "",
            "none",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----",
        ] {
            assert_eq!(read(text.as_bytes()), [], "{text}");
        }
    }
}
