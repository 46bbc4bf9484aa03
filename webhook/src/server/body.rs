//! Bodies, read within limits.

use bytes::{Bytes, BytesMut};
use http_body::Body;
use http_body_util::BodyExt;
use hyper::body::Incoming;

use super::memory::{Lease, Memory};
use super::refusal::Refusal;

/// Bytes of a refused body that are read all the same. Who still writes when the connection closes is told that it
/// broke, and never sees the answer.
const DISCARD: usize = 16 << 20;

/// Reads a body of no more than `limit` bytes. Its room in memory is held for as long as what is returned with it.
pub(super) async fn read(
    mut body: Incoming,
    limit: usize,
    memory: &Memory,
) -> Result<(Bytes, Lease<'_>), Refusal> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limit.saturating_add(DISCARD) {
        return Err(Refusal::TooLarge { limit });
    }
    if announced > limit {
        return Err(discard(body, Refusal::TooLarge { limit }).await);
    }
    let Some(mut lease) = memory.lease(announced).await else {
        return Err(discard(body, Refusal::OutOfMemory).await);
    };
    let mut whole = Bytes::new();
    let mut parts = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Refusal::Broken(error.to_string()))?;
        // Trailers say nothing here.
        let Ok(data) = frame.into_data() else { continue };
        if whole.len() + parts.len() + data.len() > limit {
            return Err(discard(body, Refusal::TooLarge { limit }).await);
        }
        if !lease.grow(data.len()) {
            return Err(discard(body, Refusal::OutOfMemory).await);
        }
        if whole.is_empty() && parts.is_empty() {
            // Most bodies come in one piece, which is not copied.
            whole = data;
            continue;
        }
        if parts.is_empty() {
            parts.reserve(announced.max(whole.len() + data.len()));
            parts.extend_from_slice(&std::mem::take(&mut whole));
        }
        parts.extend_from_slice(&data);
    }
    Ok((if parts.is_empty() { whole } else { parts.freeze() }, lease))
}

/// Reads on without keeping anything, and gives the refusal back.
async fn discard(mut body: Incoming, refusal: Refusal) -> Refusal {
    let mut read = 0;
    while read < DISCARD {
        let Some(Ok(frame)) = body.frame().await else { break };
        read += frame.data_ref().map_or(0, Bytes::len);
    }
    refusal
}
