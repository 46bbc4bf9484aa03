//! Reviews per second, their latency and what they cost, over TLS and HTTP/1.1 as API servers call.
//!
//! For each body and number of connections: first as many as the server takes (each connection asks again as soon as it
//! has its answer), then half as many by the clock, whatever the answers do (open loop). All servers run in turn within
//! one run, each on one thread beside a client of one thread, so that ratios hold on any machine with two processors.
//! The API server stands still meanwhile: in a cluster it has processors of its own, and here what it does for itself
//! (a burst of a quarter of a second, now and then) would be told as the webhook's latency. At the end it runs, and
//! pods change while a few calls a second are made: that is compared with the server that judges nothing, beside it.
//! `PASSMUSTER_BENCH_SECONDS` sets how long each measurement takes, 4 by default.

#![expect(clippy::expect_used, clippy::panic, reason = "a benchmark that can't go on says why and ends")]

use std::io::{Write, stderr, stdout};
use std::time::Duration;

use passmuster_tests::population::store;
use passmuster_tests::{ControlPlane, Options, Webhook};

mod bodies;
mod changing;
mod judging;
mod load;
mod server;
mod table;

use load::{Client, Load};
use server::Measured;
use table::{Row, Table};

/// Pods that are stored, and so cached by the server that judges.
const PODS: usize = 10_000;
/// Those of them that change while calls are made.
const CHANGING: u32 = 5_000;
const CONNECTIONS: &[usize] = &[16, 64, 256];
/// Calls a second beside which there is room for a cluster in which something happens.
const CALM: f64 = 500.0;
/// How long the API server may run between two measurements, to make up for the time that it stood still.
const REST: Duration = Duration::from_secs(1);

fn main() {
    // Cargo passes `--bench`; anything else is a test run that only wants to know that this compiles.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let seconds =
        std::env::var("PASSMUSTER_BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
    let period = Duration::from_secs(seconds);
    let mut table = Table::default();
    // The first is what the others are compared with.
    let empty = Webhook::start("passmuster", &["--threads", "1"]);
    resident(&mut table, "empty", &empty, "before the first call");
    let plane = ControlPlane::start(Options::bare()).unwrap_or_else(|error| panic!("{error}"));
    let rules = judging::start(&plane);
    resident(&mut table, "rules", &rules, "in an empty cluster");
    note(&format!("storing {PODS} pods"));
    store(&plane, 0..PODS);
    judging::caught_up(&rules, PODS);
    resident(&mut table, "rules", &rules, &format!("with {PODS} pods cached"));
    let servers = [("empty", empty), ("rules", rules)];
    for body in bodies::all() {
        for connections in CONNECTIONS {
            std::thread::sleep(REST);
            plane.freeze();
            let mut empty = None;
            for (name, webhook) in &servers {
                note(&format!("{} on {connections} connections, {name}", body.name));
                let client = Client::connect(webhook, *connections, &body.bytes);
                let measured = Measured::of(webhook, || client.run(Load::AsMuchAsGoes(period)));
                let rate = measured.per_second() / 2.0;
                let half = client.run(Load::Open { per_second: rate, period });
                let compared = *empty.get_or_insert(measured.per_second());
                table.add(Row::new(body.name, name, *connections, &measured, compared, &half));
            }
            plane.thaw();
        }
    }
    let pod = &bodies::all()[0];
    for (name, webhook) in &servers {
        note(&format!("a connection for each call, {name}"));
        let client = Client::connect(webhook, 16, &pod.bytes);
        let measured = Measured::of(webhook, || client.run(Load::NewConnections(period)));
        table.add(Row::churn(pod.name, name, &measured));
        table
            .note(&format!("{name}: {} resident at most", table::mebibytes(webhook.running().peak_memory())));
    }
    for (name, webhook) in &servers {
        note(&format!("while pods change, {name}"));
        let client = Client::connect(webhook, 16, &pod.bytes);
        let load = Load::Open { per_second: CALM, period };
        let measure = || Measured::of(webhook, || client.run(load));
        let (changes, measured) = changing::meanwhile(&plane, CHANGING, measure);
        table.add(Row::meanwhile(&format!("{}, {changes:.0} changes/s", pod.name), name, &measured));
    }
    write!(stdout(), "\n{table}").expect("somewhere to write to");
}

fn resident(table: &mut Table, name: &str, webhook: &Webhook, when: &str) {
    table.note(&format!("{name}: {} resident {when}", table::mebibytes(webhook.running().memory())));
}

fn note(text: &str) {
    // Nobody reads along: no reason to stop.
    let _ = writeln!(stderr(), "{text}");
}
