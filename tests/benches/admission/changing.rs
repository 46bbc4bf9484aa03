//! A cluster in which something happens all the time.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use passmuster_tests::ControlPlane;
use serde_json::json;

/// Changes a second: of ten thousand pods that live half an hour each, about as many come, change and go.
const PER_SECOND: u32 = 50;

/// Changes one of so many pods after the other while `meanwhile` runs, and returns how many a second that were, and
/// what it returned.
pub(crate) fn meanwhile<T>(plane: &ControlPlane, pods: u32, meanwhile: impl FnOnce() -> T) -> (f64, T) {
    let (done, count) = (AtomicBool::new(false), AtomicU32::new(0));
    let begin = Instant::now();
    let result = thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let number = count.fetch_add(1, Ordering::Relaxed);
                let pod = number % pods;
                let path = format!("/api/v1/namespaces/team-{:03}/pods/pod-{pod}", pod / 200);
                let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
                let patch = json!({"metadata": {"labels": {"changed": now.to_string()}}});
                plane.api().patch(&path, &patch).unwrap_or_else(|error| panic!("{error}"));
                thread::sleep((Duration::from_secs(1) * number / PER_SECOND).saturating_sub(begin.elapsed()));
            }
        });
        let result = meanwhile();
        done.store(true, Ordering::Relaxed);
        result
    });
    (f64::from(count.into_inner()) / begin.elapsed().as_secs_f64(), result)
}
