//! Reviews as a collector of OpenTelemetry sees them. The collector is the tests' own; who decides that a request is
//! traced, and tells the webhook so, is the real API server.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value as Any},
    trace::v1::Span,
};
use passmuster_tests::{Options, eventually, signal::Signal};
use prost::Message;

use crate::{
    replica::Replica,
    world::{LONG, World},
};

/// Takes traces by OTLP over HTTP.
struct Collector {
    address: SocketAddr,
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let spans: Arc<Mutex<Vec<Span>>> = Arc::default();
        let taken = spans.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let taken = taken.clone();
                thread::spawn(move || while take(&stream, &taken).is_some() {});
            }
        });
        Self { address, spans }
    }

    /// A review, and its parts by name, once both were sent.
    fn review(&self, wanted: impl Fn(&Span) -> bool) -> (Span, BTreeMap<String, Span>) {
        eventually(LONG, "a review at the collector", || {
            let spans = self.spans.lock().unwrap();
            let review = spans.iter().find(|span| span.name == "review" && wanted(span))?.clone();
            let parts = spans.iter().filter(|span| span.trace_id == review.trace_id && span.name != "review");
            let parts = parts.map(|span| (span.name.clone(), span.clone())).collect();
            Some((review, parts))
        })
    }
}

/// Takes one request; none when there is no more.
fn take(stream: &TcpStream, taken: &Mutex<Vec<Span>>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    assert_eq!(line.trim_end(), "POST /v1/traces HTTP/1.1");
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let request = ExportTraceServiceRequest::decode(&*body).unwrap();
    for resource in request.resource_spans {
        let of = &resource.resource.unwrap().attributes;
        assert_eq!(text(of, "service.name").as_deref(), Some("passmuster"));
        taken.lock().unwrap().extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
    }
    let mut stream = stream;
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").ok()
}

fn text(attributes: &[KeyValue], key: &str) -> Option<String> {
    let found = attributes.iter().find(|attribute| attribute.key == key)?;
    match found.value.as_ref()?.value.as_ref()? {
        Any::StringValue(text) => Some(text.clone()),
        Any::BoolValue(value) => Some(value.to_string()),
        other => Some(format!("{other:?}")),
    }
}

#[test]
fn a_review_belongs_to_the_request_that_it_is_about() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("tracing.yaml");
    // It traces everything, and its own part of it nobody takes.
    fs::write(
        &config,
        "apiVersion: apiserver.config.k8s.io/v1beta1\nkind: TracingConfiguration\nendpoint: 127.0.0.1:1\nsamplingRatePerMillion: 1000000\n",
    )
    .unwrap();
    let options = Options {
        apiserver_args: vec![format!("--tracing-config-file={}", config.display())],
        ..Options::bare()
    };
    let world = World::with("traces", options);
    let collector = Collector::start();
    let endpoint = format!("--trace-endpoint=http://{}", collector.address);
    // Of its own accord it traces nothing.
    let mut replica =
        Replica::start(&world, "one", &[&endpoint, "--trace-ratio=0", "--policies", "--quotas"]);
    world.configured();
    // The API server writes a Service of its own, in another namespace.
    let is_asked = |span: &Span| {
        let said = |key: &str| text(&span.attributes, key).unwrap_or_default();
        said("kind") == "Service" && said("namespace") == world.judged
    };
    eventually(LONG, "the API server asks", || {
        world.ask().unwrap();
        collector.spans.lock().unwrap().iter().any(is_asked).then_some(())
    });
    replica.signal(Signal::Term);
    assert!(replica.ends_well());

    let (review, parts) = collector.review(is_asked);
    assert!(!review.parent_span_id.is_empty(), "it has no parent: {review:?}");
    let names: Vec<&str> = parts.keys().map(String::as_str).collect();
    assert_eq!(names, ["body", "judge", "queue", "quota", "rules"]);
    assert_eq!(parts["judge"].parent_span_id, review.span_id);
    assert_eq!(parts["rules"].parent_span_id, parts["judge"].span_id);
    let said = |key: &str| text(&review.attributes, key).unwrap_or_default();
    assert_eq!(said("operation"), "CREATE");
    assert_eq!(said("namespace"), world.judged);
    assert_eq!(said("allowed"), "true");
    assert_eq!(said("dry_run"), "true");
    assert_eq!(said("uid").len(), 36, "{review:?}");
}

#[test]
fn a_collector_that_is_gone_disturbs_nobody() {
    let world = World::new("traces-lost");
    let mut replica =
        Replica::start(&world, "one", &["--trace-endpoint=http://127.0.0.1:1", "--trace-ratio=1"]);
    world.configured();
    for _ in 0..10 {
        world.ask().unwrap();
    }
    replica.signal(Signal::Term);
    assert!(replica.ends_well());
    let logs = replica.logs();
    assert!(logs.contains("ExportError") && !logs.contains("panicked"), "{logs}");
}
