//! Connections that are not used as they should be.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use passmuster_tests::{Webhook, eventually};
use serde_json::json;

use crate::reviews::{creation, judged};

const WITHIN: Duration = Duration::from_secs(30);
const HEAD: &[u8] = b"POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

fn closed(webhook: &Webhook, reason: &str) -> f64 {
    webhook.figures().sum("connections_closed_total", &[&format!("reason=\"{reason}\"")])
}

fn still_works(webhook: &Webhook) {
    assert_eq!(judged(&mut webhook.connect(), "after", &json!({}))["allowed"], true);
}

#[test]
fn heads_and_bodies_that_drip_are_given_up() {
    let webhook =
        Webhook::start("annotated-webhook", &["--header-timeout", "300ms", "--body-timeout", "300ms"]);
    let mut head = webhook.connect();
    head.send(&HEAD[..20]).unwrap();
    assert!(head.closes(WITHIN), "a head that does not end");
    // One that never ends, byte by byte.
    let mut drip = webhook.connect();
    let dripped = (0..600).find(|_| {
        std::thread::sleep(Duration::from_millis(50));
        drip.send(b"x").is_err()
    });
    assert!(dripped.is_some(), "a head that drips for half a minute");
    let mut body = webhook.connect();
    body.send(HEAD).unwrap();
    body.send(b"content-length: 5000\r\n\r\n{").unwrap();
    let answer = body.answer().unwrap();
    assert_eq!((answer.status, answer.header("connection")), (408, Some("close")));
    assert!(body.closes(WITHIN));
    assert!(closed(&webhook, "header-timeout") > 1.5);
    still_works(&webhook);
}

#[test]
fn an_idle_connection_is_not_taken_for_one_whose_head_drips() {
    let webhook = Webhook::start("annotated-webhook", &["--header-timeout", "200ms", "--idle-timeout", "3s"]);
    let mut client = webhook.connect();
    judged(&mut client, "one", &json!({}));
    std::thread::sleep(Duration::from_secs(1));
    // An API server keeps connections, and uses one again long after.
    judged(&mut client, "two", &json!({}));
    assert!(client.closes(WITHIN), "idle at last");
    assert!((closed(&webhook, "idle") - 1.0).abs() < 0.1);
}

#[test]
fn what_is_no_tls_is_dropped() {
    let webhook = Webhook::start("annotated-webhook", &["--handshake-timeout", "300ms"]);
    for junk in [
        &b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"[..],
        b"\x16\x03\x01\xff\xff\x01",
        &[0; 4096],
        b"\x80\x2e\x01\x03\x01",
    ] {
        let mut stream = TcpStream::connect(webhook.address()).unwrap();
        stream.write_all(junk).unwrap();
        stream.set_read_timeout(Some(WITHIN)).unwrap();
        // An alert perhaps, and the end.
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(rest.len() < 100);
    }
    let silent = TcpStream::connect(webhook.address()).unwrap();
    silent.set_read_timeout(Some(WITHIN)).unwrap();
    assert_eq!((&silent).read(&mut [0]).unwrap(), 0, "a handshake that does not begin");
    assert!(closed(&webhook, "handshake-timeout") > 0.5);
    still_works(&webhook);
}

#[test]
fn a_thousand_idle_connections_cost_little_and_stop_nobody() {
    let webhook = Webhook::start("annotated-webhook", &["--max-connections", "800"]);
    let idle: Vec<_> = (0..500).map(|_| webhook.connect()).collect();
    // These don't even shake hands.
    let silent: Vec<_> = (0..500).map(|_| TcpStream::connect(webhook.address()).unwrap()).collect();
    let mut client = webhook.connect();
    for number in 0..100 {
        assert_eq!(judged(&mut client, &format!("u-{number}"), &json!({}))["allowed"], true);
    }
    assert!(closed(&webhook, "evicted") > 0.5, "those that hold connections lose them");
    let memory = webhook.running().peak_memory();
    assert!(memory < 100 << 20, "{} MiB", memory >> 20);
    drop((idle, silent));
    eventually(WITHIN, "the connections to end", || {
        (webhook.figures().sum("connections", &[]) < 5.0).then_some(())
    });
    still_works(&webhook);
}

#[test]
fn heads_without_end_cost_no_more_than_their_part() {
    let webhook = Webhook::start("annotated-webhook", &["--header-timeout", "30s"]);
    let filler = format!("x-filler: {}\r\n", "x".repeat(8000));
    let mut refused = 0;
    let holding: Vec<_> = (0..200)
        .map(|_| {
            let mut client = webhook.connect();
            client.send(HEAD).unwrap();
            // Until the server has enough.
            let sent = (0..50).all(|_| client.send(filler.as_bytes()).is_ok());
            let answer = client.answer();
            refused += i32::from(!sent || answer.is_ok_and(|answer| answer.status == 431));
            client
        })
        .collect();
    assert_eq!(refused, 200);
    let memory = webhook.running().peak_memory();
    assert!(memory < 100 << 20, "{} MiB", memory >> 20);
    drop(holding);
    still_works(&webhook);
}

#[test]
fn large_bodies_share_a_bounded_memory_and_leave_small_ones_theirs() {
    let webhook =
        Webhook::start("annotated-webhook", &["--body-memory", "20000000", "--body-timeout", "20s"]);
    let mut large = creation("large", &json!({}));
    large.extend(vec![b' '; 7 << 20]);
    // Two that stop just before their end fill it.
    let holding: Vec<_> = (0..2)
        .map(|_| {
            let mut client = webhook.connect();
            client.send(HEAD).unwrap();
            client.send(format!("content-length: {}\r\n\r\n", large.len() + 1).as_bytes()).unwrap();
            client.send(&large).unwrap();
            client
        })
        .collect();
    let refused = eventually(WITHIN, "a large body to be refused", || {
        let answer = webhook.connect().post(&large).unwrap();
        (answer.status != 200).then_some(answer)
    });
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")), "{}", refused.text());
    assert!(webhook.figures().sum("admission_refused_total", &["reason=\"body-memory\""]) > 0.5);
    still_works(&webhook);
    for _ in 0..3 {
        assert_eq!(webhook.connect().post(&large).unwrap().status, 503);
    }
    let memory = webhook.running().peak_memory();
    assert!(memory < 120 << 20, "{} MiB", memory >> 20);
    drop(holding);
    // Everything was given back.
    eventually(WITHIN, "room for a large body", || {
        (webhook.connect().post(&large).unwrap().status == 200).then_some(())
    });
}
