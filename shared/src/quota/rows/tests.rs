use super::*;
use crate::quota::{
    Amounts, Dimension, QuotaUsage, Rate, Row,
    inventory::{Inventory, NamespaceFacts, NamespaceQuota, PodKey},
    project::{Model, Project, Slice},
};

fn amounts(text: &str) -> Amounts {
    text.split_whitespace()
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(key, amount)| (key.to_owned(), amount.parse().unwrap()))
        .collect()
}

fn quota(namespace: &str, name: &str, scopes: &str, hard: &str, used: &str) -> NamespaceQuota {
    NamespaceQuota {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        scopes: scopes.to_owned(),
        hard: amounts(hard),
        used: amounts(used),
    }
}

/// A cluster with namespaces `web` and `api` of project shop, and `free` of none.
fn cluster(name: &str) -> Read {
    let mut inventory = Inventory::default();
    for (namespace, project) in [("web", Some("shop")), ("api", Some("shop")), ("free", None)] {
        let facts = NamespaceFacts { project: project.map(str::to_owned), ..NamespaceFacts::default() };
        inventory.namespaces.insert(namespace.to_owned(), facts);
    }
    for node in ["n1", "n2"] {
        inventory.nodes.insert(node.to_owned(), amounts("cpu=8 memory=16Gi pods=110"));
    }
    for (namespace, node, requests, limits) in [
        ("web", "n1", "cpu=1 memory=1Gi", "cpu=2"),
        ("web", "n2", "cpu=500m memory=1Gi", "cpu=2"),
        ("api", "n1", "cpu=2 nvidia.com/gpu=1", ""),
        ("free", "n2", "memory=1Gi", ""),
    ] {
        let key = PodKey { namespace: namespace.to_owned(), node: node.to_owned(), ..PodKey::default() };
        let totals = inventory.pods.of(key);
        totals.pods += 1;
        totals.requests.add_all(&amounts(requests));
        totals.limits.add_all(&amounts(limits));
    }
    inventory.quotas = vec![
        quota("web", "default", "", "requests.cpu=4 pods=10", "requests.cpu=1500m pods=2"),
        quota("web", "strict", "", "requests.cpu=2", "requests.cpu=1500m"),
        quota("api", "default", "", "requests.cpu=2", "requests.cpu=2"),
    ];
    let mut read = Read { inventory, ..Read::default() };
    read.entry.name = name.to_owned();
    read.entry.context = name.to_owned();
    read
}

fn project(hard: &str) -> Project {
    let source = "ProjectQuota.passmuster.dev/shop".parse().unwrap();
    Project { hard: amounts(hard), ..Project::new("shop", "passmuster", source) }
}

fn usage(clusters: &[Read], by: &str, resources: &str) -> QuotaUsage {
    let list = |text: &str| -> Vec<String> {
        text.split(',').filter(|item| !item.is_empty()).map(str::to_owned).collect()
    };
    let by: Vec<Dimension> = list(by).iter().map(|name| name.parse().unwrap()).collect();
    assemble(clusters, &RowOptions { by, resources: list(resources), ..RowOptions::default() })
}

/// One line a row: what tells it apart, and hard, used, requested, limited.
fn lines(rows: &[Row]) -> Vec<String> {
    let optional =
        |amount: Option<crate::quantity::Quantity>| amount.map_or("-".to_owned(), |a| a.to_string());
    rows.iter()
        .map(|row| {
            let names = [&row.cluster, &row.project, &row.namespace, &row.node, &row.quota];
            let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
            let amounts = [row.hard, row.used, row.requested, row.limited].map(optional).join(" ");
            format!("{} {}: {amounts}", names.join("/"), row.resource).trim_start().to_owned()
        })
        .collect()
}

#[test]
fn a_namespace_has_a_row_for_each_key_of_each_quota() {
    let usage = usage(&[cluster("a")], "namespace", "cpu,pods");
    assert_eq!(
        lines(&usage.rows),
        [
            "api/default requests.cpu: 2 2 2 0",
            "free cpu: - - 0 0",
            "web/default pods: 10 2 2 -",
            "web/default requests.cpu: 4 1500m 1500m 4",
            "web/strict requests.cpu: 2 1500m 1500m 4",
        ]
    );
    // Of two quotas for one key the smaller is what the namespace may have.
    assert_eq!(lines(&usage.totals), ["pods: 10 2 4 -", "requests.cpu: 4 3500m 3500m 4"]);
}

#[test]
fn what_no_quota_limits_has_a_row_by_its_own_name() {
    let usage = usage(&[cluster("a")], "namespace", "memory,gpu");
    assert_eq!(
        lines(&usage.rows),
        [
            "api memory: - - 0 0",
            "api nvidia.com/gpu: - - 1 0",
            "free memory: - - 1Gi 0",
            "web memory: - - 2Gi 0"
        ]
    );
    assert_eq!(usage.rows[3].allocatable.unwrap().to_string(), "32Gi");
    assert_eq!(usage.rows[3].rate.unwrap().decimal(), "0.0625000000");
}

