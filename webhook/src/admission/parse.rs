//! Bytes to a request, or why not.

use serde::Deserialize;
use serde::de::Error;

use super::strict::object;
use super::{API_VERSION, Operation, Request, Text, depth};

/// How deeply a review may be nested. serde_json reads no deeper, so that whoever reads an object of a review that is
/// within this limit never fails for that reason.
pub const MAX_DEPTH: usize = 127;

/// Why bytes are no review that can be judged. The text goes back to the API server, which shows it to its operator.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Not text at all.
    #[error("the body is not UTF-8 (at byte {at})")]
    Utf8 {
        /// The first byte that is not.
        at: usize,
    },
    /// Nested too deeply.
    #[error("the body is nested deeper than {MAX_DEPTH} levels")]
    Depth,
    /// Broken, or a value of the wrong type.
    #[error("the body is not an AdmissionReview: {0}")]
    Json(#[source] serde_json::Error),
    /// Another kind or version.
    #[error(
        "expected apiVersion {API_VERSION}, kind AdmissionReview; got apiVersion {api_version:?}, kind {kind:?} \
         (list only \"v1\" in admissionReviewVersions)"
    )]
    Version {
        /// What it says it is.
        api_version: String,
        /// Of which kind.
        kind: String,
    },
    /// An answer, or nothing.
    #[error("the AdmissionReview has no request")]
    NoRequest,
    /// A request that nothing can be answered to.
    #[error("the request has no {0}")]
    Missing(&'static str),
    /// Something that must be an object.
    #[error("the request's {0} is not an object")]
    NotAnObject(&'static str),
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Review<'a> {
    #[serde(borrow)]
    api_version: Text<'a>,
    #[serde(borrow)]
    kind: Text<'a>,
    #[serde(borrow, deserialize_with = "object")]
    request: Option<Request<'a>>,
}

/// A review of which only the version is looked at.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Versioned<'a> {
    #[serde(borrow)]
    api_version: Text<'a>,
    #[serde(borrow)]
    kind: Text<'a>,
}

/// The request in the body of a call. It borrows from the body.
pub fn parse(body: &[u8]) -> Result<Request<'_>, Unreadable> {
    let text = std::str::from_utf8(body).map_err(|error| Unreadable::Utf8 { at: error.valid_up_to() })?;
    if depth::deeper_than(text, MAX_DEPTH) {
        return Err(Unreadable::Depth);
    }
    let review: Review<'_> = read(text).map_err(|error| misread(text, error))?;
    expect_version(&review.api_version, &review.kind)?;
    let request = review.request.ok_or(Unreadable::NoRequest)?;
    check(&request)?;
    Ok(request)
}

/// Reads an object; nothing but white space may follow.
fn read<'a, T: Deserialize<'a>>(text: &'a str) -> serde_json::Result<T> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = object(&mut reader)?.ok_or_else(|| serde_json::Error::custom("null"))?;
    reader.end()?;
    Ok(value)
}

fn expect_version(api_version: &Text<'_>, kind: &Text<'_>) -> Result<(), Unreadable> {
    if *api_version == API_VERSION && *kind == "AdmissionReview" {
        return Ok(());
    }
    let cut = |text: &Text<'_>| text.chars().take(100).collect();
    Err(Unreadable::Version { api_version: cut(api_version), kind: cut(kind) })
}

/// What is wrong with a text that is no review: where it is another version, that and not what is odd in it.
fn misread(text: &str, error: serde_json::Error) -> Unreadable {
    let other = read::<Versioned<'_>>(text).ok();
    let other = other.and_then(|other| expect_version(&other.api_version, &other.kind).err());
    other.unwrap_or(Unreadable::Json(error))
}

/// What every operation must bring, so that no judge sees less than it must and lets it pass.
fn check(request: &Request<'_>) -> Result<(), Unreadable> {
    for (name, text) in
        [("uid", &request.uid), ("kind", &request.kind.kind), ("resource", &request.resource.resource)]
    {
        if text.is_empty() {
            return Err(Unreadable::Missing(name));
        }
    }
    let objects = [
        ("object", request.object),
        ("oldObject", request.old_object),
        ("options", request.options),
        ("userInfo.extra", request.user_info.extra),
    ];
    for (name, object) in objects {
        if object.is_some_and(|object| !object.is_object()) {
            return Err(Unreadable::NotAnObject(name));
        }
    }
    let needs: &[&str] = match request.operation {
        Operation::Create => &["object"],
        Operation::Update => &["object", "oldObject"],
        Operation::Delete => &["oldObject"],
        // What is connected to may have no options.
        Operation::Connect => &[],
    };
    for (name, object) in objects {
        if needs.contains(&name) && object.is_none() {
            return Err(Unreadable::Missing(name));
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
