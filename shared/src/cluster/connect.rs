//! A connection to one cluster.

use std::{borrow::Cow, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, header};
use http_body_util::BodyExt;
use kube::{Client, client::Body, config::Kubeconfig};
use serde::de::DeserializeOwned;

use super::{
    config::config,
    env::Env,
    error::Error,
    kubeconfig::{ConfigError, load},
    options::ConnectOptions,
    select::select,
    transport::client,
    unreachable::explain,
};
use crate::timeout::parse_timeout;

/// A cluster that can be asked, and what to call it.
#[derive(Clone)]
pub struct Connection {
    /// kube's client: authentication, TLS, proxies and impersonation are its.
    pub client: Client,
    /// Where to look when no other namespace is asked for.
    pub namespace: String,
    /// The context it was made from, if any.
    pub context: Option<String>,
    /// The cluster's name, for outputs.
    pub cluster: String,
    /// The server's address.
    pub server: String,
    /// Host and port of the server, for messages.
    pub host: String,
    /// How long one request may take. [`Connection::get`] and its kind heed it; a watch does not.
    pub request_timeout: Option<Duration>,
}

/// Connects as `options` and `env` say. Nothing is sent yet: a wrong address shows with the first request.
/// Must be called within a tokio runtime, and the connection used in the same.
pub async fn connect(options: &ConnectOptions, env: &Env) -> Result<Connection, Error> {
    connect_in(&load(options, env)?, options, env).await
}

/// Connects as `options` and `env` say, with the kubeconfig already read.
pub(super) async fn connect_in(
    kubeconfig: &Kubeconfig,
    options: &ConnectOptions,
    env: &Env,
) -> Result<Connection, Error> {
    let target = select(kubeconfig, options, env)?;
    let request_timeout = parse_timeout(options.request_timeout.as_deref().unwrap_or("0"))
        .map_err(|message| ConfigError::Invalid(message.to_owned()))?;
    let config = config(&target, options, env)?;
    let server = config.cluster_url.to_string();
    let host =
        config.cluster_url.authority().map(|authority| authority.as_str().to_owned()).unwrap_or_default();

    let http2 = options.http2;
    let plugin = config.auth_info.exec.clone();
    let made = if plugin.is_some() || config.auth_info.auth_provider.is_some() {
        // Plugins may open a browser and wait for a person; other clusters need not wait with them.
        tokio::task::spawn_blocking(move || client(&config, http2))
            .await
            .map_err(|error| Error::Request(error.to_string()))?
    } else {
        client(&config, http2)
    };
    let client = made.map_err(|error| match (&error, &plugin) {
        (kube::Error::Auth(auth), Some(exec)) => super::plugin::failure(auth, exec).into(),
        _ => explain(&error, &host),
    })?;
    tracing::debug!(%server, cluster = target.cluster_name, "connecting");
    Ok(Connection {
        client,
        namespace: target.namespace,
        context: target.context,
        cluster: if target.cluster_name.is_empty() { host.clone() } else { target.cluster_name },
        server,
        host,
        request_timeout,
    })
}

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The answer's head.
    pub headers: HeaderMap,
    /// Its content.
    pub body: Bytes,
}

impl Answer {
    /// The content's type, without parameters.
    pub fn content_type(&self) -> &str {
        let value =
            self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim()
    }
}

impl Connection {
    /// Asks for `path` and gives the answer as soon as its head is there; the body streams. An answer that is no
    /// success is an error. The time limit covers the head only.
    pub async fn get(&self, path: &str, accept: &str) -> Result<Response<Body>, Error> {
        self.in_time(self.get_unlimited(path, accept)).await
    }

    /// Like [`Connection::get`], and waits for the body; the time limit covers all of it.
    pub async fn get_bytes(&self, path: &str, accept: &str) -> Result<Answer, Error> {
        self.in_time(async {
            let (head, body) = self.get_unlimited(path, accept).await?.into_parts();
            Ok(Answer { headers: head.headers, body: self.collect(body).await? })
        })
        .await
    }

    /// A JSON answer, decoded.
    pub async fn get_json<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let answer = self.get_bytes(path, "application/json").await?;
        serde_json::from_slice(&answer.body).map_err(|error| Error::decode(path, error))
    }

    /// Sends any request; an answer that is no success is an error. No time limit.
    pub async fn send(&self, request: Request<Body>) -> Result<Response<Body>, Error> {
        let (method, path) = (request.method().clone(), request.uri().to_string());
        let answer = self.client.send(request).await.map_err(|error| self.explain(&error))?;
        tracing::debug!(%method, path, status = answer.status().as_u16(), version = ?answer.version(), "answer");
        if answer.status().is_success() {
            return Ok(answer);
        }
        let (head, body) = answer.into_parts();
        let body = self.collect(body).await.unwrap_or_default();
        Err(Error::from_status(head.status, &head.headers, &body))
    }

    /// The rest of a body.
    pub async fn collect(&self, body: Body) -> Result<Bytes, Error> {
        body.collect().await.map(http_body_util::Collected::to_bytes).map_err(|error| self.broken(error))
    }

    /// A failure of kube's client in kubectl's words.
    pub fn explain(&self, error: &kube::Error) -> Error {
        explain(error, &self.host)
    }

    /// A failure in the middle of a body, in kubectl's words.
    pub fn broken(&self, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        explain(&kube::Error::Service(error.into()), &self.host)
    }

    /// `work`, ended by the time limit of requests.
    pub async fn in_time<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let Some(limit) = self.request_timeout else { return work.await };
        tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
            Err(Error::Timeout(
                "net/http: request canceled (Client.Timeout exceeded while awaiting headers)".into(),
            ))
        })
    }

    async fn get_unlimited(&self, path: &str, accept: &str) -> Result<Response<Body>, Error> {
        self.send(get_request(path, accept)?).await
    }
}

/// A `GET` of `path`.
pub fn get_request(path: &str, accept: &str) -> Result<Request<Body>, Error> {
    let path: Cow<'_, str> = if path.starts_with('/') { path.into() } else { format!("/{path}").into() };
    Request::get(path.as_ref())
        .header(
            header::ACCEPT,
            HeaderValue::from_str(accept).map_err(|error| Error::Request(error.to_string()))?,
        )
        .body(Body::empty())
        .map_err(|error| Error::Request(format!("can't ask for {path:?}: {error}")))
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("cluster", &self.cluster)
            .field("server", &self.server)
            .field("namespace", &self.namespace)
            .finish_non_exhaustive()
    }
}
