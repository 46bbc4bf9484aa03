//! The HTTP API of one Prometheus.

use std::{fmt, time::Duration};

use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use kube::client::Body;
use serde::{Deserialize, de::DeserializeOwned};

use super::{Answer, Error, Failure, Target, Value, answer, signing};
use crate::cluster::{Env, encode, explain, http_client};

/// What [`Target`] says of both when it says nothing.
const CONCURRENCY: usize = 4;
const NAMESPACES: usize = 20;
/// An answer that is larger is none that was asked for.
const LARGEST: usize = 256 << 20;

/// Asks one Prometheus.
#[derive(Clone)]
pub struct Client {
    http: kube::Client,
    target: Target,
    /// The address for messages.
    url: String,
    host: String,
    limit: Duration,
}

/// Which Prometheus it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct BuildInfo {
    /// Its version.
    pub version: String,
}

impl Client {
    /// A client for a target. Nothing is sent yet. Must be called within a tokio runtime, and used in the same.
    pub fn new(target: &Target, env: &Env) -> Result<Self, Error> {
        let url = signing::shown(target.url.trim());
        let wrong = |problem: super::Problem| Error::Target {
            url: url.clone(),
            key: problem.key,
            message: problem.message,
        };
        let config = signing::config(target, env).map_err(wrong)?;
        let host = config.cluster_url.authority().map(ToString::to_string).unwrap_or_default();
        let http = http_client(&config, false)
            .map_err(|error| Error::Unreachable { url: url.clone(), why: explain(&error, &host) })?;
        let limit = target.limit().unwrap_or_default();
        Ok(Self { http, target: target.clone(), url, host, limit })
    }

    /// What it was made for.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The address, as messages have it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How many queries run at once.
    pub(super) fn concurrency(&self) -> usize {
        self.target.concurrency.map_or(CONCURRENCY, |count| count.get() as usize)
    }

    /// How many namespaces one query asks for.
    pub(super) fn namespaces_per_query(&self) -> usize {
        self.target.max_namespaces_per_query.map_or(NAMESPACES, |count| count.get() as usize)
    }

    /// Evaluates a query at one moment, in seconds since the epoch.
    pub async fn query(&self, promql: &str, at: i64) -> Result<Answer<Value>, Error> {
        let at = at.to_string();
        self.post("query", &[("query", promql), ("time", &at), ("timeout", &self.patience())]).await
    }

    /// Evaluates a query from one moment to another, every `step` seconds.
    pub async fn query_range(
        &self,
        promql: &str,
        from: i64,
        to: i64,
        step: u32,
    ) -> Result<Answer<Value>, Error> {
        let (from, to, step) = (from.to_string(), to.to_string(), step.to_string());
        let form = [
            ("query", promql),
            ("start", &from),
            ("end", &to),
            ("step", &step),
            ("timeout", &self.patience()),
        ];
        self.post("query_range", &form).await
    }

    /// The names of all labels that series have which one of these selectors picks.
    pub async fn labels(&self, selectors: &[&str], from: i64, to: i64) -> Result<Answer<Vec<String>>, Error> {
        let (from, to) = (from.to_string(), to.to_string());
        let mut form = vec![("start", from.as_str()), ("end", &to)];
        form.extend(selectors.iter().map(|selector| ("match[]", *selector)));
        self.post("labels", &form).await
    }

    /// The values of a label of all series that one of these selectors picks.
    pub async fn label_values(
        &self,
        label: &str,
        selectors: &[&str],
        from: i64,
        to: i64,
    ) -> Result<Answer<Vec<String>>, Error> {
        let (from, to) = (from.to_string(), to.to_string());
        let mut form = vec![("start", from.as_str()), ("end", &to)];
        form.extend(selectors.iter().map(|selector| ("match[]", *selector)));
        self.get(&format!("label/{}/values?{}", encode(label), encoded(&form))).await
    }

