//! Requests, one by one.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bytes::Bytes;
use futures::FutureExt;
use http::{HeaderValue, Request, Response, Version, header};
use http_body_util::Full;
use hyper::body::Incoming;

use super::activity::Activity;
use super::connection::Age;
use super::refusal::Refusal;
use super::{Phase, Shared, review};

/// The path of reviews.
const PATH: &str = "/validate";

/// Answers one request, whatever it is and whatever goes wrong.
pub(super) async fn answer(
    shared: Arc<Shared>,
    activity: Arc<Activity>,
    age: Age,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let _busy = activity.begin();
    let is_http2 = request.version() == Version::HTTP_2;
    // A defect that panics takes its own call with it and no other, and lets nothing pass.
    let answered = AssertUnwindSafe(route(&shared, request)).catch_unwind().await;
    let answered = answered.unwrap_or_else(|_| Err(Refusal::Internal("an internal error".to_owned())));
    let draining = shared.lifecycle.phase() >= Phase::Draining;
    let mut response = answered.unwrap_or_else(|refusal| {
        shared.telemetry.metrics.admission.refused(refusal.as_str());
        if matches!(refusal, Refusal::Internal(_)) {
            tracing::error!(%refusal, "a request could not be judged");
        } else {
            tracing::debug!(%refusal, "refused");
        }
        refusal.response(draining)
    });
    if is_http2 {
        response.headers_mut().remove(header::CONNECTION);
    } else if draining || age.is_over() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

async fn route(shared: &Shared, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Refusal> {
    if request.uri().path() != PATH {
        return Err(Refusal::NotFound);
    }
    let body = review::review(shared, request).await?;
    let mut response = Response::new(Full::new(Bytes::from(body)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}
