//! The program that is shipped.

use std::time::Duration;

use passmuster_tests::signal::Signal;
use passmuster_tests::{Plugin, Webhook};
use serde_json::json;

use crate::reviews::judged;

#[test]
fn passmuster_serves_and_ends_in_good_order() {
    let mut webhook = Webhook::start("passmuster", &["--drain-delay", "0"]);
    assert_eq!(judged(&mut webhook.connect(), "u", &json!({}))["allowed"], true);
    assert_eq!(webhook.telemetry("/readyz").0, 200);
    webhook.signal(Signal::Term);
    assert!(webhook.ends_well(Duration::from_secs(30)));
}

#[test]
fn what_it_cannot_do_it_says() {
    let run = |args: &[&str]| Plugin::new("passmuster").args(args).run();
    let version = run(&["version"]).success().stdout;
    assert_eq!(version, format!("passmuster {}\n", env!("CARGO_PKG_VERSION")));
    let files =
        ["--tls-cert-file", "none.crt", "--tls-private-key-file", "none.key", "--telemetry", "127.0.0.1:0"];
    let missing = run(&[&["run"][..], &files].concat());
    assert!(missing.code == Some(1) && missing.stderr.contains("none.crt"), "{missing}");
    let odd = run(&["run", "--log", "loud=very"]);
    assert!(odd.code == Some(1) && odd.stderr.contains("--log \"loud=very\""), "{odd}");
    let duration = run(&["run", "--max-wait", "long"]);
    assert!(duration.code == Some(2) && duration.stderr.contains("--max-wait"), "{duration}");
}