    /// Its version.
    pub async fn build_info(&self) -> Result<Answer<BuildInfo>, Error> {
        self.get("status/buildinfo").await
    }

    /// What the server is told to take at most: less than this side waits, so that it is the server that says so.
    fn patience(&self) -> String {
        format!("{}ms", self.limit.as_millis() * 9 / 10)
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<Answer<T>, Error> {
        self.send(Request::get(format!("/api/v1/{path}")), String::new()).await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, form: &[(&str, &str)]) -> Result<Answer<T>, Error> {
        let request = Request::post(format!("/api/v1/{path}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, encoded(form)).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        request: http::request::Builder,
        body: String,
    ) -> Result<Answer<T>, Error> {
        tracing::debug!(url = self.url, query = body, "asking Prometheus");
        let request = request
            .header(header::ACCEPT, "application/json")
            .body(Body::from(body.into_bytes()))
            .map_err(|error| self.not_prometheus(error.to_string()))?;
        let whole = async {
            let (head, mut body) =
                self.http.send(request).await.map_err(|error| self.unreachable(&error))?.into_parts();
            let mut bytes = Vec::new();
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|error| self.unreachable(&kube::Error::Service(error.into())))?;
                bytes.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
                if bytes.len() > LARGEST {
                    return Err(self.not_prometheus("the answer has no end"));
                }
            }
            Ok((head, bytes))
        };
        let late = |_| Error::Timeout { url: self.url.clone(), limit: self.limit };
        let (head, body) = tokio::time::timeout(self.limit, whole).await.map_err(late)??;
        self.judge(head.status, head.headers.get(header::LOCATION), &body)
    }

    fn judge<T: DeserializeOwned>(
        &self,
        status: StatusCode,
        location: Option<&http::HeaderValue>,
        body: &[u8],
    ) -> Result<Answer<T>, Error> {
        let (url, code) = (self.url.clone(), status.as_u16());
        let answer = answer::read(body);
        if status == StatusCode::UNAUTHORIZED || status == StatusCode::FORBIDDEN {
            let message = match answer {
                Ok(Err(failure)) => more(status, failure.message.as_bytes()),
                _ => more(status, body),
            };
            return Err(Error::Denied { url, code, message });
        }
        match answer {
            Ok(Ok(answer)) if status.is_success() => Ok(answer),
            Ok(Err(failure)) => {
                let message = one_line(&failure.message);
                Err(Error::Query { url, code, failure: Failure { message, ..failure } })
            }
            Err(why) if status.is_success() => Err(self.not_prometheus(why)),
            _ if status.is_redirection() => {
                let to = location.and_then(|to| to.to_str().ok()).unwrap_or("elsewhere");
                let to = signing::shown(to.split(['?', '#']).next().unwrap_or_default());
                Err(Error::Status {
                    url,
                    code,
                    message: format!(" and sends on to {to}: perhaps to sign in"),
                })
            }
            _ => Err(Error::Status { url, code, message: more(status, body) }),
        }
    }

    pub(super) fn not_prometheus(&self, message: impl Into<String>) -> Error {
        Error::NotPrometheus { url: self.url.clone(), message: message.into() }
    }

    fn unreachable(&self, error: &kube::Error) -> Error {
        Error::Unreachable { url: self.url.clone(), why: explain(error, &self.host) }
    }
}

/// The part of a failure without Prometheus' form that may help: the words of the status, and a short plain text.
fn more(status: StatusCode, body: &[u8]) -> String {
    let reason = status.canonical_reason().unwrap_or_default();
    match std::str::from_utf8(body).map(one_line) {
        Ok(text) if !text.is_empty() && !text.starts_with('<') && text != reason => {
            format!(" {reason}: {text}")
        }
        _ => format!(" {reason}").trim_end().to_owned(),
    }
}

/// A server's text, short and without line breaks.
fn one_line(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words,
    }
}

fn encoded(form: &[(&str, &str)]) -> String {
    form.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect::<Vec<_>>().join("&")
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("url", &self.url).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
