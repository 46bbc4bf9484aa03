//! A call of the webhook: from its head to the review that goes back.

use std::time::Instant;

use http::{HeaderMap, Method, Request, header};
use hyper::body::Incoming;
use tokio::time::timeout_at;
use tracing::{Instrument, trace_span};

use super::refusal::Refusal;
use super::{OutOfTime, Phase, Shared, body, span};
use crate::admission::{self, Deadline, Decision, Failure, Pass};
use crate::telemetry::SPANS;

/// Judges the review in the request's body and returns the one that goes back.
pub(super) async fn review(shared: &Shared, request: Request<Incoming>) -> Result<Vec<u8>, Refusal> {
    let span = span::called(request.headers());
    let answered = answer(shared, request).instrument(span.clone()).await;
    answered.inspect_err(|refusal| span::refused(&span, refusal))
}

async fn answer(shared: &Shared, request: Request<Incoming>) -> Result<Vec<u8>, Refusal> {
    let options = &shared.options;
    let deadline = Deadline::of(request.uri().query(), Instant::now(), options.budget());
    check_head(request.method(), request.headers())?;
    if shared.lifecycle.phase() == Phase::Closing {
        return Err(Refusal::Closing);
    }
    let body_until = deadline.until.min(deadline.arrived + options.body_timeout);
    let reading = body::read(request.into_body(), options.max_body, &shared.memory);
    let reading = timeout_at(body_until.into(), reading).instrument(trace_span!(target: SPANS, "body"));
    let (body, _lease) = reading.await.map_err(|_| Refusal::Slow)??;

    let waiting = shared.gate.enter(deadline.until).instrument(trace_span!(target: SPANS, "queue"));
    let _turn = waiting.await.map_err(Refusal::Shed)?;
    let request = admission::parse(&body)?;
    let metrics = &shared.telemetry.metrics.admission;
    let decision = match admission::passes(&request).map_err(Refusal::Object)? {
        Some(pass) => passed(pass),
        None => judge(shared, &request, deadline).instrument(trace_span!(target: SPANS, "judge")).await?,
    };
    span::decided(&request, &decision);
    metrics.decided(&request, &decision, deadline.arrived.elapsed());
    log(&request, &decision, deadline);
    admission::answer(&request.uid, &decision)
        .map_err(|error| Refusal::Internal(format!("writing the answer: {error}")))
}

/// What can be told before the body is read.
fn check_head(method: &Method, headers: &HeaderMap) -> Result<(), Refusal> {
    if method != Method::POST {
        return Err(Refusal::Method);
    }
    let text =
        |name| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes())).unwrap_or_default();
    let media_type = text(header::CONTENT_TYPE);
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Refusal::MediaType {
            expected: "Content-Type application/json",
            got: media_type.into_owned(),
        });
    }
    // What unpacks to a hundred times its size is not read.
    let encoding = text(header::CONTENT_ENCODING);
    if !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity") {
        return Err(Refusal::MediaType { expected: "no Content-Encoding", got: encoding.into_owned() });
    }
    Ok(())
}

fn passed(pass: Pass) -> Decision {
    Decision::allowed().because("", pass.as_str())
}

async fn judge(
    shared: &Shared,
    request: &admission::Request<'_>,
    deadline: Deadline,
) -> Result<Decision, Refusal> {
    let judging = shared.judge.judge(request, deadline.until);
    match timeout_at(deadline.until.into(), judging).await {
        Ok(Ok(decision)) => Ok(decision),
        Ok(Err(Failure::Later(reason))) => Err(Refusal::Later(reason)),
        Ok(Err(Failure::Internal(reason))) => Err(Refusal::Internal(reason)),
        Err(_) => out_of_time(shared.options.out_of_time),
    }
}

fn out_of_time(answer: OutOfTime) -> Result<Decision, Refusal> {
    const TEXT: &str = "passmuster could not judge this in time";
    let decision = match answer {
        OutOfTime::Fail => return Err(Refusal::OutOfTime),
        OutOfTime::Allow => Decision::allowed().warn(format!("{TEXT}; it was allowed unjudged")),
        OutOfTime::Deny => Decision::forbidden(format!("{TEXT}; try again")),
    };
    Ok(decision.because("", "out-of-time").note("out-of-time", "true"))
}

/// Denials are for whoever looks after the cluster; allows are for whoever looks for something. Nothing of the objects,
/// and of the user no more than the name.
fn log(request: &admission::Request<'_>, decision: &Decision, deadline: Deadline) {
    let took = deadline.arrived.elapsed();
    macro_rules! say {
        ($level:ident, $text:literal) => {
            tracing::$level!(
                uid = request.uid.as_str(),
                operation = request.operation.as_str(),
                kind = request.kind.kind.as_str(),
                group = request.kind.group.as_str(),
                resource = request.resource_path(),
                namespace = request.namespace.as_str(),
                name = request.object_name(),
                user = request.user_info.username.as_str(),
                dry_run = request.dry_run,
                grounds = ?decision.grounds,
                ?took,
                $text
            )
        };
    }
    if decision.is_allowed() {
        say!(debug, "allowed");
    } else {
        say!(info, "denied");
    }
}
