//! Twice as much as can be judged, from the real API server.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use passmuster_tests::{ControlPlane, Options, Webhook};
use serde_json::json;

use crate::reviews::config_map;

/// Four at a time, 50 ms each: 80 a second.
const TURN: &str = "50ms";
const ARGS: &[&str] = &["--max-in-flight", "4", "--max-queued", "60", "--max-wait", "1s"];
/// As many as come in two seconds at twice that.
const CALLS: usize = 320;
const EVERY: Duration = Duration::from_micros(6_250);

#[test]
fn no_call_is_lost_and_the_server_recovers() {
    // Nothing else calls this API server.
    let plane = ControlPlane::start(Options::bare()).unwrap();
    let webhook = Webhook::start("annotated-webhook", ARGS);
    let namespace = plane.namespace("overload");
    webhook.register(&plane, &namespace, &["configmaps"]);
    let path = format!("/api/v1/namespaces/{namespace}/configmaps?dryRun=All");
    let before = webhook.figures();

    let (failed, begin) = (AtomicUsize::new(0), Instant::now());
    thread::scope(|scope| {
        for call in 0..CALLS {
            let due = EVERY * u32::try_from(call).unwrap();
            thread::sleep(due.saturating_sub(begin.elapsed()));
            let (plane, path, failed) = (&plane, &path, &failed);
            scope.spawn(move || {
                let object = config_map(&format!("map-{call}"), &json!({"delay": TURN}));
                if let Err(error) = plane.api().create(path, &object) {
                    assert!(failed.fetch_add(1, Ordering::Relaxed) > 0, "the first that failed: {error}");
                }
            });
        }
    });
    assert_eq!(failed.load(Ordering::Relaxed), 0);
    let after = webhook.figures();
    let since = |name: &str, labels: &[&str]| after.sum(name, labels) - before.sum(name, labels);
    let shed = since("admission_refused_total", &["reason=\"queue-"]);
    assert!(shed > 20.0, "there was no overload: {shed} were shed");
    assert!((since("admission_decisions_total", &["allowed"]) - 320.0).abs() < 0.5);
    // Nobody who was let in waited longer than the queue's limit and a turn.
    let slower = since("admission_duration_seconds_count", &[])
        - since("admission_duration_seconds_bucket", &["le=\"2.5\""]);
    assert!(slower < 0.5, "{slower} took longer than two and a half seconds");

    // It is over, and nothing of it is left.
    for call in 0..40 {
        plane.api().create(&path, &config_map(&format!("after-{call}"), &json!({}))).unwrap();
    }
    let later = webhook.figures();
    let still = later.sum("admission_refused_total", &[]) - after.sum("admission_refused_total", &[]);
    assert!(still < 0.5, "{still} were shed after the overload");
    assert!(later.sum("queued", &[]) + later.sum("in_flight", &[]) < 0.5);
}
