//! Bodies, read within limits.

use bytes::{Bytes, BytesMut};
use http_body::Body;
use http_body_util::BodyExt;
use hyper::body::Incoming;

use super::memory::Lease;
use super::refusal::Refusal;

/// Reads a body of no more than `limit` bytes. Room is taken as bytes arrive and not as they are announced, so that
/// those who only announce hold nothing.
pub(super) async fn read(mut body: Incoming, limit: usize, lease: &mut Lease<'_>) -> Result<Bytes, Refusal> {
    let announced = body.size_hint().lower();
    if usize::try_from(announced).map_or(true, |announced| announced > limit) {
        return Err(Refusal::TooLarge { limit });
    }
    let mut whole = Bytes::new();
    let mut parts = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Refusal::Broken(error.to_string()))?;
        // Trailers say nothing here.
        let Ok(data) = frame.into_data() else { continue };
        if whole.len() + parts.len() + data.len() > limit {
            return Err(Refusal::TooLarge { limit });
        }
        if !lease.grow(data.len()) {
            return Err(Refusal::OutOfMemory);
        }
        if whole.is_empty() && parts.is_empty() {
            // Most bodies come in one piece, which is not copied.
            whole = data;
            continue;
        }
        if parts.is_empty() {
            parts.reserve(usize::try_from(announced).unwrap_or(0).max(whole.len() + data.len()));
            parts.extend_from_slice(&std::mem::take(&mut whole));
        }
        parts.extend_from_slice(&data);
    }
    Ok(if parts.is_empty() { whole } else { parts.freeze() })
}
