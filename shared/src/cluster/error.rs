//! Why a cluster could not be asked, in kubectl's words.

use http::{HeaderMap, StatusCode};

use super::{kubeconfig::ConfigError, status::ApiStatus};
use crate::model::{Skipped, discovery::UnknownType};

/// Why something could not be read from a cluster. `Display` gives the sentence; [`Error::to_kubectl`] the line that
/// kubectl would print.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The kubeconfig, or the flags over it, do not say how to connect.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The server answered with a failure.
    #[error("{0}")]
    Api(Box<ApiStatus>),
    /// Nothing listens where the server should be.
    #[error("dial tcp {host}: connect: connection refused")]
    Refused {
        /// Host and port.
        host: String,
    },
    /// The server could not be reached, or not be trusted.
    #[error("{0}")]
    Unreachable(String),
    /// No answer in time.
    #[error("{0}")]
    Timeout(String),
    /// An answer that can't be understood.
    #[error("the answer to {path} can't be read: {message}")]
    Decode {
        /// What was asked for.
        path: String,
        /// Why it can't be read.
        message: String,
    },
    /// A type that the server doesn't have.
    #[error(transparent)]
    UnknownType(#[from] UnknownType),
    /// A request that can't be made.
    #[error("{0}")]
    Request(String),
}

impl Error {
    /// The failure that an answer with this head and body reports.
    pub fn from_status(code: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        ApiStatus::from_response(code, headers, body).into()
    }

    /// An answer to `path` that can't be understood.
    #[expect(clippy::needless_pass_by_value, reason = "callers hand their error over and are done with it")]
    pub fn decode(path: impl Into<String>, why: impl ToString) -> Self {
        Self::Decode { path: path.into(), message: why.to_string() }
    }

    /// What the server said, when it was the server.
    pub fn status(&self) -> Option<&ApiStatus> {
        match self {
            Self::Api(status) => Some(status),
            _ => None,
        }
    }

    /// Whether the list or watch must begin anew.
    pub fn is_expired(&self) -> bool {
        self.status().is_some_and(ApiStatus::is_expired)
    }

    /// The line that kubectl prints, `error: ` in front included where kubectl has it.
    pub fn to_kubectl(&self) -> String {
        match self {
            Self::Api(status) => status.to_kubectl(),
            Self::Config(error) => error.to_kubectl(),
            Self::Refused { host } => {
                format!(
                    "The connection to the server {host} was refused - did you specify the right host or port?"
                )
            }
            Self::Unreachable(message) | Self::Timeout(message) => {
                format!("Unable to connect to the server: {message}")
            }
            Self::Decode { .. } | Self::UnknownType(_) | Self::Request(_) => format!("error: {self}"),
        }
    }

    /// The one word for programs.
    pub fn reason(&self) -> SkipReason {
        match self {
            Self::Api(status) => SkipReason::from_code(status.code),
            Self::Refused { .. } | Self::Unreachable(_) => SkipReason::Unreachable,
            Self::Timeout(_) => SkipReason::Timeout,
            Self::Decode { .. } => SkipReason::Decode,
            Self::UnknownType(_) => SkipReason::NotFound,
            Self::Config(_) | Self::Request(_) => SkipReason::Invalid,
        }
    }

    /// The record that `resource` could not be read because of this.
    pub fn skipped(&self, resource: impl Into<String>, namespace: Option<&str>) -> Skipped {
        Skipped {
            resource: resource.into(),
            namespace: namespace.map(str::to_owned),
            reason: self.reason().as_str().to_owned(),
            message: self.to_string(),
        }
    }
}

impl From<&Skipped> for Error {
    /// Of what was skipped, why: when it turns out that nothing can be said without it.
    fn from(skipped: &Skipped) -> Self {
        let Skipped { reason, message, .. } = skipped;
        let (code, reason) = match reason.as_str() {
            "Timeout" => return Self::Timeout(message.clone()),
            "Unreachable" => return Self::Unreachable(message.clone()),
            "Unauthorized" => (401, "Unauthorized"),
            "Forbidden" => (403, "Forbidden"),
            "NotFound" => (404, "NotFound"),
            "TooManyRequests" => (429, "TooManyRequests"),
            "Unavailable" => (503, "ServiceUnavailable"),
            _ => return Self::Request(message.clone()),
        };
        ApiStatus::from_event(code, reason, message).into()
    }
}

impl From<ApiStatus> for Error {
    fn from(status: ApiStatus) -> Self {
        Self::Api(Box::new(status))
    }
}

/// Why something is missing from a result: the word in `skipped`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkipReason {
    /// The user may not read it.
    Forbidden,
    /// The server does not know who asks.
    Unauthorized,
    /// The server does not have it.
    NotFound,
    /// The server, or the one behind it, can't answer now.
    Unavailable,
    /// The server asks for fewer requests.
    TooManyRequests,
    /// No answer in time.
    Timeout,
    /// The server could not be reached.
    Unreachable,
    /// The answer can't be understood.
    Decode,
    /// What was asked makes no sense.
    Invalid,
}

impl SkipReason {
    /// The word as it is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Forbidden => "Forbidden",
            Self::Unauthorized => "Unauthorized",
            Self::NotFound => "NotFound",
            Self::Unavailable => "Unavailable",
            Self::TooManyRequests => "TooManyRequests",
            Self::Timeout => "Timeout",
            Self::Unreachable => "Unreachable",
            Self::Decode => "Decode",
            Self::Invalid => "Invalid",
        }
    }

    fn from_code(code: u16) -> Self {
        match code {
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 | 405 => Self::NotFound,
            429 => Self::TooManyRequests,
            408 | 504 => Self::Timeout,
            400..500 => Self::Invalid,
            _ => Self::Unavailable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_kubectls() {
        let refused = Error::Refused { host: "127.0.0.1:1".into() };
        assert_eq!(
            refused.to_kubectl(),
            "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?"
        );
        assert_eq!(Error::Unreachable("EOF".into()).to_kubectl(), "Unable to connect to the server: EOF");
        let unknown = Error::from(UnknownType { name: "foo".into() });
        assert_eq!(unknown.to_kubectl(), r#"error: the server doesn't have a resource type "foo""#);
    }

    #[test]
    fn a_skipped_record_keeps_the_servers_words() {
        let body = br#"{"kind":"Status","message":"secrets is forbidden: User \"joe\" cannot list","reason":"Forbidden"}"#;
        let skipped = Error::from_status(StatusCode::FORBIDDEN, &HeaderMap::new(), body)
            .skipped("secrets", Some("shop"));
        assert_eq!(skipped.reason, "Forbidden");
        assert_eq!(skipped.message, r#"secrets is forbidden: User "joe" cannot list"#);
        let line = r#"Error from server (Forbidden): secrets is forbidden: User "joe" cannot list"#;
        assert_eq!(Error::from(&skipped).to_kubectl(), line);
    }
}
