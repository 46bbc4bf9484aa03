//! Traces of reviews, for a collector of OpenTelemetry: when one is named, and never with a body in them.
//!
//! What is traced are the spans of the target [`SPANS`], which no log filter below `trace` looks at; without a collector
//! they cost nothing. A review belongs to the trace of the request that it is about when the API server says so.

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use clap::Args;
use http::{HeaderMap, Request, Response, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use opentelemetry::{KeyValue, propagation::TextMapPropagator, trace::TracerProvider};
use opentelemetry_http::{HeaderExtractor, HttpClient, HttpError};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{Sampler, SdkTracerProvider},
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tokio::{runtime::Handle, time::timeout};
use tracing::{Span, Subscriber, level_filters::LevelFilter};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, filter::Targets, registry::LookupSpan};

use crate::certificates::{CertificateError, read_bundle};

/// The target of spans that are traced.
pub(crate) const SPANS: &str = "passmuster::trace";

/// How long a collector may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long what is not sent yet may hold up the end.
const FAREWELL: Duration = Duration::from_secs(2);
/// What is read of a collector's answer.
const ANSWER: usize = 64 * 1024;

/// Whether reviews are traced.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Traces")]
pub struct TraceOptions {
    /// A collector of OpenTelemetry that takes traces of reviews by OTLP over HTTP, such as http://collector:4318
    #[arg(long, env = "PASSMUSTER_TRACE_ENDPOINT", value_name = "URL")]
    pub trace_endpoint: Option<Uri>,

    /// Authorities that a collector behind https must be known to, PEM
    #[arg(long, env = "PASSMUSTER_TRACE_CA_FILE", value_name = "FILE", requires = "trace_endpoint")]
    pub trace_ca_file: Option<PathBuf>,

    /// The share of reviews that are traced, from 0 to 1; of what the API server traces, all are
    #[arg(
        long, env = "PASSMUSTER_TRACE_RATIO", value_name = "SHARE", default_value = "0.01", value_parser = share
    )]
    pub trace_ratio: f64,
}

fn share(text: &str) -> Result<f64, &'static str> {
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or("a share is a number from 0 to 1")
}

/// Why there are no traces.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// Not an address that traces could be sent to.
    #[error("--trace-endpoint {0}: a collector's address is http://HOST:PORT or https://HOST:PORT")]
    Endpoint(Uri),
    /// Nothing says whom to trust.
    #[error("--trace-endpoint {0}: https wants --trace-ca-file, as the webhook trusts nobody by itself")]
    NoAuthorities(Uri),
    /// The authorities can't be read.
    #[error("--trace-ca-file {}: {source}", path.display())]
    Authorities {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: CertificateError,
    },
    /// TLS can't be set up.
    #[error("setting up TLS for traces: {0}")]
    Tls(#[from] rustls::Error),
    /// The environment says what can't be (OTEL_…).
    #[error("setting up traces: {0}")]
    Exporter(#[from] ExporterBuildError),
}

/// Traces, on their way to a collector.
#[derive(Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// What sends them, if there is a collector. The runtime does the sending.
    pub fn new(options: &TraceOptions, runtime: &Handle) -> Result<Option<Self>, TraceError> {
        let Some(endpoint) = &options.trace_endpoint else { return Ok(None) };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(signal(endpoint)?)
            .with_http_client(Sender { client: client(options, endpoint)?, runtime: runtime.clone() })
            .build()?;
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder().with_service_name("passmuster").with_attribute(version).build();
        let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(options.trace_ratio)));
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_sampler(sampler)
            .with_batch_exporter(exporter)
            .build();
        Ok(Some(Self { provider }))
    }

    /// What makes traces of spans.
    pub(super) fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(&self) -> impl Layer<S> + use<S> {
        let spans = Targets::new().with_target(SPANS, LevelFilter::TRACE);
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("passmuster"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_filter(spans)
    }

    /// Sends what is left, while the runtime still runs.
    pub fn end(self) {
        if let Err(error) = self.provider.shutdown_with_timeout(FAREWELL) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// Makes a span part of the trace that the headers of a request tell of, if any do.
pub(crate) fn follow(span: &Span, headers: &HeaderMap) {
    if !span.is_disabled() {
        // Fails only when nobody traces.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&HeaderExtractor(headers)));
    }
}

/// Where traces go at a collector: by its address alone, to where OTLP has them.
fn signal(endpoint: &Uri) -> Result<String, TraceError> {
    let usable = matches!(endpoint.scheme_str(), Some("http" | "https")) && endpoint.host().is_some();
    if !usable {
        return Err(TraceError::Endpoint(endpoint.clone()));
    }
    let path = if matches!(endpoint.path(), "" | "/") { "v1/traces" } else { "" };
    Ok(format!("{endpoint}{path}"))
}

type HttpsClient = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

fn client(options: &TraceOptions, endpoint: &Uri) -> Result<HttpsClient, TraceError> {
    let mut roots = RootCertStore::empty();
    match &options.trace_ca_file {
        Some(path) => {
            let unreadable = |source| TraceError::Authorities { path: path.clone(), source };
            let bundle = read_bundle(path).map_err(unreadable)?;
            roots.add_parsable_certificates(bundle.iter().map(|authority| authority.der().clone()));
        }
        None if endpoint.scheme_str() == Some("https") => {
            return Err(TraceError::NoAuthorities(endpoint.clone()));
        }
        None => {}
    }
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build();
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}

/// Sends by the server's runtime: whoever exports has a thread without one.
#[derive(Debug)]
struct Sender {
    client: HttpsClient,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let sending = self.client.request(request.map(Full::new));
        let exchange = async move {
            let (head, body) = sending.await?.into_parts();
            let body = Limited::new(body, ANSWER).collect().await?.to_bytes();
            Ok::<_, HttpError>(Response::from_parts(head, body))
        };
        // Timers, too, need the runtime.
        let answer = self.runtime.spawn(async { timeout(PATIENCE, exchange).await }).await?;
        answer.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(endpoint: &str, ca: Option<&str>) -> TraceOptions {
        TraceOptions {
            trace_endpoint: Some(endpoint.parse().unwrap()),
            trace_ca_file: ca.map(PathBuf::from),
            trace_ratio: 1.0,
        }
    }

    #[test]
    fn the_address_alone_is_enough() {
        let signal = |text: &str| signal(&text.parse().unwrap());
        assert_eq!(signal("http://collector:4318").unwrap(), "http://collector:4318/v1/traces");
        assert_eq!(signal("http://collector:4318/").unwrap(), "http://collector:4318/v1/traces");
        assert_eq!(signal("https://c/otlp/v1/traces").unwrap(), "https://c/otlp/v1/traces");
        for wrong in ["collector:4318", "/v1/traces", "ftp://collector"] {
            assert!(signal(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nobody_is_trusted_without_being_named() {
        let said = |options: &TraceOptions| {
            client(options, options.trace_endpoint.as_ref().unwrap()).unwrap_err().to_string()
        };
        let without = said(&options("https://collector", None));
        assert!(without.contains("https wants --trace-ca-file"), "{without}");
        let missing = said(&options("https://collector", Some("no/such.pem")));
        assert!(missing.starts_with("--trace-ca-file no/such.pem: "), "{missing}");
    }

    #[test]
    fn a_share_is_no_more_than_all() {
        assert!(share("0.5").is_ok() && share("1").is_ok() && share("0").is_ok());
        for wrong in ["2", "-0.1", "NaN", "half", ""] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
    }
}
