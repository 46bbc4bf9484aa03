//! Namespace by namespace, for who may not read the whole.

use futures::{StreamExt as _, stream};

use super::super::{Error, SkipReason};
use crate::model::{ObjectMeta, Skipped};

/// Namespaces asked at once.
const AT_ONCE: usize = 8;

/// What was read of the whole, or where that is forbidden, of each namespace that may be read. Those that may not are
/// told; when that is all of them, it is the first answer that stands.
pub(super) async fn or_each<T>(
    whole: Result<T, Error>,
    resource: &str,
    namespaces: &[ObjectMeta],
    skipped: &mut Vec<Skipped>,
    ask: impl AsyncFn(&str) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let refused = match whole {
        Ok(whole) => return Ok(vec![whole]),
        Err(error) if error.reason() != SkipReason::Forbidden => return Err(error),
        Err(error) => error,
    };
    let mut answers: Vec<(usize, Result<T, Error>)> = stream::iter(namespaces.iter().enumerate())
        .map(async |(place, namespace)| (place, ask(&namespace.name).await))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    answers.sort_by_key(|(place, _)| *place);
    let (mut read, mut missed) = (Vec::new(), Vec::new());
    for ((_, answer), namespace) in answers.into_iter().zip(namespaces) {
        match answer {
            Ok(answer) => read.push(answer),
            Err(error) => missed.push(error.skipped(resource, Some(&namespace.name))),
        }
    }
    if read.is_empty() {
        return Err(refused);
    }
    skipped.extend(missed);
    Ok(read)
}
