//! Calls that are not answered with a review: the status says whether it is any use to come again.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;

use super::gate::Shed;
use crate::admission::Unreadable;

/// Bytes of the text: an API server reads no more than 2 KiB before it tries again on the same connection.
const TEXT: usize = 1024;

/// Why a call gets no review. It fails then, and the configuration's failurePolicy decides: nothing here is an allow,
/// and nothing is a denial.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// Nothing is there.
    #[error("nothing is served at this path; the webhook is at /validate")]
    NotFound,
    /// Reviews are posted.
    #[error("an AdmissionReview is sent by POST")]
    Method,
    /// Not JSON, or packed.
    #[error("expected {expected}, got {got:?}")]
    MediaType {
        /// What is understood.
        expected: &'static str,
        /// What came.
        got: String,
    },
    /// More than may be.
    #[error("the body has more than {limit} bytes, which --max-body allows")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// It did not come in time.
    #[error("the body did not arrive in time")]
    Slow,
    /// It broke off.
    #[error("the body broke off: {0}")]
    Broken(String),
    /// No review.
    #[error("{0}")]
    Unreadable(#[from] Unreadable),
    /// An object in it that can't be read.
    #[error("an object of the request can't be read: {0}")]
    Object(serde_json::Error),
    /// No turn.
    #[error("{}", match .0 {
        Shed::Full => "too many requests are waiting",
        Shed::Late => "the request could not be judged in time",
    })]
    Shed(Shed),
    /// No room for the body.
    #[error("too many large bodies are in memory")]
    OutOfMemory,
    /// On the way out.
    #[error("the server is shutting down")]
    Closing,
    /// The API server's timeout is about to pass.
    #[error("the request was not judged within the time that the API server gives")]
    OutOfTime,
    /// A judge that can't say yet.
    #[error("{0}")]
    Later(String),
    /// A defect.
    #[error("{0}")]
    Internal(String),
}

impl Refusal {
    /// The word in metrics.
    pub(super) const fn as_str(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Method => "method",
            Self::MediaType { .. } => "media-type",
            Self::TooLarge { .. } => "too-large",
            Self::Slow => "slow-body",
            Self::Broken(_) => "broken-body",
            Self::Unreadable(_) | Self::Object(_) => "unreadable",
            Self::Shed(Shed::Full) => "queue-full",
            Self::Shed(Shed::Late) => "queue-late",
            Self::OutOfMemory => "body-memory",
            Self::Closing => "closing",
            Self::OutOfTime => "out-of-time",
            Self::Later(_) => "later",
            Self::Internal(_) => "internal",
        }
    }

    const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::MediaType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken(_) | Self::Unreadable(_) | Self::Object(_) => StatusCode::BAD_REQUEST,
            Self::Shed(_) | Self::OutOfMemory | Self::Closing | Self::Later(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::OutOfTime => StatusCode::GATEWAY_TIMEOUT,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Whether what is left of the call must not be read.
    const fn ends_connection(&self) -> bool {
        matches!(self, Self::TooLarge { .. } | Self::Slow | Self::Broken(_) | Self::Closing)
    }

    /// The answer. API servers obey `Retry-After` on a 503, up to ten times within the webhook's timeout: after a second
    /// where this server is busy, at once where it is on its way out and a new connection finds another.
    pub(super) fn response(&self, draining: bool) -> Response<Full<Bytes>> {
        let mut text: String = self.to_string().chars().take(TEXT / 4).collect();
        text.push('\n');
        let mut response = Response::new(Full::new(Bytes::from(text)));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            let after = if draining { "0" } else { "1" };
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(after));
        }
        if matches!(self, Self::Method) {
            headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
        }
        if self.ends_connection() {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}
