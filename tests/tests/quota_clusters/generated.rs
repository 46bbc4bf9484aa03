//! Kubeconfigs that nobody wrote: whatever leads where, each cluster answers once, by the context that should ask.

use std::collections::{BTreeMap, BTreeSet};

use passmuster::cluster::{Error, fleet::Which};
use passmuster_tests::{ControlPlane, Kubeconfig, kubeconfig::User, population::Random};

use crate::world::{DEADLINE, ask, elsewhere, may_list, world};

const CASES: usize = 40;
const ADDRESSES: [&str; 4] = ["live-1", "live-2", "strict-1", "strict-2"];
const USERS: [&str; 4] = ["admin", "nobody", "unknown", "no-plugin"];

/// A context: its cluster entry, and who asks.
type Contexts = BTreeMap<String, (&'static str, &'static str)>;

/// What is expected of a cluster: the context that it is asked by, the others, and whether it answers.
type Expected = BTreeSet<(String, Vec<String>, bool)>;

fn kubeconfig(contexts: &Contexts, current: &str) -> Kubeconfig {
    let plane = |name: &str| -> &'static ControlPlane {
        if name.starts_with("live") { &world().live } else { &world().strict }
    };
    let mut config = Kubeconfig::new().current(current);
    for name in ADDRESSES {
        let plane = plane(name);
        let cluster = if name.ends_with('1') { plane.cluster() } else { elsewhere(plane) };
        config = config
            .cluster(name, &cluster)
            .user(&format!("admin of {name}"), &plane.admin())
            .user(&format!("nobody of {name}"), &plane.user("nobody", None).unwrap())
            .user(&format!("unknown of {name}"), &User::token("wrong"))
            .user(&format!("no-plugin of {name}"), &User::exec("/nonexistent/plugin", &[]));
    }
    for (name, (cluster, user)) in contexts {
        config = config.context(name, cluster, &format!("{user} of {cluster}"), None);
    }
    config
}

/// By the rules: one address is one cluster; two addresses are one when somebody at each may read the uid.
fn expected(contexts: &Contexts, current: &str) -> Expected {
    let told = |address: &str| contexts.values().any(|(other, user)| *other == address && *user == "admin");
    let mut clusters: BTreeMap<String, Vec<(&String, &str)>> = BTreeMap::new();
    for (name, (address, user)) in contexts {
        let cluster = if told(address) { address.split('-').next().unwrap() } else { address };
        clusters.entry(cluster.to_owned()).or_default().push((name, user));
    }
    let entry = |mut members: Vec<(&String, &str)>| {
        members.sort_by_key(|(name, _)| (*name != current, *name));
        let answers = members.iter().find(|(_, user)| *user == "admin");
        let (asks, _) = answers.or(members.first()).unwrap();
        let mut also: Vec<String> =
            members.iter().filter(|(name, _)| name != asks).map(|(name, _)| (*name).clone()).collect();
        also.sort();
        ((*asks).clone(), also, answers.is_some())
    };
    clusters.into_values().map(entry).collect()
}

#[test]
fn each_cluster_answers_once_by_the_context_that_should_ask() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121);
    println!("SEED={seed}");
    let mut random = Random::new(seed);
    let (mut shared, mut unanswered) = (0, 0);
    for case in 0..CASES {
        let contexts: Contexts = (0..random.range(1, 9))
            .map(|_| {
                let name = format!("c{:02}", random.range(0, 100));
                (name, (ADDRESSES[random.range(0, 4)], USERS[random.range(0, 4)]))
            })
            .collect();
        let names: Vec<&str> = contexts.keys().map(String::as_str).collect();
        let current = if random.percent(70) { random.choose(&names) } else { "" };
        let file = world().write(&kubeconfig(&contexts, current));
        let asked = ask(&file, &Which::All, Some(DEADLINE), may_list).unwrap();
        let sorted = asked.is_sorted_by(|a, b| a.name < b.name);
        let told: Expected = asked
            .into_iter()
            .map(|asked| {
                (asked.context, asked.also, asked.answer.map_err(|error: Error| error.to_kubectl()).is_ok())
            })
            .collect();
        let expected = expected(&contexts, current);
        assert_eq!(told, expected, "SEED={seed} case {case}: current {current:?} of {contexts:#?}");
        assert!(sorted, "SEED={seed} case {case}");
        shared += expected.iter().filter(|(_, also, _)| !also.is_empty()).count();
        unanswered += expected.iter().filter(|(.., answers)| !answers).count();
    }
    assert!(shared > 10 && unanswered > 10, "too few cases of either: {shared} {unanswered}");
}
