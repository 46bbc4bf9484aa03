//! Many clients, many replicas, and everything that can break breaks: never more than the quota.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use passmuster_tests::{ControlPlane, Proxy, eventually, population::Random};
use serde_json::json;

use crate::{
    history,
    replicas::Replicas,
    requests::{self, Log, Outcome},
    world::{namespaces, plane, quota, reserved, status},
};

const NAMESPACES: usize = 20;
const CLIENTS: usize = 64;
/// Requests of a run that anybody waits for, and of one that nobody does (`LEDGER_REQUESTS=10000`).
const REQUESTS: usize = 2_000;
/// The least that can be set.
const TTL: u64 = 61;

fn number(name: &str, or: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(or)
}

#[test]
fn never_more_than_the_quota_whatever_breaks() {
    let seed = number("SEED", 20_261_128);
    let requests = usize::try_from(number("LEDGER_REQUESTS", REQUESTS as u64)).unwrap();
    println!("SEED={seed} LEDGER_REQUESTS={requests}");
    let plane = plane();
    let hard = (20_000, 150);
    quota(&plane, "race", &json!({"hard": {"requests.cpu": "20", "pods": "150"}}));
    let names = namespaces(&plane, "race", NAMESPACES);
    let proxies = [Proxy::start(&plane), Proxy::http1(&plane)];
    let configs = [plane.kubeconfig(), proxies[0].kubeconfig(), proxies[1].kubeconfig()];
    let ttl = TTL.to_string();
    let replicas = Replicas::start(
        &plane,
        &configs,
        &["--quota-reservation-seconds", &ttl, "--log", "error,passmuster_webhook::run=info"],
    );
    replicas.register("race", ("project", "race"), &["pods", "pods/resize"], 10);
    called(&plane, &names[0]);

    let (log, done) = (Log::default(), AtomicBool::new(false));
    let start = Instant::now();
    let broken = thread::scope(|scope| {
        let killing = scope.spawn(|| kill_replicas(&replicas, &done, seed));
        let breaking = scope.spawn(|| break_things(&plane, &proxies, &done, seed));
        requests::run(&plane, &names, &log, (CLIENTS, requests, Duration::from_secs(TTL)), seed);
        done.store(true, Ordering::Relaxed);
        (killing.join().unwrap(), breaking.join().unwrap())
    });
    let took = start.elapsed();

    let counted = history::count(&plane, "race-");
    let (created, denied) = (log.of(Outcome::Created), log.of(Outcome::Denied));
    let false_denials = log.false_denials(hard);
    let (writes, conflicts) = (replicas.counted("ledger_writes"), replicas.counted("ledger_conflicts"));
    let mut latencies = log.latencies.lock().unwrap().clone();
    latencies.sort();
    println!(
        "{requests} requests in {took:.1?}: {created} created, {denied} denied, {} deleted, {} failed; {} replicas killed, {} watches \
         broken, the API server restarted {} times",
        log.of(Outcome::Deleted),
        log.of(Outcome::Failed),
        broken.0,
        broken.1.0,
        broken.1.1,
    );
    println!(
        "stored: {} events, at most {}m cpu of {}m and {} pods of {}; {false_denials} false denials",
        counted.events, counted.most.0, hard.0, counted.most.1, hard.1
    );
    println!(
        "{writes} writes and {conflicts} conflicts: {:.3} writes per admitted pod; create p50 {:.1?}, p99 {:.1?}",
        writes / f64::from(u32::try_from(created.max(1)).unwrap()),
        latencies[latencies.len() / 2],
        latencies[latencies.len() * 99 / 100],
    );
    assert_eq!(*log.odd.lock().unwrap(), Vec::<String>::new());
    assert!(counted.most.0 <= 20_000 && counted.most.1 <= 150, "SEED={seed}: {counted:?}");
    assert!(
        counted.created >= created && created > requests / 10 && denied > 0,
        "SEED={seed}: nothing happened: {counted:?}"
    );
    assert!(counted.most.1 > 120, "SEED={seed}: the limit was never near: {counted:?}");
    assert!(
        false_denials * 100 < denied + created,
        "SEED={seed}: {false_denials} false denials\n{}",
        replicas.logs()
    );

    // When all has come to rest, nothing stays reserved, and what is charged is what is there.
    eventually(Duration::from_secs(TTL + 60), "an empty ledger", || {
        reserved(&plane, "race").is_empty().then_some(())
    });
    let (cpu, pods) = history::count(&plane, "race-").last;
    eventually(Duration::from_secs(20), "a status that is a recount", || {
        let status = status(&plane, "race");
        let quantity = |key: &str| {
            status["used"][key].as_str().unwrap_or_default().parse::<passmuster::quantity::Quantity>()
        };
        let cpu_said = quantity("requests.cpu").ok()?.milli();
        let pods_said = quantity("pods").ok()?.ceil();
        let same = cpu_said == i128::from(cpu) && pods_said == i128::from(pods);
        (same && status["reserved"].is_null()).then_some(())
    });
    let drift = replicas.counted("ledger_drift");
    assert!(drift < 0.5, "sums drifted {drift} times");
}

