//! The review that goes back.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{API_VERSION, Decision, Verdict, annotations, warnings, warnings::cut};

/// Characters of a denial. It stands in the user's terminal and in events, which hold 1024 of it.
const MESSAGE: usize = 8192;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Review<'a> {
    api_version: &'static str,
    kind: &'static str,
    response: Response<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response<'a> {
    uid: &'a str,
    allowed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    audit_annotations: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Status {
    code: u16,
    reason: &'static str,
    message: String,
}

/// The answer to the request with this uid, within the API server's limits. It never repeats the request.
pub fn answer(uid: &str, decision: &Decision) -> serde_json::Result<Vec<u8>> {
    let status = match &decision.verdict {
        Verdict::Allowed => None,
        Verdict::Denied { code, message } => Some(status(*code, message)),
    };
    let response = Response {
        uid,
        allowed: decision.is_allowed(),
        status,
        warnings: warnings(&decision.warnings),
        audit_annotations: annotations(&decision.audit_annotations),
    };
    serde_json::to_vec(&Review { api_version: API_VERSION, kind: "AdmissionReview", response })
}

/// A status of a code that is one of a denial: others the API server turns into 400.
fn status(code: u16, message: &str) -> Status {
    let (code, reason) = match code {
        400 => (400, "BadRequest"),
        409 => (409, "Conflict"),
        422 => (422, "Invalid"),
        429 => (429, "TooManyRequests"),
        _ => (403, "Forbidden"),
    };
    let lines: Vec<_> = message.lines().map(passmuster::text::neutral).collect();
    let message = cut(lines.join("\n").trim(), MESSAGE);
    Status { code, reason, message }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn sent(decision: &Decision) -> Value {
        serde_json::from_slice(&answer("u-1", decision).unwrap()).unwrap()
    }

    #[test]
    fn an_allow_says_no_more_than_it_must() {
        assert_eq!(
            sent(&Decision::allowed()),
            json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
                "response": {"uid": "u-1", "allowed": true}})
        );
    }

    #[test]
    fn a_denial_has_a_status() {
        let decision = Decision::forbidden("a\nb\u{1b}[0m").warn("w").note("mode", "enforce");
        assert_eq!(
            sent(&decision)["response"],
            json!({"uid": "u-1", "allowed": false, "warnings": ["w"], "auditAnnotations": {"mode": "enforce"},
                "status": {"code": 403, "reason": "Forbidden", "message": "a\nb^[[0m"}})
        );
    }

    #[test]
    fn a_code_that_is_no_denial_is_forbidden() {
        for (code, sent_code) in [(0, 403), (200, 403), (302, 403), (500, 403), (422, 422), (403, 403)] {
            let verdict = Verdict::Denied { code, message: "no".to_owned() };
            let decision = Decision { verdict, ..Decision::allowed() };
            assert_eq!(sent(&decision)["response"]["status"]["code"], sent_code, "{code}");
        }
    }

    #[test]
    fn a_long_message_is_cut() {
        let decision = Decision::forbidden("ä".repeat(100_000));
        let answer = sent(&decision);
        let message = answer["response"]["status"]["message"].as_str().unwrap();
        assert_eq!(message.chars().count(), MESSAGE);
        assert!(message.ends_with('…'));
    }
}
