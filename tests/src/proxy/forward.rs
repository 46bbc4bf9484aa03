//! A request's way to the API server and back.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::header::{self, HeaderMap, HeaderName};
use http::{Request as HttpRequest, Response, Uri};
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use tokio::sync::broadcast;

use super::body::{Body, Cut, EXPIRED, Passage, WatchFault, full, pass};
use super::log::{Entry, Log, Request, is_watch};
use super::rule::{Fault, Rule};
use super::server::Connection;
use super::status::Status;
use crate::api::{chain, connector, content_type, trusting};
use crate::{ControlPlane, Error};

/// Headers that are about one connection and not about the request.
const HOP_BY_HOP: [HeaderName; 6] = [
    header::CONNECTION,
    header::HOST,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
];

/// What all connections of a proxy share.
#[derive(Debug)]
pub(super) struct Shared {
    upstream: String,
    client: Client<HttpsConnector<HttpConnector>, Incoming>,
    rules: Mutex<Vec<Rule>>,
    watches: broadcast::Sender<WatchFault>,
    pub(super) log: Log,
}

impl Shared {
    pub(super) fn new(plane: &ControlPlane) -> Result<Self, Error> {
        let connector = connector(trusting(plane.authority())?);
        let client = Client::builder(TokioExecutor::new()).build(connector);
        let (rules, log, watches) = (Mutex::default(), Log::default(), broadcast::Sender::new(16));
        Ok(Self { upstream: plane.server(), client, rules, watches, log })
    }

    pub(super) fn rules(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the fault happen to all open watches, and returns how many there are.
    pub(super) fn watches(&self, fault: WatchFault) -> usize {
        // Fails only when there are none.
        self.watches.send(fault).unwrap_or_default()
    }

    pub(super) fn open_watches(&self) -> usize {
        self.watches.receiver_count()
    }

    fn fault(&self, request: &Request) -> Option<Fault> {
        let rules = self.rules();
        let mut applying = rules.iter().filter(|r| r.applies(&request.method, &request.path, &request.query));
        applying.next().map(|rule| rule.fault)
    }
}

/// Answers a request: with a fault, or with what the API server says. An error closes the connection.
pub(super) async fn answer(
    shared: Arc<Shared>,
    connection: Connection,
    request: HttpRequest<Incoming>,
) -> io::Result<Response<Body>> {
    let entry = shared.log.begin(describe(&request));
    let mut cut = Cut::Never;
    match shared.fault(entry.request()) {
        None => {}
        Some(Fault::Delay(time)) => tokio::time::sleep(time).await,
        Some(Fault::Stall) => std::future::pending().await,
        Some(Fault::StallBody { after }) => cut = Cut::Stall(after),
        Some(Fault::Truncate { after }) => cut = Cut::Break(after),
        Some(Fault::Reset { after }) => cut = Cut::Reset(after),
        Some(fault) => return refuse(fault, &entry),
    }
    forward(&shared, connection, request, entry, cut).await
}

/// The answer of a fault that doesn't need the API server.
fn refuse(fault: Fault, entry: &Entry) -> io::Result<Response<Body>> {
    let accept = entry.request().accept.as_str();
    let message =
        format!("{} {}: refused by a rule of the proxy", entry.request().method, entry.request().path);
    let status = |code, reason| Status { code, reason, message: &message };
    let (code, (kind, body)) = match fault {
        Fault::Forbid => (403, status(403, "Forbidden").body(accept)),
        // The API server writes this one as plain text too.
        Fault::TooManyRequests { .. } => {
            (429, ("text/plain", "Too many requests, please try again later.\n".into()))
        }
        Fault::Gone => (410, EXPIRED.body(accept)),
        Fault::GoneEvent => (200, (Status::stream_type(accept), EXPIRED.event(accept))),
        Fault::Status(code) => (code, status(code, reason(code)).body(accept)),
        _ => return Err(io::Error::other("this fault needs the API server")),
    };
    entry.answered(code);
    entry.passed(body.len());
    let mut response = Response::builder().status(code).header(header::CONTENT_TYPE, kind);
    if let Fault::TooManyRequests { retry_after } = fault {
        response = response.header(header::RETRY_AFTER, retry_after);
    }
    response.body(full(body)).map_err(io::Error::other)
}

async fn forward(
    shared: &Shared,
    connection: Connection,
    request: HttpRequest<Incoming>,
    entry: Arc<Entry>,
    cut: Cut,
) -> io::Result<Response<Body>> {
    let (mut head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |both| both.as_str());
    head.uri = format!("{}{path}", shared.upstream).parse::<Uri>().map_err(io::Error::other)?;
    head.version = http::Version::HTTP_11;
    remove_hop_by_hop(&mut head.headers);
    // Before the request: no fault of all watches may miss one that is just starting.
    let watch = is_watch(&entry.request().query).then(|| shared.watches.subscribe());
    let answer = shared.client.request(HttpRequest::from_parts(head, body)).await;
    let (mut head, body) = answer.map_err(|error| io::Error::other(chain(&error)))?.into_parts();
    remove_hop_by_hop(&mut head.headers);
    entry.answered(head.status.as_u16());
    head.version = http::Version::default();
    let watch = watch.filter(|_| head.status.is_success());
    let content_type = content_type(&head.headers);
    let passage = Passage { cut, watch, content_type, entry, connection };
    Ok(Response::from_parts(head, pass(body, passage)))
}

fn describe(request: &HttpRequest<Incoming>) -> Request {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    Request {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        accept: accept.unwrap_or_default().to_owned(),
        status: 0,
        bytes: 0,
    }
}

fn remove_hop_by_hop(headers: &mut HeaderMap) {
    for name in &HOP_BY_HOP {
        headers.remove(name);
    }
}

/// The API server's word for a status.
fn reason(code: u16) -> &'static str {
    match code {
        400 => "BadRequest",
        401 => "Unauthorized",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        409 => "Conflict",
        500 => "InternalError",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => "",
    }
}