/// Waits until the API server calls the webhook: it learns of that by a watch.
fn called(plane: &ControlPlane, namespace: &str) {
    let too_much = crate::world::pod(namespace, "probe", "999k");
    eventually(Duration::from_secs(30), "a call of the webhook", || {
        let path = format!("/api/v1/namespaces/{namespace}/pods?dryRun=All");
        crate::world::said(&plane.api().create(&path, &too_much)).contains("exceeded quota").then_some(())
    });
}

/// Kills one replica after the other and starts another in its place, until it is done; how many.
fn kill_replicas(replicas: &Replicas<'_>, done: &AtomicBool, seed: u64) -> usize {
    let mut random = Random::new(seed ^ 0xdead);
    for killed in 0.. {
        thread::sleep(Duration::from_millis(1500));
        if done.load(Ordering::Relaxed) {
            return killed;
        }
        replicas.replace(random.range(0, 3));
    }
    unreachable!("it is done before")
}

/// Breaks watches and restarts the API server until it is done; how often each.
fn break_things(plane: &ControlPlane, proxies: &[Proxy], done: &AtomicBool, seed: u64) -> (usize, usize) {
    let mut random = Random::new(seed ^ 0xbeef);
    let mut broken = (0, 0);
    for round in 0.. {
        thread::sleep(Duration::from_millis(900));
        if done.load(Ordering::Relaxed) {
            break;
        }
        if round % 6 == 2 {
            plane.stop_apiserver();
            thread::sleep(Duration::from_millis(300));
            plane.start_apiserver().unwrap();
            broken.1 += 1;
        } else {
            let proxy = &proxies[random.range(0, proxies.len())];
            broken.0 += if random.percent(50) { proxy.drop_watches() } else { proxy.expire_watches() };
        }
    }
    broken
}

/// The 50th and 99th of a hundred.
fn percentiles(log: &Log) -> (Duration, Duration) {
    let mut latencies = log.latencies.lock().unwrap().clone();
    latencies.sort();
    (latencies[latencies.len() / 2], latencies[latencies.len() * 99 / 100])
}

#[test]
fn a_reservation_costs_few_writes() {
    let seed = number("SEED", 20_261_128);
    let requests = usize::try_from(number("LEDGER_REQUESTS", REQUESTS as u64)).unwrap();
    let plane = plane();
    quota(&plane, "race", &json!({"hard": {"requests.cpu": "100k", "pods": "100k"}}));
    let (names, others) = (namespaces(&plane, "race", NAMESPACES), namespaces(&plane, "plain", NAMESPACES));
    let configs = [plane.kubeconfig(); 3];
    let replicas = Replicas::start(&plane, &configs, &["--log", "error,passmuster_webhook::run=info"]);
    let (without, with) = (Log::default(), Log::default());
    let how = (CLIENTS, requests, Duration::ZERO);
    requests::run(&plane, &others, &without, how, seed);
    replicas.register("race", ("project", "race"), &["pods"], 10);
    called(&plane, &names[0]);
    requests::run(&plane, &names, &with, how, seed);
    thread::sleep(Duration::from_secs(3));
    let (writes, conflicts) = (replicas.counted("ledger_writes"), replicas.counted("ledger_conflicts"));
    let created = with.of(Outcome::Created);
    let each = writes / f64::from(u32::try_from(created.max(1)).unwrap());
    let ((p50, p99), (plain50, plain99)) = (percentiles(&with), percentiles(&without));
    println!(
        "{CLIENTS} clients, 3 replicas, {created} pods admitted: {writes} writes and {conflicts} conflicts, {each:.3} writes \
         per pod; create p50 {p50:.1?}, p99 {p99:.1?}, without the webhook {plain50:.1?} and {plain99:.1?}"
    );
    assert_eq!(
        (with.of(Outcome::Denied), with.of(Outcome::Failed)),
        (0, 0),
        "{:?}\n{}",
        with.odd,
        replicas.logs()
    );
    assert!(each <= 0.2, "{writes} writes for {created} pods");
}
