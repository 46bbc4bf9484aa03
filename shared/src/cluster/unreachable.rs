//! From what hyper, rustls and the operating system say about a failed connection to what kubectl says.

use std::{error::Error as StdError, io};

use rustls::{CertificateError, pki_types::ServerName};

use super::{
    error::Error,
    kubeconfig::{ConfigError, io_message},
    pool::TimedOut,
};

/// The error in kubectl's words; `host` is the server's host and port.
pub(crate) fn explain(error: &kube::Error, host: &str) -> Error {
    if let kube::Error::Auth(auth) = error {
        return ConfigError::Credentials(auth.to_string()).into();
    }
    // Problems of what the user configured, found when the client was built.
    match error {
        kube::Error::RustlsTls(why) => {
            return ConfigError::Invalid(format!("unable to load client certificate and key: {why}")).into();
        }
        kube::Error::InferKubeconfig(why) => return ConfigError::Invalid(why.to_string()).into(),
        _ => {}
    }
    for cause in causes(error) {
        if let Some(auth) = cause.downcast_ref::<kube::client::AuthError>() {
            return ConfigError::Credentials(auth.to_string()).into();
        }
        if let Some(timeout) = cause.downcast_ref::<TimedOut>() {
            return Error::Timeout(timeout.to_string());
        }
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return Error::Unreachable(tls_message(tls));
        }
        if let Some(io) = cause.downcast_ref::<io::Error>() {
            match io.kind() {
                io::ErrorKind::ConnectionRefused => return Error::Refused { host: host.to_owned() },
                io::ErrorKind::TimedOut => return Error::Timeout(format!("dial tcp {host}: i/o timeout")),
                io::ErrorKind::UnexpectedEof => return Error::Unreachable("EOF".to_owned()),
                io::ErrorKind::ConnectionReset => {
                    return Error::Unreachable(format!("read tcp {host}: read: connection reset by peer"));
                }
                _ if io.get_ref().is_none() || is_lookup(io) => {
                    return Error::Unreachable(dial_message(io, host));
                }
                _ => {}
            }
        }
    }
    let last = causes(error).last().map_or_else(|| error.to_string(), ToString::to_string);
    Error::Unreachable(if last == "connection closed before message completed" {
        "EOF".to_owned()
    } else {
        last
    })
}

/// The error and everything beneath it; `io::Error` hides what it wraps from `source`.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

fn is_lookup(error: &io::Error) -> bool {
    error.to_string().starts_with("failed to lookup address information")
}

fn dial_message(error: &io::Error, host: &str) -> String {
    if is_lookup(error) {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        return format!("dial tcp: lookup {name}: no such host");
    }
    format!("dial tcp {host}: connect: {}", io_message(error))
}

/// Go's `crypto/tls` and `crypto/x509` in rustls' place.
fn tls_message(error: &rustls::Error) -> String {
    let rustls::Error::InvalidCertificate(certificate) = error else {
        return match error {
            rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => {
                "http: server gave HTTP response to HTTPS client".to_owned()
            }
            rustls::Error::AlertReceived(alert) => {
                format!("remote error: tls: {}", words(&format!("{alert:?}")))
            }
            other => format!("tls: {other}"),
        };
    };
    let why = match certificate {
        CertificateError::UnknownIssuer => "certificate signed by unknown authority".to_owned(),
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => {
            "certificate has expired or is not yet valid".to_owned()
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            wrong_name(&expected.to_str(), matches!(expected, ServerName::IpAddress(_)), presented)
        }
        other => other.to_string(),
    };
    format!("tls: failed to verify certificate: x509: {why}")
}

/// Go names the names of the kind that was looked for, and speaks of it differently when there are none.
fn wrong_name(expected: &str, is_address: bool, presented: &[String]) -> String {
    let kind = if is_address { "IpAddress" } else { "DnsName" };
    let names: Vec<&str> =
        presented.iter().filter(|name| name.starts_with(kind)).map(|name| bare_name(name)).collect();
    match (names.is_empty(), is_address) {
        (false, _) => format!("certificate is valid for {}, not {expected}", names.join(", ")),
        (true, true) => {
            format!("cannot validate certificate for {expected} because it doesn't contain any IP SANs")
        }
        (true, false) => format!("certificate is not valid for any names, but wanted to match {expected}"),
    }
}

/// `foo` of rustls' `DnsName("foo")`, `10.0.0.1` of its `IpAddress(10.0.0.1)`.
fn bare_name(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(name);
    inner.trim_matches('"')
}

/// `bad certificate` of `BadCertificate`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> String {
        explain(&kube::Error::Service(cause.into()), "10.0.0.1:6443").to_kubectl()
    }

    fn tls(error: CertificateError) -> String {
        line(io::Error::other(rustls::Error::InvalidCertificate(error)))
    }

    #[test]
    fn sockets() {
        assert_eq!(
            line(io::Error::from_raw_os_error(111)),
            "The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?"
        );
        let unreachable = io::Error::new(io::ErrorKind::HostUnreachable, "No route to host (os error 113)");
        assert!(line(unreachable).starts_with("Unable to connect to the server: "));
        assert_eq!(
            line(io::Error::new(io::ErrorKind::TimedOut, "x")),
            "Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout"
        );
        assert_eq!(
            line(io::Error::from(io::ErrorKind::UnexpectedEof)),
            "Unable to connect to the server: EOF"
        );
        assert_eq!(
            line(io::Error::other("failed to lookup address information: Name or service not known")),
            "Unable to connect to the server: dial tcp: lookup 10.0.0.1: no such host"
        );
    }

    #[test]
    fn certificates() {
        let prefix = "Unable to connect to the server: tls: failed to verify certificate: x509: ";
        let expected = |name: &'static str| ServerName::try_from(name).unwrap();
        let wrong = |name, presented: &[&str]| {
            let presented = presented.iter().map(ToString::to_string).collect();
            tls(CertificateError::NotValidForNameContext { expected: expected(name), presented })
        };
        assert_eq!(
            tls(CertificateError::UnknownIssuer),
            format!("{prefix}certificate signed by unknown authority")
        );
        assert_eq!(
            wrong("foo", &["DnsName(\"b\")", "DnsName(\"a\")", "IpAddress(127.0.0.1)"]),
            format!("{prefix}certificate is valid for b, a, not foo")
        );
        assert_eq!(
            wrong("10.0.0.1", &["DnsName(\"a\")"]),
            format!(
                "{prefix}cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs"
            )
        );
    }
}
