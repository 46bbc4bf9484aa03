//! The numbers of a day, worked out by hand from `day`.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::sync::OnceLock;

use passmuster::cluster::Env;
use passmuster::prometheus::{Client, Target, check};
use passmuster::quota::peak::{Mapping, MemoryKind, PeakQuestion, Workload, Workloads};
use passmuster_tests::{History, Prometheus, PrometheusOptions};

use crate::day::day;
use crate::support::{ask, by_namespace, by_owner, concurrent, day_question, run, target};
use crate::world::{State, UNTIL, World, flat};

/// 400+300+500+200 of web, 250+700+650+600+710 of api, 100+101+…+123 of backup, 320+350 of redis, and 10.
/// 100+120+90+130, 64+80+81+82+83, 50+51+…+73, 256+300, and 8.
const PLAIN: [&str; 4] = ["pair 1100m 164Mi", "shop 7666m 2870Mi", "split 500m 250Mi", "stage 50m 32Mi"];
/// 500+400, 710+700+650, 123, 320+350 and 10; 130+120, 83+82+81, 73, 256+300 and 8.
const ACCURATE: [&str; 4] = ["pair 1100m 164Mi", "shop 3763m 1133Mi", "split 500m 250Mi", "stage 50m 32Mi"];

fn started(history: &History) -> Prometheus {
    Prometheus::start(history, PrometheusOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn shared() -> &'static Prometheus {
    static SHARED: OnceLock<Prometheus> = OnceLock::new();
    SHARED.get_or_init(|| started(&day(State::Own).history))
}

fn accurate() -> PeakQuestion {
    PeakQuestion { accurate: true, ..day_question() }
}

#[test]
fn the_plain_way_adds_up_every_pod_of_the_day() {
    let peaks = ask(&target(shared()), &day_question()).unwrap();
    assert_eq!(by_namespace(&peaks), PLAIN);
    assert_eq!((&peaks.skipped[..], &peaks.warnings[..]), (&[][..], &[][..]));
    assert!(peaks.rows.iter().all(|row| row.owner.is_none() && row.peak == row.counted));
    // Two pods of one name in two namespaces, and one pod that was made anew.
    let redis: Vec<_> = peaks.rows.iter().filter(|row| row.pod == "redis-0").collect();
    let shown: Vec<_> = redis.iter().map(|row| format!("{} {}", row.namespace, row.peak.of("cpu"))).collect();
    assert_eq!(shown, ["shop 320m", "stage 50m"]);
}

#[test]
fn the_accurate_way_counts_replicas() {
    let peaks = ask(&target(shared()), &accurate()).unwrap();
    assert_eq!(by_namespace(&peaks), ACCURATE);
    assert_eq!(
        by_owner(&peaks),
        [
            "pair - 1100m 164Mi",
            "shop - 10m 8Mi",
            "shop CronJob/backup 123m 73Mi",
            "shop Deployment/api 2060m 246Mi",
            "shop Deployment/web 900m 250Mi",
            "shop StatefulSet/redis 670m 556Mi",
            "split DaemonSet/duo 500m 250Mi",
            "stage StatefulSet/redis 50m 32Mi",
        ]
    );
    assert_eq!((&peaks.skipped[..], &peaks.warnings[..]), (&[][..], &[][..]));
    // The highest of each resource count, each for itself.
    let counted = |resource: &str| {
        let web = peaks.rows.iter().filter(|row| row.owner.as_deref() == Some("Deployment/web"));
        let counted = web.filter(|row| row.counted.get(resource).is_some());
        counted.map(|row| row.pod.rsplit('-').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        (counted("cpu"), counted("memory")),
        (vec!["b2c4d".into(), "j7k8l".into()], vec!["f5g6h".into(), "m9n2p".into()])
    );
}

#[test]
fn the_peak_of_the_sum_stands_beside() {
    let peaks = ask(&target(shared()), &day_question()).unwrap();
    let concurrent = concurrent(&peaks);
    // 600 of a while b has 50; 64 and 100 overlap. The containers of duo never are busy at once.
    assert_eq!(concurrent[0], "pair 650m 164Mi");
    assert_eq!(concurrent[2..], ["split 500m 250Mi", "stage 50m 32Mi"]);
    // Minute 320 to 325: api's two new pods 700 and 650 and the old one's 50, web's two 100, redis 300 and 350, alone
    // 10; the sixth run of backup begins at 302 with 105 and ends at 322, and is remembered for five minutes.
    assert_eq!(concurrent[1].split(' ').nth(1), Some("2365m"));
}

#[test]
fn working_sets_are_other_numbers() {
    let question = PeakQuestion { memory: MemoryKind::WorkingSet, ..day_question() };
    let peaks = ask(&target(shared()), &question).unwrap();
    let memory =
        |namespace: &str| peaks.by_namespace().get(namespace).map(|sum| sum.of("memory").to_string());
    // Nine tenths of what there is with the cache.
    assert_eq!((memory("stage"), memory("split")), (Some("30198988".into()), Some("225Mi".into())));
}

#[test]
fn only_what_was_asked_for() {
    let namespaces = BTreeSet::from(["stage".to_owned(), "split".to_owned(), "nowhere".to_owned()]);
    let peaks = ask(&target(shared()), &PeakQuestion { namespaces, ..day_question() }).unwrap();
    assert_eq!(by_namespace(&peaks), PLAIN[2..]);

    // The last six hours: web's new pods after their spikes, api's old pod after its, no more than that.
    let period = "6h".parse().unwrap();
    let peaks = ask(&target(shared()), &PeakQuestion { period, accurate: true, ..day_question() }).unwrap();
    let web = by_owner(&peaks).into_iter().find(|line| line.contains("/web")).unwrap_or_default();
    assert_eq!(web, "shop Deployment/web 200m 100Mi");
}

#[test]
fn pieces_give_the_same_as_the_whole() {
    let question = PeakQuestion { accurate: true, ..day_question() };
    let whole = ask(&target(shared()), &question).unwrap();
    let one = NonZeroU32::new(1);
    let target = Target { max_namespaces_per_query: one, concurrency: one, ..target(shared()) };
    assert_eq!(ask(&target, &question).unwrap(), whole);
}

#[test]
fn renamed_labels_of_kube_state_metrics_are_found() {
    let prometheus = started(&day(State::Exported).history);
    let peaks = ask(&target(&prometheus), &accurate()).unwrap();
    assert_eq!(by_namespace(&peaks), ACCURATE);
}

#[test]
fn without_kube_state_metrics_the_cluster_and_the_names_tell() {
    let prometheus = started(&day(State::Absent).history);
    let peaks = ask(&target(&prometheus), &accurate()).unwrap();
    assert_eq!(by_namespace(&peaks), ACCURATE);
    assert!(by_owner(&peaks).contains(&"shop Deployment/web 900m 250Mi".to_owned()));
    let said = peaks.warnings.join("\n");
    assert!(said.contains("no series of kube-state-metrics") && said.contains("of 40 pods"), "{said}");

    // The cluster knows better what a pod is that only its name made a Deployment's.
    let pod = |pod: &str| ("shop".to_owned(), pod.to_owned());
    let web = || Workload::new("Rollout", "web");
    let known = Workloads {
        owners: BTreeMap::from([(pod("web-6c7d8b9f5d-j7k8l"), web())]),
        replicas: BTreeMap::from([(("shop".to_owned(), web()), 1)]),
    };
    let peaks = ask(&target(&prometheus), &PeakQuestion { known, ..accurate() }).unwrap();
    let lines = by_owner(&peaks);
    assert!(lines.contains(&"shop Rollout/web 500m 130Mi".to_owned()), "{lines:?}");
}

/// Two clusters in one Prometheus: the same names, and in one of them other numbers.
#[test]
fn a_central_prometheus_is_told_which_cluster() {
    let mut small = World::new(State::Own);
    small.node("node-of-another");
    small.pod("stage", "redis-0", (0, 1440), flat(5), flat(7));
    let mut both = History::new();
    both.add_all(&day(State::Own).history, "cluster", "prod");
    both.add_all(&small.history, "cluster", "test");
    let prometheus = started(&both);
    let of = |cluster: &str| {
        let matchers = BTreeMap::from([("cluster".to_owned(), cluster.to_owned())]);
        Target { matchers, ..target(&prometheus) }
    };
    assert_eq!(by_namespace(&ask(&of("prod"), &accurate()).unwrap()), ACCURATE);
    assert_eq!(by_namespace(&ask(&of("test"), &accurate()).unwrap()), ["stage 5m 7Mi"]);

    // Nothing is said of a cluster that is not there, but that.
    let peaks = ask(&of(r#"nowhere"\"#), &accurate()).unwrap();
    assert!(peaks.rows.is_empty());
    assert!(
        peaks.warnings[0].contains(r#"no series of containers with cluster="nowhere\"\\" in the last 1d"#),
        "{peaks:?}"
    );

    let nodes = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let mapping = |target: &Target, names: &[&str]| {
        run(async { check(&Client::new(target, &Env::empty())?, &nodes(names), UNTIL).await }).unwrap()
    };
    let prod = ["node-0000", "node-0001", "node-0002", "node-0003"];
    assert_eq!(mapping(&of("prod"), &prod), Mapping::Right);
    let wrong = mapping(&of("test"), &prod);
    let said = wrong.warning(prometheus.url(), "prod-eu").unwrap_or_default();
    for part in [
        prometheus.url(),
        "is not the one of cluster prod-eu",
        "node-of-another",
        "node-0000, node-0001, node-0002 and 1 more",
    ] {
        assert!(said.contains(part), "{said}");
    }
    let mixed = mapping(&target(&prometheus), &prod);
    assert_eq!(mixed, Mapping::Mixed { foreign: nodes(&["node-of-another"]) });
    assert_eq!(mapping(&of("nowhere"), &prod), Mapping::Silent);
}

#[test]
fn without_kube_state_metrics_the_scraped_nodes_tell() {
    let mut world = World::new(State::Absent);
    world.node("node-0000");
    let prometheus = started(&world.history);
    let of = |name: &str| {
        let nodes = BTreeSet::from([name.to_owned()]);
        run(async { check(&Client::new(&target(&prometheus), &Env::empty())?, &nodes, UNTIL).await }).unwrap()
    };
    assert_eq!(of("node-0000"), Mapping::Right);
    assert!(matches!(of("other"), Mapping::Wrong { .. }));
}
