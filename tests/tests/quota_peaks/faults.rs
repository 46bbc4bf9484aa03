//! What goes wrong on the way to an answer, and in one line what it was.

use std::collections::BTreeSet;
use std::fs;
use std::num::NonZeroU32;

use passmuster::cluster::{Env, SkipReason};
use passmuster::prometheus::{Client, Error, Target};
use passmuster::quota::peak::promql::{Layout, Measure, Queries};
use passmuster::quota::peak::{PeakQuestion, Piece};
use passmuster_tests::controlplane::Authority;
use passmuster_tests::{Prometheus, PrometheusOptions};

use crate::support::{ask, by_namespace, day_question, run, target};
use crate::world::{State, UNTIL, World, flat};

/// Twelve namespaces with a pod each, `ns-00` and on.
fn started(options: PrometheusOptions<'_>) -> Prometheus {
    let mut world = World::new(State::Own);
    for number in 0..12 {
        world.pod(&format!("ns-{number:02}"), "pod", (0, 1440), flat(10 + number), flat(20 + number));
    }
    Prometheus::start(&world.history, options).unwrap_or_else(|error| panic!("{error}"))
}

fn first_and_last(target: &Target) -> Result<(String, String), Error> {
    let lines = by_namespace(&ask(target, &day_question())?);
    assert_eq!(lines.len(), 12, "{lines:?}");
    Ok((lines[0].clone(), lines[11].clone()))
}

fn right() -> (String, String) {
    ("ns-00 10m 20Mi".to_owned(), "ns-11 21m 31Mi".to_owned())
}

fn refused(target: &Target) -> Error {
    let error = ask(target, &day_question()).expect_err("no answer");
    let line = error.to_string();
    let address = target.url.rsplit('@').next().unwrap_or_default();
    assert!(line.contains(address.trim_start_matches("https://").trim_start_matches("http://")), "{line}");
    assert!(
        !line.contains('\n') && !line.contains("secret") && !line.contains(Prometheus::PASSWORD),
        "{line}"
    );
    error
}

#[test]
fn passwords_and_paths() {
    let options = PrometheusOptions { password: true, prefix: "/tenant-a", ..PrometheusOptions::default() };
    let prometheus = started(options);
    let with = |username: &str, password: &str| Target {
        username: Some(username.to_owned()),
        password: Some(password.to_owned()),
        ..target(&prometheus)
    };
    assert_eq!(first_and_last(&with(Prometheus::USER, Prometheus::PASSWORD)), Ok(right()));

    let file = prometheus.dir().join("password");
    fs::write(&file, format!("{}\n", Prometheus::PASSWORD)).expect("a file");
    let from_file = Target { password: None, password_file: Some(file), ..with(Prometheus::USER, "") };
    assert_eq!(first_and_last(&from_file), Ok(right()));
    let in_url = |password: &str| {
        let url = prometheus.url().replace("://", &format!("://{}:{password}@", Prometheus::USER));
        Target { url, ..Target::default() }
    };
    assert_eq!(first_and_last(&in_url("p%C3%A4ssword%3A%201")), Ok(right()));

    for wrong in [
        with(Prometheus::USER, "secret"),
        with("nobody", Prometheus::PASSWORD),
        in_url("secret"),
        target(&prometheus),
        Target { bearer_token: Some("secret".into()), ..target(&prometheus) },
    ] {
        let error = refused(&wrong);
        assert_eq!(
            (error.reason(), error.to_string().contains("401 Unauthorized")),
            (SkipReason::Unauthorized, true)
        );
    }

    // Elsewhere on the same server.
    let url = prometheus.url().replace("/tenant-a", "");
    let error = refused(&Target { url: url.clone(), ..with(Prometheus::USER, Prometheus::PASSWORD) });
    assert_eq!(error, Error::Status { url, code: 404, message: " Not Found: 404 page not found".into() });
}

#[test]
fn certificates() {
    let authority = Authority::new().expect("an authority");
    let prometheus = started(PrometheusOptions { tls: Some(&authority), ..PrometheusOptions::default() });
    let file = |name: &str, content: &str| {
        let path = prometheus.dir().join(name);
        fs::write(&path, content).expect("a file");
        Some(path)
    };
    let trusting = |ca_file| Target { ca_file, ..target(&prometheus) };
    assert_eq!(first_and_last(&trusting(file("ca.crt", &authority.pem()))), Ok(right()));
    let insecure = Target { insecure_skip_tls_verify: true, ..target(&prometheus) };
    assert_eq!(first_and_last(&insecure), Ok(right()));

    let other = Authority::new().expect("an authority");
    let error = refused(&trusting(file("other.crt", &other.pem())));
    assert_eq!(error.reason(), SkipReason::Unreachable);
    assert!(error.to_string().contains("certificate"), "{error}");
    for (path, why) in
        [(file("empty.crt", ""), "no certificate"), (Some("/nowhere.crt".into()), "No such file")]
    {
        let error = refused(&trusting(path));
        assert!(
            matches!(&error, Error::Target { key, message, .. } if key == "caFile" && message.contains(why)),
            "{error}"
        );
    }
    let plain = Target { url: prometheus.url().replace("https", "http"), ..Target::default() };
    assert_eq!(refused(&plain).reason(), SkipReason::Invalid);
}

