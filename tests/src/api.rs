//! A small blocking client of the API server, for tests that make thousands of requests.
//!
//! It knows paths and JSON and nothing else, so that it can't share a mistake with the code under test.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use serde_json::Value;

use crate::Error;
use crate::controlplane::Authority;

mod connect;
mod runtime;
mod stream;

pub(crate) use connect::{connector, trusting};
pub(crate) use runtime::{runtime, wait};
pub use stream::{Chunks, Next};

/// How long a request may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A client with one identity; cheap to clone, safe to share.
#[derive(Debug, Clone)]
pub struct Api {
    server: String,
    token: Option<String>,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The content type.
    pub content_type: String,
    /// What the server warns of, as `kubectl` prints it.
    pub warnings: Vec<String>,
    /// The body.
    pub body: Bytes,
}

impl Response {
    /// The body as JSON; null when it is something else.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Api {
    /// A client of the server at `https://HOST:PORT` that trusts the authority and sends the bearer token.
    pub fn new(server: &str, authority: &Authority, token: Option<&str>) -> Result<Self, Error> {
        let connector = connector(trusting(authority)?);
        let client = Client::builder(hyper_util::rt::TokioExecutor::new()).build(connector);
        Ok(Self { server: server.to_owned(), token: token.map(str::to_owned), client })
    }

    /// The same client, of another address.
    pub(crate) fn at(&self, server: &str) -> Self {
        Self { server: server.to_owned(), ..self.clone() }
    }

    /// Sends a request and reads the whole answer, whatever its status.
    pub fn send(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Response, Error> {
        self.within(TIMEOUT, method, path, headers, body.into())
    }

    /// As [`Api::send`], with a limit of one's own.
    pub fn within(
        &self,
        limit: Duration,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Response, Error> {
        let failed = failed(method, path);
        let request = self.request(method, path, headers, body).map_err(&failed)?;
        let client = self.client.clone();
        let exchange = async move {
            let answer = client.request(request).await.map_err(|error| chain(&error))?;
            let content_type = content_type(answer.headers());
            let status = answer.status().as_u16();
            let warnings = answer.headers().get_all(header::WARNING).iter().filter_map(warning).collect();
            let body = answer.into_body().collect().await.map_err(|error| chain(&error))?.to_bytes();
            Ok(Response { status, content_type, warnings, body })
        };
        let outcome = wait(async move { tokio::time::timeout(limit, exchange).await });
        outcome.unwrap_or_else(|_| Err(format!("no answer within {} s", limit.as_secs_f32()))).map_err(failed)
    }

    /// Sends a GET and returns the body as it comes, for watches and for bodies that stall.
    pub fn stream(&self, path: &str, accept: &str) -> Result<Chunks, Error> {
        let failed = failed(&Method::GET, path);
        let request =
            self.request(&Method::GET, path, &[("accept", accept)], Bytes::new()).map_err(&failed)?;
        let client = self.client.clone();
        let head = async move { tokio::time::timeout(TIMEOUT, client.request(request)).await };
        let answer = wait(head).map_err(|_| failed("no answer".to_owned()))?;
        Ok(Chunks::start(answer.map_err(|error| failed(chain(&error)))?))
    }

    /// The object or list at the path.
    pub fn get(&self, path: &str) -> Result<Value, Error> {
        self.json(&Method::GET, path, "", Bytes::new())
    }

    /// Posts the object to the collection at the path and returns what was stored.
    pub fn create(&self, path: &str, object: &Value) -> Result<Value, Error> {
        self.json(&Method::POST, path, "application/json", object.to_string().into())
    }

    /// Replaces the object at the path.
    pub fn replace(&self, path: &str, object: &Value) -> Result<Value, Error> {
        self.json(&Method::PUT, path, "application/json", object.to_string().into())
    }

    /// Reads the object at the path, changes it and writes it, again as long as somebody else writes it meanwhile.
    pub fn update(&self, path: &str, change: impl Fn(&mut Value)) -> Result<Value, Error> {
        loop {
            let mut object = self.get(path)?;
            change(&mut object);
            match self.replace(path, &object) {
                Err(Error::Status { status: 409, .. }) => {}
                written => return written,
            }
        }
    }

    /// Merges the patch into the object at the path (a JSON merge patch).
    pub fn patch(&self, path: &str, patch: &Value) -> Result<Value, Error> {
        self.json(&Method::PATCH, path, "application/merge-patch+json", patch.to_string().into())
    }

    /// Deletes the object at the path, at once where the kind has a grace period.
    pub fn delete(&self, path: &str) -> Result<Value, Error> {
        self.json(
            &Method::DELETE,
            path,
            "application/json",
            Bytes::from_static(br#"{"gracePeriodSeconds":0}"#),
        )
    }

    fn json(&self, method: &Method, path: &str, content_type: &str, body: Bytes) -> Result<Value, Error> {
        let headers = [("accept", "application/json"), ("content-type", content_type)];
        let headers = if content_type.is_empty() { &headers[..1] } else { &headers[..] };
        let response = self.send(method, path, headers, body)?;
        if response.status < 400 {
            return Ok(response.json());
        }
        let body = String::from_utf8_lossy(&response.body).into_owned();
        Err(Error::Status {
            method: method.to_string(),
            path: path.to_owned(),
            status: response.status,
            body,
        })
    }

    fn request(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Request<Full<Bytes>>, String> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.server));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            let value = HeaderValue::try_from(format!("Bearer {token}")).map_err(|error| chain(&error))?;
            request = request.header(header::AUTHORIZATION, value);
        }
        request.body(Full::new(body)).map_err(|error| chain(&error))
    }
}

/// The content type among the headers, empty when there is none.
pub(crate) fn content_type(headers: &http::HeaderMap) -> String {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// The text of a header `299 - "text"`.
fn warning(value: &HeaderValue) -> Option<String> {
    let quoted = value.to_str().ok()?.split_once('"')?.1.strip_suffix('"')?;
    let mut text = String::new();
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        text.push(if character == '\\' { characters.next()? } else { character });
    }
    Some(text)
}

/// The error with its causes: the outermost alone says only that sending failed.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn failed(method: &Method, path: &str) -> impl Fn(String) -> Error + use<> {
    let (method, path) = (method.to_string(), path.to_owned());
    move |reason| Error::Request { method: method.clone(), path: path.clone(), reason }
}
