//! Bodies that are not what they should be.

use passmuster_tests::Webhook;
use passmuster_tests::mutation::Mutator;
use passmuster_webhook::admission::{parse, passes};
use serde_json::json;

use crate::reviews::{creation, judged, response};

/// The status of a body that is sent as it is.
fn status(webhook: &Webhook, body: &[u8]) -> (u16, String) {
    let answer = webhook.connect().post(body).unwrap();
    (answer.status, answer.text())
}

#[test]
fn each_kind_of_nonsense_has_its_status_and_nothing_is_allowed() {
    let webhook = Webhook::start("annotated-webhook", &["--max-body", "1000000"]);
    let good = creation("u", &json!({}));
    let text = String::from_utf8(good.clone()).unwrap();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to).into_bytes()
    };
    let mut not_utf8 = good.clone();
    let at = text.find("alice").unwrap();
    not_utf8[at] = 0xff;
    let large = with("\"shop\"", &format!("\"{}\"", "s".repeat(1_000_000)));
    let deep = with(
        "\"annotations\":{}",
        &format!("\"annotations\":{{}},\"a\":{}1{}", "[".repeat(200_000), "]".repeat(200_000)),
    );
    for (body, expected, says) in [
        (b"".to_vec(), 400, "EOF"),
        (good[..good.len() / 2].to_vec(), 400, "EOF"),
        (not_utf8, 400, "UTF-8"),
        (deep, 400, "nested deeper"),
        (large, 413, "--max-body"),
        (with("admission.k8s.io/v1", "admission.k8s.io/v1beta1"), 400, "v1beta1"),
        (with("\"uid\":\"u\"", "\"uid\":{}"), 400, "expected a string"),
        (with("\"uid\":\"u\"", "\"uid\":\"\""), 400, "no uid"),
        (with("\"CREATE\"", "\"EXPLODE\""), 400, "unknown variant"),
        (with("\"oldObject\":null", "\"oldObject\":[1]"), 400, "not an object"),
        (with("\"CREATE\"", "\"UPDATE\""), 400, "no oldObject"),
        (b"[]".to_vec(), 400, "not an AdmissionReview"),
        (b"\x16\x03\x01".to_vec(), 400, "not an AdmissionReview"),
        (b"apiVersion: admission.k8s.io/v1\nkind: AdmissionReview".to_vec(), 400, "not an AdmissionReview"),
    ] {
        let (status, text) = status(&webhook, &body);
        assert!(status == expected && text.contains(says), "{expected} {says}: {status} {text}");
    }
    assert_eq!(judged(&mut webhook.connect(), "u", &json!({}))["allowed"], true);
    assert!(webhook.figures().sum("admission_refused_total", &["reason=\"too-large\""]) > 0.5);
}

#[test]
fn each_head_has_its_status() {
    let webhook = Webhook::start("annotated-webhook", &[]);
    let good = creation("u", &json!({}));
    let json_type = ("content-type", "application/json");
    let with = |path: &str, headers: &[(&str, &str)]| {
        let answer = webhook.connect().request(path, headers, &good).unwrap();
        (answer.status, answer.text())
    };
    assert_eq!(with("/validate", &[json_type]).0, 200);
    assert_eq!(with("/validate", &[("content-type", "Application/JSON; charset=utf-8")]).0, 200);
    assert_eq!(with("/other", &[json_type]).0, 404);
    assert_eq!(with("/validate", &[]).0, 415);
    assert_eq!(with("/validate", &[("content-type", "application/yaml")]).0, 415);
    let packed = with("/validate", &[json_type, ("content-encoding", "gzip")]);
    assert!(packed.0 == 415 && packed.1.contains("gzip"), "{packed:?}");
    let mut client = webhook.connect();
    client.send(b"GET /validate HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let answer = client.answer().unwrap();
    assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
    // In pieces without a length it is no other.
    let mut client = webhook.connect();
    client.send(b"POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n").unwrap();
    for piece in good.chunks(100) {
        client.send(format!("{:x}\r\n", piece.len()).as_bytes()).unwrap();
        client.send(piece).unwrap();
        client.send(b"\r\n").unwrap();
    }
    client.send(b"0\r\n\r\n").unwrap();
    assert_eq!(response(&client.answer().unwrap(), "u")["allowed"], true);
    // What is announced as too large is not waited for.
    let mut client = webhook.connect();
    client.send(b"POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99999999\r\n\r\n").unwrap();
    assert_eq!(client.answer().unwrap().status, 413);
    // No HTTP at all.
    let mut client = webhook.connect();
    client.send(b"\0\x01\x02 nonsense\r\n\r\n").unwrap();
    assert_eq!(client.answer().unwrap().status, 400);
}

/// Every allow of a server that denies everything must be one that nothing may block, by the same bytes.
#[test]
fn broken_reviews_are_never_allowed_by_accident() {
    let webhook = Webhook::start("annotated-webhook", &["--deny-all"]);
    let seed = creation("u-1", &json!({"warn": ["a"]}));
    let mut mutator = Mutator::new(6);
    let mut client = webhook.connect();
    let (mut answered, mut refused) = (0, 0);
    for round in 0..3000 {
        let body = mutator.mutate(&seed);
        let answer = match client.post(&body) {
            Ok(answer) => answer,
            Err(error) => panic!("round {round}: {error}: {}", String::from_utf8_lossy(&body)),
        };
        if answer.header("connection") == Some("close") {
            client = webhook.connect();
        }
        if answer.status == 200 {
            answered += 1;
            let request = parse(&body).unwrap();
            let allowed = response(&answer, &request.uid)["allowed"] == true;
            let passes = passes(&request).unwrap().is_some();
            assert_eq!(allowed, passes, "round {round}: {}", String::from_utf8_lossy(&body));
        } else {
            refused += 1;
            // A judge that can't read an object says so: the call fails.
            assert!(
                [400, 500].contains(&answer.status),
                "round {round}: {} {}",
                answer.status,
                answer.text()
            );
        }
    }
    assert!(answered > 100 && refused > 100, "{answered} answered, {refused} refused");
    assert_eq!(judged(&mut webhook.connect(), "u", &json!({}))["allowed"], false);
}
