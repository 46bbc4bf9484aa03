//! How the server is reached, and what happens when it is not.

use std::{collections::BTreeSet, fmt, str::FromStr};

use crate::certificates::Certificate;

/// What becomes of a request when the webhook can't be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailurePolicy {
    /// It is let through.
    #[default]
    Ignore,
    /// It is refused.
    Fail,
}

impl fmt::Display for FailurePolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ignore => "Ignore",
            Self::Fail => "Fail",
        })
    }
}

impl FromStr for FailurePolicy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "Ignore" => Ok(Self::Ignore),
            "Fail" => Ok(Self::Fail),
            _ => Err(format!("{text:?} is neither Ignore nor Fail")),
        }
    }
}

/// Where API servers find the webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Behind a Service.
    Service {
        /// The Service's namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// Its port.
        port: u16,
    },
    /// At an address: `https://HOST:PORT`, without a path.
    Url(String),
}

impl Target {
    /// The names and addresses that a certificate must be good for.
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::Service { namespace, name, .. } => vec![format!("{name}.{namespace}.svc")],
            Self::Url(url) => {
                let uri: Option<http::Uri> = url.parse().ok();
                let host = uri.as_ref().and_then(http::Uri::host).unwrap_or_default();
                // An IPv6 address has brackets in a URL and none in a certificate.
                vec![host.trim_start_matches('[').trim_end_matches(']').to_owned()]
            }
        }
    }
}

/// Which authorities API servers are to trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bundle {
    /// These.
    Given(Vec<Certificate>),
    /// What another writes into the configuration, cert-manager's injector for one: `caBundle` is left as it is.
    Others,
}

/// The object that the configuration ends with: the server's namespace, so that nothing is left that would call a
/// server which is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The namespace.
    pub name: String,
    /// Its uid.
    pub uid: String,
}

/// All that a configuration depends on, besides what is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// The configuration's name.
    pub name: String,
    /// Where API servers find the webhook.
    pub target: Target,
    /// Whom they trust.
    pub bundle: Bundle,
    /// What they do when it does not answer.
    pub failure_policy: FailurePolicy,
    /// How many seconds they wait for an answer: 1 to 30.
    pub timeout_seconds: u8,
    /// Namespaces that are never looked at. The server's own must be among them, or a failed server could keep its own
    /// pods from starting.
    pub excluded_namespaces: BTreeSet<String>,
    /// The user as whom the server itself writes; what it writes is not judged.
    pub user: Option<String>,
    /// What the configuration ends with.
    pub owner: Option<Owner>,
    /// Annotations, sorted by key.
    pub annotations: Vec<(String, String)>,
}

impl Shape {
    /// Namespaces in which the cluster itself lives.
    pub const SYSTEM_NAMESPACES: [&str; 3] = ["kube-node-lease", "kube-public", "kube-system"];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_for_what_is_called() {
        let service = Target::Service { namespace: "b".into(), name: "a".into(), port: 443 };
        assert_eq!(service.names(), ["a.b.svc"]);
        for (url, name) in [
            ("https://127.0.0.1:8443", "127.0.0.1"),
            ("https://[::1]:8443", "::1"),
            ("https://webhook.example.com", "webhook.example.com"),
        ] {
            assert_eq!(Target::Url(url.into()).names(), [name]);
        }
    }
}
