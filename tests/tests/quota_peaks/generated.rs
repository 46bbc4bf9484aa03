//! Made-up pasts, and what the queries are defined to say of them, worked out sample by sample.

#![expect(clippy::cast_precision_loss, reason = "times and values are far below 2^52")]

use std::collections::{BTreeMap, BTreeSet};

use passmuster::quantity::Quantity;
use passmuster::quota::peak::PeakQuestion;
use passmuster_tests::population::Random;
use passmuster_tests::{History, Prometheus, PrometheusOptions};

use crate::support::{ask, target};
use crate::world::UNTIL;

const PERIOD: i64 = 7200;
const NAMESPACES: usize = 80;
/// How far back a sample or a rate is looked for.
const BACK: i64 = 300;

/// A series: when, and what in thousandths.
type Samples = Vec<(i64, i64)>;

#[derive(Debug, Default)]
struct Pod {
    /// Counters of cpu time of the pod's own cgroups, one after another or at once.
    own: Vec<Samples>,
    /// Likewise of containers, by name.
    containers: BTreeMap<String, Vec<Samples>>,
}

type Namespace = BTreeMap<String, Pod>;

fn below(random: &mut Random, end: usize) -> i64 {
    i64::try_from(random.range(0, end)).expect("a small number")
}

/// When a pod is scraped: every so many seconds, never on the minute, with holes.
fn scrapes(random: &mut Random, (from, until): (i64, i64)) -> Vec<i64> {
    let interval = [15, 30, 60][random.range(0, 3)];
    let mut time = from + 1 + below(random, interval - 1);
    let interval = i64::try_from(interval).expect("a small number");
    let mut times = Vec::new();
    while time < until {
        times.push(time);
        time += interval * if random.percent(5) { 1 + below(random, 30) } else { 1 };
    }
    times
}

/// A gauge, or a counter that now and then begins anew.
fn samples(random: &mut Random, times: &[i64], counter: bool) -> Samples {
    let mut value = 0;
    let next = |time: &i64| {
        value = match counter {
            true if random.percent(3) => below(random, 1000),
            true => value + below(random, 60_000),
            false => below(random, 1 << 30) * 1000,
        };
        (*time, value)
    };
    times.iter().map(next).collect()
}

/// A pod; one of three kinds: with a series of its own, without, or with one for a part of its life.
fn pod(random: &mut Random, counter: bool, kind: usize) -> Pod {
    let from = UNTIL - PERIOD - 1200 + 60 * below(random, 120);
    let until = (from + 60 * (3 + below(random, 150))).min(UNTIL + 600);
    let times = scrapes(random, (from, until));
    let series = 1 + usize::from(random.percent(20));
    let mut made = Pod::default();
    if kind != 1 {
        let end = if kind == 2 { times.len() / 2 } else { times.len() };
        made.own = (0..series).map(|_| samples(random, &times[..end], counter)).collect();
    }
    for name in ["app", "sidecar"].into_iter().take(1 + random.range(0, 2)) {
        let all = (0..series).map(|_| samples(random, &times, counter)).collect();
        made.containers.insert(name.to_owned(), all);
    }
    made
}

fn namespace(random: &mut Random, counter: bool) -> Namespace {
    let kind = [0, 0, 1, 2][random.range(0, 4)];
    (0..=random.range(0, 4)).map(|number| (format!("pod-{number}"), pod(random, counter, kind))).collect()
}

fn add(history: &mut History, metric: &str, namespace: &str, pods: &Namespace) {
    for (pod, made) in pods {
        let identity = [("namespace", namespace), ("pod", pod.as_str())];
        let mut number = 0;
        let mut add = |labels: &[(&str, &str)], samples: &Samples| {
            number += 1;
            let id = format!("/{namespace}/{pod}/{number}");
            let text = |value: i64| format!("{}.{:03}", value / 1000, value % 1000);
            let samples = samples.iter().map(|(time, value)| (*time, text(*value)));
            history.add(metric, &[&identity[..], &[("id", &id)], labels].concat(), samples);
        };
        made.own.iter().for_each(|samples| add(&[], samples));
        for (container, all) in &made.containers {
            for samples in all {
                add(&[("container", container), ("image", "x")], samples);
            }
        }
    }
}

/// What a series says at a step, in units.
fn at(samples: &Samples, step: i64, counter: bool) -> Option<f64> {
    let seen: Vec<_> = samples.iter().filter(|(time, _)| (step - BACK..=step).contains(time)).collect();
    let (last, value) = *seen.last()?;
    if !counter {
        return Some(*value as f64 / 1000.0);
    }
    let (before, lower) = *seen.iter().rev().nth(1)?;
    let (value, lower) = (*value as f64 / 1000.0, *lower as f64 / 1000.0);
    Some(if value < lower { value } else { value - lower } / (last - before) as f64)
}

fn highest(values: impl Iterator<Item = f64>) -> Option<f64> {
    values.fold(None, |most: Option<f64>, value| Some(most.map_or(value, |most| most.max(value))))
}

/// What a pod uses at a step. Containers are looked at where some pod of the namespace lacks a series of its own.
fn at_step(pod: &Pod, step: i64, counter: bool, lacking: bool) -> Option<f64> {
    let of = |all: &Vec<Samples>| highest(all.iter().filter_map(|samples| at(samples, step, counter)));
    of(&pod.own).or_else(|| {
        if !lacking {
            return None;
        }
        let containers: Vec<f64> = pod.containers.values().filter_map(of).collect();
        (!containers.is_empty()).then(|| containers.iter().sum())
    })
}

