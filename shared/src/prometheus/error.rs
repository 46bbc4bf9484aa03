use std::time::Duration;

use super::Failure;
use crate::{
    cluster::{self, SkipReason},
    model::Skipped,
};

/// Why Prometheus gave no answer: one line, which names its address and never a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The configuration does not say how to ask.
    #[error("Prometheus {url}: {key}: {message}")]
    Target {
        /// The address, as far as it can be read.
        url: String,
        /// The key of the configuration.
        key: String,
        /// What is wrong with it.
        message: String,
    },
    /// It could not be reached, or not be trusted.
    #[error("Prometheus {url} can't be reached: {why}")]
    Unreachable {
        /// The address.
        url: String,
        /// Why.
        why: cluster::Error,
    },
    /// No answer in time.
    #[error("Prometheus {url} gave no answer within {} s", limit.as_secs_f32())]
    Timeout {
        /// The address.
        url: String,
        /// The time that it had.
        limit: Duration,
    },
    /// It does not know who asks, or does not let them.
    #[error(
        "Prometheus {url} answers {code}{message}; check the credentials that the configuration file has for it"
    )]
    Denied {
        /// The address.
        url: String,
        /// HTTP status: 401 or 403.
        code: u16,
        /// What more there is to say, with what sets it apart in front.
        message: String,
    },
    /// It could not evaluate the query.
    #[error("Prometheus {url} answers {code} {}: {}", failure.kind, failure.message)]
    Query {
        /// The address.
        url: String,
        /// HTTP status.
        code: u16,
        /// What it said.
        failure: Failure,
    },
    /// It, or a proxy before it, answered with a failure and did not say more.
    #[error("Prometheus {url} answers {code}{message}")]
    Status {
        /// The address.
        url: String,
        /// HTTP status.
        code: u16,
        /// What more there is to say, with what sets it apart in front; or empty.
        message: String,
    },
    /// The answer is none of Prometheus'.
    #[error("what answers at {url} is not Prometheus: {message}")]
    NotPrometheus {
        /// The address.
        url: String,
        /// What is wrong with the answer.
        message: String,
    },
}

impl Error {
    /// Whether the query was too much, and half of it might not be.
    pub fn is_too_much(&self) -> bool {
        match self {
            Self::Query { code, failure, .. } => {
                // Prometheus, Thanos, Mimir and VictoriaMetrics each have words of their own for their limits.
                let words = [
                    "too many",
                    "exceed",
                    "limit",
                    "maximum",
                    "max-",
                    "timed out",
                    "timeout",
                    "memory",
                    "more than",
                ];
                let message = failure.message.to_ascii_lowercase();
                failure.kind == "timeout" || (*code != 400 && words.iter().any(|word| message.contains(word)))
            }
            Self::Status { code, .. } => matches!(code, 413 | 422 | 504),
            _ => false,
        }
    }

    /// Whether it asks for fewer questions at once.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Query { code: 429, .. } | Self::Status { code: 429, .. })
    }

    /// Whether every other question would fail as well.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Query { .. } | Self::Status { .. })
    }

    /// The one word for programs.
    pub fn reason(&self) -> SkipReason {
        match self {
            Self::Target { .. } => SkipReason::Invalid,
            Self::Unreachable { why, .. } => why.reason(),
            Self::Timeout { .. } => SkipReason::Timeout,
            Self::Denied { code: 401, .. } => SkipReason::Unauthorized,
            Self::Denied { .. } => SkipReason::Forbidden,
            Self::Query { code, failure, .. } => match (failure.kind.as_str(), code) {
                ("timeout", _) => SkipReason::Timeout,
                (_, 429) => SkipReason::TooManyRequests,
                (_, 500..) => SkipReason::Unavailable,
                _ => SkipReason::Invalid,
            },
            Self::Status { code, .. } => match code {
                404 => SkipReason::NotFound,
                429 => SkipReason::TooManyRequests,
                504 => SkipReason::Timeout,
                500.. => SkipReason::Unavailable,
                _ => SkipReason::Invalid,
            },
            Self::NotPrometheus { .. } => SkipReason::Decode,
        }
    }

    /// The record that the peaks, of one namespace or of all, could not be read because of this.
    pub fn skipped(&self, namespace: Option<&str>) -> Skipped {
        Skipped {
            resource: "peaks".to_owned(),
            namespace: namespace.map(str::to_owned),
            reason: self.reason().as_str().to_owned(),
            message: self.to_string(),
        }
    }
}
