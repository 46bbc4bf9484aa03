//! A review in a trace: what it was about and what came of it, as far as logs say it too.

use http::HeaderMap;
use tracing::{Span, field::Empty, trace_span};

use super::refusal::Refusal;
use crate::admission::{Decision, Request};
use crate::telemetry::{SPANS, follow};

/// The span of a call with these headers.
pub(super) fn called(headers: &HeaderMap) -> Span {
    let span = trace_span!(
        target: SPANS,
        "review",
        otel.kind = "server",
        otel.status_code = Empty,
        otel.status_description = Empty,
        uid = Empty,
        operation = Empty,
        kind = Empty,
        group = Empty,
        resource = Empty,
        namespace = Empty,
        name = Empty,
        dry_run = Empty,
        allowed = Empty,
        grounds = Empty,
    );
    follow(&span, headers);
    span
}

/// Notes in the current span what was decided.
pub(super) fn decided(request: &Request<'_>, decision: &Decision) {
    let span = Span::current();
    if span.is_disabled() {
        return;
    }
    span.record("uid", request.uid.as_str());
    span.record("operation", request.operation.as_str());
    span.record("kind", request.kind.kind.as_str());
    span.record("group", request.kind.group.as_str());
    span.record("resource", request.resource_path());
    span.record("namespace", request.namespace.as_str());
    span.record("name", request.object_name());
    span.record("dry_run", request.dry_run);
    span.record("allowed", decision.is_allowed());
    span.record("grounds", tracing::field::debug(&decision.grounds));
}

/// Notes why there was no answer.
pub(super) fn refused(span: &Span, refusal: &Refusal) {
    if !span.is_disabled() {
        span.record("otel.status_code", "ERROR");
        span.record("otel.status_description", refusal.to_string());
    }
}
