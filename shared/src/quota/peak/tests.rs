use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{
    MemoryKind, PeakRow, Piece, Workload, Workloads,
    count::{self, PodPeaks},
    owners::{Owners, Replicas},
    promql::{Layout, Measure, Naming, Queries},
};
use crate::{
    prometheus::{Point, Sample},
    quantity::Quantity,
    quota::Amounts,
};

fn sample(labels: &[(&str, &str)], value: &str) -> Sample {
    Sample {
        labels: labels.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect(),
        value: Some(Point(0.0, value.to_owned())),
    }
}

fn owner(owned: (&str, &str), kind: &str, name: &str) -> Sample {
    let labels = [
        ("namespace", "ns"),
        ("pod", "kube-state-metrics-0"),
        owned,
        ("owner_kind", kind),
        ("owner_name", name),
    ];
    sample(&labels, "1")
}

fn owners(samples: &[Sample]) -> Owners {
    let mut owners = Owners::default();
    owners.read(samples, Naming::Own);
    owners.settle();
    owners
}

fn shown(workload: Option<Workload>) -> String {
    workload.map_or_else(|| "-".to_owned(), |workload| workload.to_string())
}

#[test]
fn the_topmost_controller_owns() {
    let owners = owners(&[
        owner(("pod", "web-6c7d8b9f5d-j7k8l"), "ReplicaSet", "web-6c7d8b9f5d"),
        owner(("replicaset", "web-6c7d8b9f5d"), "Deployment", "web"),
        owner(("pod", "backup-28383840-bcdfg"), "Job", "backup-28383840"),
        owner(("job_name", "backup-28383840"), "CronJob", "backup"),
        owner(("pod", "bare-bcdfg"), "ReplicaSet", "bare"),
        owner(("pod", "odd"), "", ""),
    ]);
    for (pod, expected) in [
        ("web-6c7d8b9f5d-j7k8l", "Deployment/web"),
        // Too short-lived to have been seen: a sibling was.
        ("web-6c7d8b9f5d-zzzzz", "Deployment/web"),
        ("backup-28383840-bcdfg", "CronJob/backup"),
        ("bare-bcdfg", "ReplicaSet/bare"),
        ("odd", "-"),
        ("unknown", "-"),
        ("kube-state-metrics-0", "-"),
    ] {
        assert_eq!(shown(owners.of("ns", pod)), expected, "{pod}");
    }
    assert_eq!(owners.of("other", "web-6c7d8b9f5d-j7k8l"), None);
}

#[test]
fn prometheus_knows_the_past_and_the_cluster_the_present() {
    let known = |pod: &str, kind: &str| ((("ns".to_owned()), pod.to_owned()), Workload::new(kind, "web"));
    let mut owners = Owners::default();
    owners.read(&[owner(("pod", "a"), "StatefulSet", "a")], Naming::Own);
    let workloads = Workloads {
        owners: BTreeMap::from([known("a", "Rollout"), known("b", "Rollout")]),
        replicas: BTreeMap::from([(("ns".to_owned(), Workload::new("Rollout", "web")), 2)]),
    };
    owners.read_known(&workloads);
    owners.settle();
    assert_eq!(
        (shown(owners.of("ns", "a")), shown(owners.of("ns", "b"))),
        ("StatefulSet/a".into(), "Rollout/web".into())
    );
    let mut replicas = Replicas::default();
    replicas.read_known(&workloads);
    assert_eq!(replicas.of("ns", &Workload::new("Rollout", "web")), Some(2));
}

#[test]
fn a_cron_job_has_the_pods_of_the_jobs_that_run_at_once() {
    let owners = owners(&[
        owner(("job_name", "j-1"), "CronJob", "j"),
        owner(("job_name", "j-2"), "CronJob", "j"),
        owner(("job_name", "k-1"), "CronJob", "k"),
    ]);
    let count = |labels: &[(&str, &str)], value: &str| {
        sample(&[&[("namespace", "ns"), ("pod", "kube-state-metrics-0")], labels].concat(), value)
    };
    let mut replicas = Replicas::default();
    replicas.read(
        &[
            count(&[("job_name", "j-1")], "2"),
            count(&[("job_name", "j-2")], "3"),
            count(&[("cronjob", "j")], "2"),
            count(&[("cronjob", "k")], "0"),
            count(&[("deployment", "web")], "4"),
            count(&[("deployment", "web")], "3"),
            count(&[("deployment", "odd")], "NaN"),
            count(&[], "7"),
        ],
        Naming::Own,
    );
    replicas.settle(&owners);
    let of = |kind: &str, name: &str| replicas.of("ns", &Workload::new(kind, name));
    assert_eq!((of("CronJob", "j"), of("CronJob", "k")), (Some(6), Some(1)));
    assert_eq!(
        (of("Deployment", "web"), of("Deployment", "odd"), of("Job", "j-2")),
        (Some(4), None, Some(3))
    );
}

