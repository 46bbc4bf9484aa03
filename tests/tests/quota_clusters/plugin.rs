//! `kubectl quota-usage --all-clusters`, as a user runs it.

use passmuster_tests::{Kubeconfig, Plugin};
use serde_json::{Value, json};

use crate::world::{HANG, world};

fn plugin() -> Plugin {
    Plugin::new("kubectl-quota-usage").timeout(HANG)
}

/// A namespace of the living cluster with a quota.
fn quota() -> String {
    let plane = &world().live;
    let namespace = plane.namespace("fleet");
    plane
        .create(&json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "all", "namespace": namespace},
            "spec": {"hard": {"requests.cpu": "4"}}}))
        .unwrap();
    namespace
}

fn clusters(document: &Value) -> Vec<(String, bool)> {
    let entry = |entry: &Value| (entry["name"].as_str().unwrap().to_owned(), entry["error"].is_string());
    document["clusters"].as_array().unwrap().iter().map(entry).collect()
}

#[test]
fn every_living_row_and_each_error_is_printed() {
    let namespace = quota();
    let file = world().write(&world().contexts());
    let args = ["--all-clusters", "--cluster-timeout", "8s", "-o", "json"];
    let run = plugin().kubeconfig(&file).args(args).run().success();
    let document = run.json();
    assert_eq!(
        clusters(&document),
        [
            ("asking", true),
            ("forbidden", true),
            ("frozen", true),
            ("live", false),
            ("no-plugin", true),
            ("nowhere", true)
        ]
        .map(|(name, failed)| (name.to_owned(), failed))
    );
    assert_eq!(document["clusters"][3]["also"], json!(["mirror"]));
    let rows = document["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["namespace"] == *namespace).unwrap_or_else(|| panic!("{run}"));
    assert_eq!((&row["cluster"], &row["hard"]), (&json!("live"), &json!("4")), "{run}");
    assert!(rows.iter().all(|row| row["cluster"] == "live"), "{run}");
    // Each failure is one line.
    let told: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("warning: cluster \"")).collect();
    let names: Vec<&str> = told.iter().filter_map(|line| line.split('"').nth(1)).collect();
    assert_eq!(names, ["asking", "forbidden", "frozen", "no-plugin", "nowhere"], "{run}");

    let strict = plugin().kubeconfig(&file).args(args).arg("--strict").run().exits(4);
    assert_eq!(strict.json()["rows"], document["rows"]);
    // As a table, too.
    let table =
        plugin().kubeconfig(&file).args(["--all-clusters", "--cluster-timeout", "8s"]).run().success();
    assert!(table.stdout.contains(&namespace), "{table}");
}

#[test]
fn the_configuration_names_clusters_and_says_how_long_to_wait() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("c.yaml");
    let text = "clusters: {mirror: {name: 生产}}\nquota: {clusterTimeout: 8s, by: [cluster]}\n";
    std::fs::write(&config, text).unwrap();
    let file = world().write(&world().contexts());
    let run = |plugin: Plugin| {
        let plugin = plugin.kubeconfig(&file).args(["--contexts", "mirror,frozen", "-o", "json", "--config"]);
        plugin.arg(&config).run().success()
    };
    let first = run(plugin());
    assert_eq!(clusters(&first.json()), [("frozen".to_owned(), true), ("生产".to_owned(), false)]);
    assert!(first.stderr.contains("no answer within 8s"), "{first}");
    assert_eq!(first.json()["by"], json!(["cluster"]));
    // By whichever of its contexts it is asked.
    let plane = &world().live;
    let both = Kubeconfig::new()
        .cluster("c", &plane.cluster())
        .user("u", &plane.admin())
        .context("a", "c", "u", None)
        .context("mirror", "c", "u", None);
    let other = plugin().kubeconfig(&world().write(&both)).args(["--all-clusters", "-o", "json", "--config"]);
    let other = other.arg(&config).run().success().json();
    assert_eq!(clusters(&other), [("生产".to_owned(), false)]);
    assert_eq!(
        (&other["clusters"][0]["context"], &other["clusters"][0]["also"]),
        (&json!("a"), &json!(["mirror"]))
    );
    // The environment stands over the file, and a flag over both.
    let second =
        run(plugin().env("PASSMUSTER_QUOTA_CLUSTER_TIMEOUT", "2s").env("PASSMUSTER_QUOTA_BY", "namespace"));
    assert!(second.stderr.contains("no answer within 2s"), "{second}");
    assert_eq!(second.json()["by"], json!(["namespace"]));
    let third = run(plugin().env("PASSMUSTER_QUOTA_BY", "namespace").args([
        "--cluster-timeout",
        "1s",
        "--by",
        "project",
    ]));
    assert!(third.stderr.contains("no answer within 1s"), "{third}");
    assert_eq!(third.json()["by"], json!(["project"]));
}

#[test]
fn one_cluster_that_fails_is_the_runs_failure_in_kubectls_words() {
    let file = world().write(&world().contexts());
    for context in ["nowhere", "no-plugin", "forbidden"] {
        let args = ["--context", context];
        let ours = plugin().kubeconfig(&file).args(args).arg("-A").run().exits(1);
        let kubectl = Plugin::through_kubectl("get").kubeconfig(&file).args(["pods", "-A"]).args(args).run();
        let theirs: Vec<&str> = kubectl.stderr.lines().filter(|line| !line.starts_with("E1")).collect();
        assert_eq!(ours.stderr.lines().next(), theirs.first().copied(), "{context}: {kubectl}");
        assert_eq!(ours.stdout, "");
    }
    let unknown = plugin().kubeconfig(&file).args(["--contexts", "live,nope"]).run().exits(1);
    assert_eq!(unknown.stderr, "Error in configuration: context was not found for specified context: nope\n");
    let server = plugin().kubeconfig(&file).args(["--all-clusters", "--server", "https://x"]).run().exits(1);
    assert!(server.stderr.starts_with("error: --server is of one cluster"), "{server}");
    let timeout =
        plugin().kubeconfig(&file).args(["--all-clusters", "--cluster-timeout", "soon"]).run().exits(1);
    assert!(timeout.stderr.starts_with("error: --cluster-timeout takes a duration"), "{timeout}");
    // A kubeconfig that can't be read, and one that leads nowhere.
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("broken", "{"), ("empty", "")] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let ours = plugin().kubeconfig(&path).arg("--all-clusters").run().exits(1);
        let theirs = plugin().kubeconfig(&path).run().exits(1);
        assert_eq!((&ours.stderr, ours.stderr.lines().count()), (&theirs.stderr, 1), "{name}");
    }
}
