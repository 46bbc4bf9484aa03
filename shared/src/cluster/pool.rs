//! A pool of connections to one server, and what is known of them.

use std::{
    error::Error as StdError,
    fmt,
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use http::Uri;
use hyper::rt::{Read, Write};
use hyper_util::{
    client::legacy::{
        self,
        connect::{Connect, Connection},
    },
    rt::{TokioExecutor, TokioTimer},
};
use kube::client::Body;
use tower::{Service, ServiceExt};

use super::transport::{BoxError, CONNECT, KEEPALIVE};

/// Connecting took too long.
#[derive(Debug, thiserror::Error)]
#[error("net/http: TLS handshake timeout")]
pub(super) struct TimedOut;

/// The server does not speak HTTP/2.
#[derive(Debug, thiserror::Error)]
#[error("the server does not speak HTTP/2")]
struct NotHttp2;

/// What one connection may buffer, in bytes: a few TLS records.
const BUFFER: usize = 64 << 10;

/// A pool of connections of one protocol, HTTP/2 if `watched` is given. For HTTP/2 that is said in advance, so that
/// requests made at once share the one connection instead of each opening its own and all but one closing it again.
pub(super) fn http_client<C>(
    connector: C,
    watched: Option<Arc<Watched>>,
) -> legacy::Client<impl Connect + Clone + Send + Sync + 'static, Body>
where
    C: Service<Uri, Error = BoxError> + Clone + Send + Sync + 'static,
    C::Response: Connection + Read + Write + Send + Unpin + 'static,
    C::Future: Send + 'static,
{
    let http2 = watched.is_some();
    let connector = connector.map_future(move |connecting| -> Connecting<C::Response> {
        let watched = watched.clone();
        Box::pin(async move {
            let connected = match tokio::time::timeout(CONNECT * 2, connecting).await {
                Ok(connected) => connected,
                Err(_) => Err(TimedOut.into()),
            };
            match watched {
                Some(watched) => watched.check(connected),
                None => connected,
            }
        })
    });
    legacy::Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        // hyper lets buffers grow to 400 KB, and a cluster's watches are a hundred connections.
        .http1_max_buf_size(BUFFER)
        .http2_only(http2)
        .http2_keep_alive_interval(KEEPALIVE)
        .build(connector)
}

/// What is known of the connections of an HTTP/2 pool.
#[derive(Default)]
pub(super) struct Watched {
    http1: AtomicBool,
    failure: Mutex<Option<Failed>>,
}

impl Watched {
    pub(super) fn is_http1(&self) -> bool {
        self.http1.load(Ordering::Relaxed)
    }

    /// Why the last connection failed, if it did.
    pub(super) fn failure(&self) -> Option<BoxError> {
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.clone().map(BoxError::from)
    }

    fn check<IO: Connection>(&self, connected: Result<IO, BoxError>) -> Result<IO, BoxError> {
        let failed = match connected {
            Ok(io) if io.connected().is_negotiated_h2() => {
                *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = None;
                return Ok(io);
            }
            Ok(_) => {
                self.http1.store(true, Ordering::Relaxed);
                Failed(Arc::new(NotHttp2.into()))
            }
            Err(error) => Failed(Arc::new(error)),
        };
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(failed.clone());
        Err(failed.into())
    }
}

/// A failure that several requests can be told of.
#[derive(Debug, Clone)]
struct Failed(Arc<BoxError>);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Failed {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let inner: &(dyn StdError + 'static) = &**self.0;
        Some(inner)
    }
}

type Connecting<IO> = Pin<Box<dyn Future<Output = Result<IO, BoxError>> + Send>>;