fn steps(from: i64) -> impl Iterator<Item = i64> {
    (from..=UNTIL).step_by(60)
}

/// Whether at some step a pod's containers are seen and the pod itself is not.
fn is_lacking(pods: &Namespace) -> bool {
    let seen = |samples: &Samples, step| at(samples, step, false).is_some();
    pods.values().any(|pod| {
        steps(UNTIL - PERIOD).any(|step| {
            pod.containers.values().flatten().any(|samples| seen(samples, step))
                && !pod.own.iter().any(|samples| seen(samples, step))
        })
    })
}

fn peak(pod: &Pod, counter: bool, lacking: bool) -> Option<f64> {
    let from = UNTIL - PERIOD;
    if !counter && !lacking {
        let all = pod.own.iter().flatten().filter(|(time, _)| (from..=UNTIL).contains(time));
        return highest(all.map(|(_, value)| *value as f64 / 1000.0));
    }
    highest(steps(from).filter_map(|step| at_step(pod, step, counter, lacking)))
}

fn at_once(pods: &Namespace, counter: bool, lacking: bool) -> Option<f64> {
    let from = UNTIL - PERIOD + if counter { 0 } else { BACK };
    let sums = steps(from).filter_map(|step| {
        let seen: Vec<f64> = pods.values().filter_map(|pod| at_step(pod, step, counter, lacking)).collect();
        (!seen.is_empty()).then(|| seen.iter().sum())
    });
    highest(sums)
}

/// Cores to the nanocore, bytes to the byte; sums may be off by one for each pod.
fn same(told: Option<Quantity>, worked_out: Option<f64>, counter: bool, slack: u32) -> bool {
    let unit = if counter { 1_000_000_000.0 } else { 1.0 };
    let suffix = if counter { "n" } else { "" };
    match (told, worked_out) {
        (None, None) => true,
        (Some(told), Some(worked_out)) => {
            let expected = format!("{:.0}{suffix}", (worked_out * unit).round());
            let off = told - Quantity::parse(&expected).expect("a number");
            let slack = Quantity::parse(&format!("{slack}{suffix}")).expect("a number");
            off <= slack && -off <= slack
        }
        _ => false,
    }
}

#[test]
fn peaks_are_what_they_are_defined_to_be() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121);
    println!("SEED={seed}");
    let mut random = Random::new(seed);
    let names: Vec<_> = (0..NAMESPACES).map(|number| format!("ns-{number:03}")).collect();
    let [cpu, memory] = [true, false].map(|counter| {
        names.iter().map(|name| (name.clone(), namespace(&mut random, counter))).collect::<BTreeMap<_, _>>()
    });
    let mut history = History::new();
    for name in &names {
        add(&mut history, "container_cpu_usage_seconds_total", name, &cpu[name]);
        add(&mut history, "container_memory_usage_bytes", name, &memory[name]);
    }
    let prometheus =
        Prometheus::start(&history, PrometheusOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    let period = "2h".parse().expect("a period");
    let question = PeakQuestion { until: UNTIL, period, ..PeakQuestion::default() };
    let peaks = ask(&target(&prometheus), &question).unwrap_or_else(|error| panic!("{error}"));

    let rows: BTreeMap<_, _> =
        peaks.rows.iter().map(|row| ((row.namespace.as_str(), row.pod.as_str()), &row.peak)).collect();
    let mut seen = BTreeSet::new();
    for (counter, resource, all) in [(true, "cpu", &cpu), (false, "memory", &memory)] {
        for (name, pods) in all {
            let lacking = is_lacking(pods);
            let mut sum = 0.0;
            for (pod, made) in pods {
                let expected = peak(made, counter, lacking);
                let told = rows.get(&(name.as_str(), pod.as_str())).and_then(|peak| peak.get(resource));
                assert!(
                    same(told, expected, counter, 0),
                    "SEED={seed} {name}/{pod} {resource}: told {told:?}, worked out {expected:?}"
                );
                sum += expected.unwrap_or_default();
                seen.insert((resource, lacking, expected.is_some()));
            }
            let expected = at_once(pods, counter, lacking);
            let told = peaks.concurrent.get(name).and_then(|sum| sum.get(resource));
            assert!(
                same(told, expected, counter, 4),
                "SEED={seed} {name} {resource} at once: told {told:?}, worked out {expected:?}"
            );
            // The property, of what is defined and of what is told.
            assert!(
                expected.unwrap_or_default() <= sum + 1e-6,
                "SEED={seed} {name} {resource} {expected:?} {sum}"
            );
            let of_pods =
                peaks.by_namespace().get(name.as_str()).map(|sum| sum.of(resource)).unwrap_or_default();
            assert!(
                told.unwrap_or_default() <= of_pods,
                "SEED={seed} {name} {resource} {told:?} {of_pods:?}"
            );
        }
    }
    let every_case =
        [("cpu", false, true), ("cpu", true, true), ("memory", false, true), ("memory", true, true)];
    assert!(every_case.iter().all(|case| seen.contains(case)), "{seen:?}");
}
