//! The end of the process.

use std::time::Duration;

use passmuster_tests::signal::Signal;
use passmuster_tests::{Webhook, eventually};
use serde_json::json;

use crate::reviews::{creation, judged, response};

const WITHIN: Duration = Duration::from_secs(30);

/// A server that was told to end, and has begun to.
fn draining(args: &[&str]) -> Webhook {
    let webhook = Webhook::start("annotated-webhook", args);
    webhook.signal(Signal::Term);
    eventually(WITHIN, "draining", || (webhook.telemetry("/readyz").0 == 503).then_some(()));
    webhook
}

#[test]
fn a_draining_server_answers_and_closes() {
    let mut webhook = Webhook::start("annotated-webhook", &["--drain-delay", "2s"]);
    let mut old = webhook.connect();
    judged(&mut old, "before", &json!({}));
    webhook.signal(Signal::Term);
    eventually(WITHIN, "draining", || (webhook.telemetry("/readyz").0 == 503).then_some(()));
    assert!(webhook.telemetry("/readyz").1.contains("[-]draining failed: the server is draining"));
    assert_eq!(webhook.telemetry("/healthz").0, 200);
    // The one that was there, and a new one.
    for mut client in [old, webhook.connect()] {
        let answer = client.post(&creation("during", &json!({}))).unwrap();
        assert_eq!(response(&answer, "during")["allowed"], true);
        assert_eq!(answer.header("connection"), Some("close"));
        assert!(client.closes(WITHIN));
    }
    assert!(webhook.ends_well(WITHIN));
}

#[test]
fn what_is_in_flight_is_finished() {
    let mut webhook = draining(&["--drain-delay", "500ms", "--drain-timeout", "20s"]);
    let mut client = webhook.connect();
    let idle = webhook.connect();
    // Longer than connections are still taken.
    let answer = client.post(&creation("slow", &json!({"delay": "2s"}))).unwrap();
    assert_eq!(response(&answer, "slow")["allowed"], true);
    assert!(webhook.ends_well(WITHIN), "an idle connection is no reason to stay");
    drop(idle);
}

#[test]
fn a_draining_server_that_is_busy_sends_callers_elsewhere_at_once() {
    let webhook = Webhook::start(
        "annotated-webhook",
        &["--max-in-flight", "1", "--max-queued", "0", "--drain-delay", "30s"],
    );
    let mut holding = webhook.connect();
    let slow = creation("slow", &json!({"delay": "20s"}));
    let head = format!(
        "POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        slow.len()
    );
    holding.send(head.as_bytes()).unwrap();
    holding.send(&slow).unwrap();
    eventually(WITHIN, "its turn", || (webhook.figures().sum("in_flight", &[]) > 0.5).then_some(()));
    let mut client = webhook.connect();
    let busy = client.post(&creation("u", &json!({}))).unwrap();
    assert_eq!((busy.status, busy.header("retry-after"), busy.header("connection")), (503, Some("1"), None));
    webhook.signal(Signal::Term);
    eventually(WITHIN, "draining", || (webhook.telemetry("/readyz").0 == 503).then_some(()));
    let busy = client.post(&creation("u", &json!({}))).unwrap();
    assert_eq!(
        (busy.status, busy.header("retry-after"), busy.header("connection")),
        (503, Some("0"), Some("close"))
    );
}

#[test]
fn a_call_that_comes_at_the_very_end_is_sent_elsewhere() {
    let webhook = Webhook::start("annotated-webhook", &["--drain-delay", "0"]);
    let mut clients: Vec<_> = (0..5).map(|_| webhook.connect()).collect();
    for client in &mut clients {
        judged(client, "before", &json!({}));
    }
    // Something to wait for.
    let slow = creation("slow", &json!({"delay": "2s"}));
    let mut busy = webhook.connect();
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| busy.post(&slow).unwrap());
        eventually(WITHIN, "its turn", || (webhook.figures().sum("in_flight", &[]) > 0.5).then_some(()));
        webhook.signal(Signal::Term);
        webhook.logged("closing: what is in flight is finished", WITHIN, |_| true);
        for mut client in clients {
            let answer = client.post(&creation("late", &json!({}))).unwrap();
            let headers = (answer.header("retry-after"), answer.header("connection"));
            assert_eq!((answer.status, headers), (503, (Some("0"), Some("close"))));
        }
        assert_eq!(response(&answer.join().unwrap(), "slow")["allowed"], true);
    });
}

#[test]
fn told_twice_it_ends_at_once() {
    let mut webhook = draining(&["--drain-delay", "10m"]);
    webhook.signal(Signal::Int);
    assert!(webhook.ends_well(WITHIN));
}

#[test]
fn old_connections_are_closed_after_an_answer() {
    let webhook = Webhook::start("annotated-webhook", &["--max-connection-age", "500ms"]);
    let mut client = webhook.connect();
    let first = client.post(&creation("young", &json!({}))).unwrap();
    assert_eq!(first.header("connection"), None);
    let closes = eventually(WITHIN, "the connection to be old", || {
        let answer = client.post(&creation("older", &json!({}))).unwrap();
        answer.header("connection").map(str::to_owned)
    });
    assert_eq!(closes, "close");
    assert!(client.closes(WITHIN));
}