/// Whether Prometheus refuses to say in one answer what so many namespaces used.
fn is_too_much(prometheus: &Prometheus, namespaces: usize) -> bool {
    let namespaces = (0..namespaces).map(|number| format!("ns-{number:02}")).collect();
    let whole = Piece { namespaces, from: UNTIL - 86_400, until: UNTIL };
    let text = Queries::default().peaks(Measure::Cpu, Layout::OfPods, &whole);
    let answer = run(async { Client::new(&target(prometheus), &Env::empty())?.query(&text, UNTIL).await });
    answer.is_err_and(|error| error.is_too_much())
}

/// A query of one namespace is a day's 1441 steps and some; of twelve it is too much.
#[test]
fn too_many_samples_are_asked_for_in_parts() {
    let prometheus =
        started(PrometheusOptions { flags: &["--query.max-samples=5000"], ..PrometheusOptions::default() });
    assert!(is_too_much(&prometheus, 12) && !is_too_much(&prometheus, 1));
    assert_eq!(first_and_last(&target(&prometheus)), Ok(right()));
}

/// A window of two hours is 121 steps; a day is not.
#[test]
fn too_many_samples_are_asked_for_in_shorter_times() {
    let prometheus =
        started(PrometheusOptions { flags: &["--query.max-samples=500"], ..PrometheusOptions::default() });
    assert!(is_too_much(&prometheus, 1));
    let one = Target { max_namespaces_per_query: NonZeroU32::new(1), ..target(&prometheus) };
    assert_eq!(first_and_last(&one), Ok(right()));
}

#[test]
fn what_is_too_much_in_the_smallest_parts_is_said() {
    let prometheus =
        started(PrometheusOptions { flags: &["--query.max-samples=20"], ..PrometheusOptions::default() });
    let error = refused(&target(&prometheus));
    let said = error.to_string();
    assert!(
        said.contains("422 execution: query processing would load too many samples into memory"),
        "{said}"
    );
    assert_eq!(error.reason(), SkipReason::Invalid);
}

/// A namespace of many pods is too much however small the part; the others have their rows.
#[test]
fn one_namespace_too_large_does_not_hide_the_others() {
    let mut world = World::new(State::Own);
    for number in 0..30 {
        world.pod("large", &format!("pod-{number}"), (0, 1440), flat(1), flat(1));
    }
    world.pod("small", "pod", (0, 1440), flat(10), flat(20));
    let options = PrometheusOptions { flags: &["--query.max-samples=1000"], ..PrometheusOptions::default() };
    let prometheus = Prometheus::start(&world.history, options).unwrap_or_else(|error| panic!("{error}"));
    let question = PeakQuestion { accurate: true, ..day_question() };
    let peaks = ask(&target(&prometheus), &question).expect("an answer");
    let rows: Vec<_> = by_namespace(&peaks);
    assert_eq!(rows.last().map(String::as_str), Some("small 10m 20Mi"), "{peaks:?}");
    let skipped: Vec<_> = peaks
        .skipped
        .iter()
        .map(|one| (one.resource.as_str(), one.namespace.as_deref(), one.reason.as_str()))
        .collect();
    assert!(skipped.contains(&("peaks of cpu", Some("large"), "Invalid")), "{skipped:?}");
    assert!(skipped.iter().all(|(_, namespace, _)| *namespace == Some("large")), "{skipped:?}");
    assert!(peaks.rows.iter().all(|row| row.namespace != "large" || row.peak.get("cpu").is_none()));
    assert!(peaks.concurrent.get("large").is_none_or(|sum| sum.get("cpu").is_none()));
}

#[test]
fn a_server_that_takes_too_long_says_so() {
    let prometheus =
        started(PrometheusOptions { flags: &["--query.timeout=0s"], ..PrometheusOptions::default() });
    let namespaces = BTreeSet::from(["ns-00".to_owned()]);
    let error =
        ask(&target(&prometheus), &PeakQuestion { namespaces, ..day_question() }).expect_err("no answer");
    assert_eq!(error.reason(), SkipReason::Timeout);
    assert!(error.to_string().contains("503 timeout: query timed out"), "{error}");
}

#[test]
fn a_silent_server_is_given_up() {
    let prometheus = started(PrometheusOptions::default());
    let soon = Target { timeout: Some("1s".into()), ..target(&prometheus) };
    prometheus.freeze();
    let error = refused(&soon);
    prometheus.thaw();
    assert_eq!(error.reason(), SkipReason::Timeout);
    assert!(error.to_string().ends_with("gave no answer within 1 s"), "{error}");
}

#[test]
fn nobody_there() {
    let url = {
        let prometheus = started(PrometheusOptions::default());
        prometheus.url().to_owned()
    };
    let error = refused(&Target { url, ..Target::default() });
    assert_eq!(error.reason(), SkipReason::Unreachable);
    assert!(error.to_string().contains("connection refused"), "{error}");
}