#[test]
fn of_a_rollouts_sets_the_largest_counts() {
    let mut replicas = Replicas::default();
    let at_once = |set: &str, count: &str| sample(&[("namespace", "ns"), ("set", set)], count);
    replicas.read_at_once(&[at_once("web-a", "2"), at_once("web-b", "3"), at_once("web-a", "1")]);
    let most = |pods: &[&str]| replicas.at_once("ns", pods.iter().copied());
    assert_eq!(most(&["web-a-bcdfg", "web-b-bcdfg"]), Some(3));
    assert_eq!(most(&["web-a-bcdfg"]), Some(2));
    // Nothing is known of one of them: nothing is taken away.
    assert_eq!((most(&["web-a-bcdfg", "web-c-bcdfg"]), most(&["web-0"]), most(&[])), (None, None, None));
}

#[test]
fn texts_of_queries() {
    let queries = Queries { matchers: BTreeMap::from([("cluster".into(), "a\"b".into())]) };
    let piece = Piece { namespaces: vec!["x".into(), "y.z".into()], from: 0, until: 86_400 };
    assert_eq!(
        queries.peaks(Measure::Cpu, Layout::OfPods, &piece),
        r#"max by (namespace, pod) (max_over_time(irate(container_cpu_usage_seconds_total{cluster="a\"b",namespace=~"x|y\\.z",pod!="",container="",image=""}[300s])[86400s:60s]))"#
    );
    let one = Piece { namespaces: vec!["x".into()], ..piece };
    let queries = Queries::default();
    let memory = Measure::Memory(MemoryKind::Usage);
    assert_eq!(
        queries.peaks(memory, Layout::OfPods, &one),
        r#"max by (namespace, pod) (max_over_time(container_memory_usage_bytes{namespace="x",pod!="",container="",image=""}[86400s]))"#
    );
    // What a first step sees of memory may lie before it, and must not lie before the window.
    assert!(queries.concurrent(memory, Layout::OfPods, &one, 0).ends_with("[86100s:60s])"));
    assert!(queries.concurrent(memory, Layout::OfPods, &one, -300).ends_with("[86400s:60s])"));
    assert!(queries.concurrent(Measure::Cpu, Layout::OfPods, &one, 0).ends_with("[86400s:60s])"));
}

/// Peaks, and which of three workloads each pod belongs to.
fn pods() -> impl Strategy<Value = Vec<(u8, i64, i64)>> {
    proptest::collection::vec((0_u8..3, 0_i64..1000, 0_i64..1000), 0..25)
}

proptest! {
    #[test]
    fn the_highest_count_and_no_more_than_replicas(pods in pods(), most in proptest::array::uniform3(0_u64..6)) {
        let mut samples = Vec::new();
        let mut peaks = PodPeaks::new();
        for (number, (workload, cpu, memory)) in pods.iter().enumerate() {
            let pod = format!("pod{number}");
            samples.push(owner(("pod", &pod), "StatefulSet", &format!("w{workload}")));
            let amounts = Amounts::from_iter([("cpu".into(), Quantity::from(*cpu)), ("memory".into(), Quantity::from(*memory))]);
            peaks.insert(("ns".into(), pod), amounts);
        }
        let owners = owners(&samples);
        let mut replicas = Replicas::default();
        let named = |(number, most): (usize, &u64)| {
            sample(&[("namespace", "ns"), ("statefulset", &format!("w{number}"))], &most.to_string())
        };
        replicas.read(&most.iter().enumerate().map(named).collect::<Vec<_>>(), Naming::Own);
        let mut rows = count::rows(peaks, &owners);
        prop_assert_eq!(count::count(&mut rows, &owners, &replicas), 0);
        prop_assert!(rows.is_sorted_by_key(|row| (row.namespace.clone(), row.owner.clone(), row.pod.clone())));

        for resource in ["cpu", "memory"] {
            for (workload, most) in most.iter().enumerate() {
                let name = format!("StatefulSet/w{workload}");
                let of: Vec<&PeakRow> = rows.iter().filter(|row| row.owner.as_deref() == Some(&name)).collect();
                let mut all: Vec<_> = of.iter().map(|row| row.peak.of(resource)).collect();
                all.sort_unstable();
                let highest: Quantity = all.iter().rev().take(usize::try_from(*most).unwrap().max(1)).copied().sum();
                let counted: Vec<_> = of.iter().filter_map(|row| row.counted.get(resource)).collect();
                prop_assert!(counted.len() <= usize::try_from(*most).unwrap().max(1));
                prop_assert_eq!(counted.into_iter().sum::<Quantity>(), highest);
            }
        }
    }

    #[test]
    fn a_sums_peak_is_bound_by_the_sum(values in proptest::collection::vec(0_i64..100, 0..6), sum in 0_i64..700) {
        let mut peaks = PodPeaks::new();
        for (number, value) in values.iter().enumerate() {
            let amounts = Amounts::from_iter([("cpu".to_owned(), Quantity::from(*value))]);
            peaks.insert(("ns".into(), number.to_string()), amounts);
        }
        let mut concurrent =
            BTreeMap::from([("ns".to_owned(), Amounts::from_iter([("cpu".to_owned(), Quantity::from(sum))]))]);
        count::bound(&mut concurrent, &peaks);
        let expected = sum.min(values.iter().sum());
        prop_assert_eq!(concurrent["ns"].of("cpu"), Quantity::from(expected));
    }
}
