//! What an API server answers when it does not do what it was asked.

use std::{fmt, time::Duration};

use http::{HeaderMap, StatusCode, header::RETRY_AFTER};
use serde::Deserialize;

use super::wire;

/// A failure that the server reports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApiStatus {
    /// HTTP status code.
    pub code: u16,
    /// Kubernetes' word for it, as in `NotFound`; empty when the server has none.
    pub reason: String,
    /// The server's sentence, or Kubernetes' usual one where the server had none.
    pub message: String,
    /// How long the server asks to wait.
    pub retry_after: Option<Duration>,
}

/// The part of `metav1.Status` that is read.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Wire {
    kind: String,
    message: String,
    reason: String,
    details: Option<Details>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Details {
    retry_after_seconds: Option<u64>,
}

impl Wire {
    /// A failure comes in the encoding that was asked for, protobuf or JSON; from a proxy in neither.
    fn read(body: &[u8]) -> Self {
        if let Some(status) = wire::status(body) {
            return Self {
                kind: "Status".into(),
                message: status.message,
                reason: status.reason,
                details: None,
            };
        }
        serde_json::from_slice::<Self>(body).ok().filter(|wire| wire.kind == "Status").unwrap_or_default()
    }
}

impl ApiStatus {
    /// Reads an answer that is not a success: a `Status` object, or whatever a proxy on the way wrote.
    pub fn from_response(code: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let wire = Wire::read(body);
        let header = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let (reason, message) = usual(code, body);
        Self {
            code: code.as_u16(),
            reason: if wire.reason.is_empty() && wire.message.is_empty() {
                reason.into()
            } else {
                wire.reason
            },
            message: if wire.message.is_empty() { message } else { wire.message },
            retry_after: wire
                .details
                .and_then(|details| details.retry_after_seconds)
                .or(header)
                .map(Duration::from_secs),
        }
    }

    /// The status inside a watch's `ERROR` event.
    pub fn from_event(code: u16, reason: &str, message: &str) -> Self {
        Self { code, reason: reason.into(), message: message.into(), retry_after: None }
    }

    /// Whether the list that was being read, or the version watched from, is too old to go on with.
    pub fn is_expired(&self) -> bool {
        self.code == 410 || self.reason == "Expired" || self.reason == "Gone"
    }

    /// The line that kubectl prints.
    pub fn to_kubectl(&self) -> String {
        match self.reason.as_str() {
            "Unauthorized" => format!("error: You must be logged in to the server ({})", self.message),
            "" => format!("Error from server: {}", self.message),
            reason => format!("Error from server ({reason}): {}", self.message),
        }
    }
}

impl fmt::Display for ApiStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Reason and sentence of client-go (`NewGenericServerResponse`) for an answer without a `Status`.
fn usual(code: StatusCode, body: &[u8]) -> (&'static str, String) {
    let (reason, message) = match code.as_u16() {
        400 => ("BadRequest", "the server rejected our request for an unknown reason"),
        401 => ("Unauthorized", "the server has asked for the client to provide credentials"),
        403 => ("Forbidden", "the server does not allow access to the requested resource"),
        404 => ("NotFound", "the server could not find the requested resource"),
        405 => ("MethodNotAllowed", "the server does not allow this method on the requested resource"),
        406 => {
            ("NotAcceptable", "the server was unable to respond with a content type that the client supports")
        }
        409 => ("Conflict", "the server reported a conflict"),
        410 => ("Gone", "the requested resource is no longer available"),
        415 => ("UnsupportedMediaType", "the server was unable to process the request body"),
        422 => ("Invalid", "the server rejected our request due to an error in our request"),
        429 => (
            "TooManyRequests",
            "the server has received too many requests and has asked us to try again later",
        ),
        503 => ("ServiceUnavailable", "the server is currently unable to handle the request"),
        504 => (
            "Timeout",
            "the server was unable to return a response in the time allotted, but may still be processing the request",
        ),
        code if code >= 500 => {
            let text: String = String::from_utf8_lossy(body).trim().chars().take(512).collect();
            let message =
                format!("an error on the server ({text:?}) has prevented the request from succeeding");
            return ("InternalError", message);
        }
        code => {
            return (
                "",
                format!(
                    "the server responded with the status code {code} but did not return more information"
                ),
            );
        }
    };
    (reason, message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(code: u16, body: &str) -> ApiStatus {
        ApiStatus::from_response(StatusCode::from_u16(code).unwrap(), &HeaderMap::new(), body.as_bytes())
    }

    #[test]
    fn a_status_object_speaks_for_itself() {
        let body = r#"{"kind":"Status","status":"Failure","message":"pods \"x\" not found","reason":"NotFound","code":404}"#;
        assert_eq!(read(404, body).to_kubectl(), r#"Error from server (NotFound): pods "x" not found"#);
        let body = r#"{"kind":"Status","message":"Unauthorized","reason":"Unauthorized","code":401}"#;
        assert_eq!(read(401, body).to_kubectl(), "error: You must be logged in to the server (Unauthorized)");
        let body = r#"{"kind":"Status","message":"odd"}"#;
        assert_eq!(read(500, body).to_kubectl(), "Error from server: odd");
    }

    #[test]
    fn other_bodies_get_the_usual_words() {
        assert_eq!(
            read(503, "<html>").to_kubectl(),
            "Error from server (ServiceUnavailable): the server is currently unable to handle the request"
        );
        assert_eq!(
            read(502, "bad \u{1b}[31m gateway").to_kubectl(),
            "Error from server (InternalError): an error on the server (\"bad \\u{1b}[31m gateway\") has prevented the \
             request from succeeding"
        );
    }

    #[test]
    fn the_server_may_ask_to_wait() {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, http::HeaderValue::from_static("3"));
        let status = ApiStatus::from_response(StatusCode::TOO_MANY_REQUESTS, &headers, b"");
        assert_eq!(status.retry_after, Some(Duration::from_secs(3)));
    }
}
