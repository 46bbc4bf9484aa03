//! Deadlines, and what metrics and logs say.

use passmuster_tests::Webhook;
use serde_json::json;

use crate::reviews::{creation, judged, response};

/// The answer to a call whose judge takes longer than the API server waits.
fn late(args: &[&str]) -> passmuster_tests::webhook::Answer {
    let webhook = Webhook::start("annotated-webhook", args);
    let body = creation("late", &json!({"delay": "60s"}));
    let headers = [("content-type", "application/json")];
    webhook.connect().request("/validate?timeout=1s", &headers, &body).unwrap()
}

#[test]
fn out_of_time_by_policy() {
    let failed = late(&[]);
    assert_eq!((failed.status, failed.header("retry-after")), (504, None));
    let allowed = response(&late(&["--out-of-time", "allow"]), "late");
    assert_eq!(allowed["allowed"], true);
    assert!(allowed["warnings"][0].as_str().unwrap().contains("unjudged"));
    assert_eq!(allowed["auditAnnotations"]["out-of-time"], "true");
    let denied = response(&late(&["--out-of-time", "deny"]), "late");
    assert_eq!((&denied["allowed"], &denied["status"]["code"]), (&json!(false), &json!(403)));
}

#[test]
fn who_cannot_be_judged_in_time_is_asked_to_come_again() {
    let webhook = Webhook::start("annotated-webhook", &["--max-in-flight", "1", "--max-queued", "1"]);
    let slow = creation("slow", &json!({"delay": "20s"}));
    let head = format!(
        "POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        slow.len()
    );
    let mut holding: Vec<_> = (0..2).map(|_| webhook.connect()).collect();
    for (client, waiting) in holding.iter_mut().zip([0.0, 1.0]) {
        client.send(head.as_bytes()).unwrap();
        client.send(&slow).unwrap();
        passmuster_tests::eventually(std::time::Duration::from_secs(30), "its turn", || {
            let figures = webhook.figures();
            let counts = (figures.sum("in_flight", &[]), figures.sum("queued", &[]));
            (counts == (1.0, waiting)).then_some(())
        });
    }
    let shed = webhook.connect().post(&creation("third", &json!({}))).unwrap();
    assert_eq!((shed.status, shed.header("retry-after"), shed.header("connection")), (503, Some("1"), None));
    assert!(shed.body.len() < 2048);
    // The second waits no longer than it may.
    let late = holding[1].answer().unwrap();
    assert_eq!((late.status, late.header("retry-after")), (503, Some("1")));
    // Whoever hangs up frees their turn.
    drop(holding);
    passmuster_tests::eventually(std::time::Duration::from_secs(30), "an idle server", || {
        (webhook.figures().sum("in_flight", &[]) < 0.5).then_some(())
    });
    assert_eq!(judged(&mut webhook.connect(), "u", &json!({}))["allowed"], true);
}

#[test]
fn http2_is_answered_alike() {
    let webhook = Webhook::start("annotated-webhook", &["--max-connection-age", "1ms"]);
    for (status, review) in webhook.http2(&creation("u-2", &json!({"deny": "no"})), 10) {
        assert_eq!((status, &review["response"]["uid"]), (200, &json!("u-2")));
        assert_eq!(review["response"]["allowed"], false);
    }
}

#[test]
fn metrics_tell_what_was_decided_and_requests_make_no_series() {
    let webhook = Webhook::start("annotated-webhook", &[]);
    let mut client = webhook.connect();
    judged(&mut client, "one", &json!({}));
    judged(&mut client, "two", &json!({"deny": "no"}));
    let figures = webhook.figures();
    let allowed = ["operation=\"CREATE\"", "kind=\"ConfigMap\"", "decision=\"allowed\""];
    assert!((figures.sum("admission_decisions_total", &allowed) - 1.0).abs() < 0.1);
    let denied = ["policy=\"annotations\"", "decision=\"denied\"", "reason=\"deny\""];
    assert!((figures.sum("admission_decisions_total", &denied) - 1.0).abs() < 0.1);
    assert!((figures.sum("admission_duration_seconds_count", &["CREATE"]) - 2.0).abs() < 0.1);
    assert!((figures.sum("connections", &[]) - 1.0).abs() < 0.1);
    for number in 0..300 {
        let body = String::from_utf8(creation("u", &json!({}))).unwrap();
        let body = body.replace("\"kind\":\"ConfigMap\"},", &format!("\"kind\":\"Evil{number}\"}},"));
        assert_eq!(client.post(body.as_bytes()).unwrap().status, 200);
    }
    let figures = webhook.figures();
    assert!(figures.sum("admission_decisions_total", &["kind=\"other\""]) > 200.0);
    assert!(figures.series() < 300, "{}", figures.series());
}

#[test]
fn probes_name_what_is_wrong() {
    let webhook = Webhook::start("annotated-webhook", &[]);
    assert_eq!(webhook.telemetry("/healthz"), (200, "ok".to_owned()));
    let (status, text) = webhook.telemetry("/readyz?verbose");
    assert_eq!(status, 200, "{text}");
    assert!(text.contains("[+]draining ok\n") && text.ends_with("readyz check passed\n"), "{text}");
    assert_eq!(webhook.telemetry("/nothing").0, 404);
}

#[test]
fn logs_tell_of_denials_and_never_of_bodies() {
    let webhook = Webhook::start("annotated-webhook", &[]);
    judged(&mut webhook.connect(), "u-9", &json!({"deny": "s3cr3t"}));
    let line = webhook.logged("denied", std::time::Duration::from_secs(30), |_| true);
    assert_eq!((&line["uid"], &line["name"], &line["user"]), (&json!("u-9"), &json!("map"), &json!("alice")));
    assert!(!line.to_string().contains("s3cr3t"), "{line}");
}
