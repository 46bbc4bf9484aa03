//! The port for metrics and probes.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use clap::Args;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::Telemetry;
use super::answer::probe;

/// Connections that may be open: probes, a scraper or two, and room for somebody who holds connections for nothing.
const CONNECTIONS: usize = 512;
/// How long a connection may take; each has one question.
const TIMEOUT: Duration = Duration::from_secs(5);
const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Where metrics and probes are.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Metrics and probes")]
pub struct TelemetryOptions {
    /// Where /metrics, /healthz and /readyz are, without TLS
    #[arg(long, env = "PASSMUSTER_TELEMETRY", value_name = "ADDRESS", default_value = "[::]:8080")]
    pub telemetry: String,
}

/// The port, open.
#[derive(Debug)]
pub struct Probes {
    listener: TcpListener,
    telemetry: Arc<Telemetry>,
}

impl Probes {
    /// Listens. Where the machine has no IPv6, `[::]` is all addresses of IPv4.
    pub async fn bind(address: &str, telemetry: Arc<Telemetry>) -> io::Result<Self> {
        let listener = match (TcpListener::bind(address).await, address.strip_prefix("[::]")) {
            (Err(_), Some(port)) => TcpListener::bind(format!("0.0.0.0{port}")).await?,
            (bound, _) => bound?,
        };
        Ok(Self { listener, telemetry })
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until it is dropped.
    pub async fn run(self) {
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            // Nobody closes the semaphore.
            let permit = room.clone().acquire_owned().await;
            let Ok((stream, _)) = self.listener.accept().await else {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let telemetry = self.telemetry.clone();
            tokio::spawn(async move {
                let _permit = permit;
                let service = service_fn(|request| {
                    let response = answer(&telemetry, &request);
                    async { Ok::<_, Infallible>(response) }
                });
                let mut builder = http1::Builder::new();
                builder.keep_alive(false).header_read_timeout(None);
                // Errors are of clients that went away.
                let _ = timeout(TIMEOUT, builder.serve_connection(TokioIo::new(stream), service)).await;
            });
        }
    }
}

fn answer(telemetry: &Telemetry, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let query = request.uri().query().unwrap_or_default();
    let (status, media_type, text) = match request.uri().path() {
        "/metrics" => match telemetry.text() {
            Ok(text) => (StatusCode::OK, OPENMETRICS, text),
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, "text/plain", error.to_string()),
        },
        // That it answers at all is what there is to know: a process that waits for something outside is not helped
        // by another start.
        "/healthz" | "/livez" => (StatusCode::OK, "text/plain", "ok".to_owned()),
        "/readyz" => {
            let (passed, text) = probe(&telemetry.checks, "readyz", query);
            let status = if passed { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
            (status, "text/plain", text)
        }
        _ => (StatusCode::NOT_FOUND, "text/plain", "/metrics, /healthz, /readyz\n".to_owned()),
    };
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
