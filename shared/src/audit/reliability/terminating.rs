use super::past;
use crate::audit::{context::Context, findings::Findings, rule::Outcome, world::Object};

/// Tells of an object that has been waiting for its finalizers longer than the policy's patience.
pub(crate) fn stuck<T: Object>(object: &T, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let metadata = object.metadata();
    if past(cx, metadata.deletion_timestamp, cx.parameters().patience_hours.saturating_mul(60))? {
        let waits = match metadata.finalizers.as_slice() {
            [] => "deleted, and still there".to_owned(),
            finalizers => format!("deleted, and kept by {}", finalizers.join(", ")),
        };
        out.fail("metadata.finalizers", waits);
    }
    Ok(())
}