#[test]
fn a_projects_own_quota_is_charged_by_its_model() {
    let mut read = cluster("a");
    let mut project = project("requests.cpu=10 limits.cpu=20 pods=5");
    read.inventory.projects = vec![project.clone()];
    let rows = usage(&[read.clone()], "project", "cpu,pods");
    assert_eq!(
        lines(&rows.rows),
        [
            "cpu: - - 0 0",
            "shop/ProjectQuota/shop limits.cpu: 20 4 3500m 4",
            "shop/ProjectQuota/shop pods: 5 3 3 -",
            "shop/ProjectQuota/shop requests.cpu: 10 3500m 3500m 4",
        ]
    );
    project.model = Model::Allocation;
    read.inventory.projects = vec![project];
    let rows = usage(&[read], "project,namespace", "requests.cpu");
    assert_eq!(
        lines(&rows.rows),
        [
            "shop/ProjectQuota/shop requests.cpu: 10 4 3500m 4",
            "shop/api/default requests.cpu: 2 2 2 0",
            "shop/web/default requests.cpu: 4 1500m 1500m 4",
            "shop/web/strict requests.cpu: 2 1500m 1500m 4",
        ]
    );
}

#[test]
fn a_project_may_have_slices_in_other_clusters() {
    let (mut a, b) = (cluster("a"), cluster("b"));
    let slice =
        |cluster: &str, hard: &str| Slice { cluster: cluster.to_owned(), hard: amounts(hard), used: None };
    let slices = vec![slice("a", "requests.cpu=5"), slice("b", "requests.cpu=3")];
    a.inventory.projects = vec![Project { slices, ..project("requests.cpu=9") }];
    let rows = usage(&[a.clone(), b.clone()], "cluster,project", "requests.cpu");
    assert_eq!(
        lines(&rows.rows),
        [
            "a/shop/ProjectQuota/shop requests.cpu: 5 3500m 3500m 4",
            "b/shop/ProjectQuota/shop requests.cpu: 3 3500m 3500m 4",
        ]
    );
    let rows = usage(&[a, b], "project", "requests.cpu");
    assert_eq!(lines(&rows.rows), ["shop/ProjectQuota/shop requests.cpu: 8 7 7 8"]);
    assert_eq!(lines(&rows.totals), ["requests.cpu: 8 7 7 8"]);
}

#[test]
fn quotas_know_nothing_of_nodes() {
    let mut read = cluster("a");
    read.inventory.nodes.insert("n3".to_owned(), amounts("cpu=4"));
    let rows = usage(&[read], "node", "cpu");
    assert_eq!(lines(&rows.rows), ["n1 cpu: - - 3 2", "n2 cpu: - - 500m 2", "n3 cpu: - - 0 0"]);
    assert_eq!(rows.rows[0].allocatable.unwrap().to_string(), "8");
    assert_eq!(lines(&rows.totals), ["cpu: - - 3500m 4"]);
}

#[test]
fn scoped_quotas_add_up_and_those_of_all_objects_bound_them() {
    let scoped = [
        quota("n", "a", "BestEffort", "pods=2", "pods=1"),
        quota("n", "b", "NotBestEffort", "pods=3", "pods=2"),
    ];
    let sum = super::charge::effective(&scoped);
    assert_eq!(sum["n"].hard, amounts("pods=5"));
    assert_eq!(sum["n"].used, amounts("pods=3"));
    let all = [scoped[0].clone(), quota("n", "c", "", "pods=4", "pods=3")];
    assert_eq!(super::charge::effective(&all)["n"].hard, amounts("pods=4"));
}

#[test]
fn only_what_is_over_and_in_what_order() {
    let clusters = [cluster("a")];
    let mut options = RowOptions {
        by: vec![Dimension::Namespace],
        resources: vec!["requests.cpu".to_owned()],
        ..RowOptions::default()
    };
    options.threshold = Some(Rate::from_percent(75));
    let over = assemble(&clusters, &options);
    assert_eq!(
        lines(&over.rows),
        ["api/default requests.cpu: 2 2 2 0", "web/strict requests.cpu: 2 1500m 1500m 4"]
    );
    assert!(over.totals.is_empty());
    options.threshold = None;
    options.sort_by = vec!["rate:asc".parse().unwrap()];
    let names =
        |usage: QuotaUsage| -> Vec<String> { usage.rows.into_iter().filter_map(|row| row.quota).collect() };
    assert_eq!(names(assemble(&clusters, &options)), ["default", "strict", "default"]);
    assert!("nonsense".parse::<SortBy>().unwrap_err().to_string().contains("peak-rate"));
}

#[test]
fn a_cluster_that_failed_has_an_entry_and_no_rows() {
    let mut dead = cluster("dead");
    dead.entry.error = Some("no answer".to_owned());
    let usage = usage(&[dead, cluster("a")], "cluster", "memory");
    assert_eq!(usage.clusters.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["a", "dead"]);
    assert_eq!(lines(&usage.rows), ["a memory: - - 3Gi 0"]);
}
