//! A saved cluster answers as the live one did, whoever saved it; kustomizations as what kubectl builds of them.

use std::{fs, path::Path, time::Duration};

use passmuster_tests::{
    ControlPlane, Options, Plugin, assets::Assets, controlplane::Rule, eventually, plugin::Run,
};
use serde_json::{Value, json};

const SHOP: &str = r"
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, labels: {tier: front}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: spare, labels: {tier: front}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: main
        image: web
        envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: lost, optional: true}}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}, tls: [{secretName: none}]}
";

/// The shop, once nothing changes in it any more: a controller may be slow, so that it is not enough that two graphs
/// are the same, its Service's slice must have both Pods as well.
fn shop(plane: &ControlPlane) -> String {
    let namespace = plane.namespace("saved");
    plane.apply_in(&namespace, SHOP);
    plane.kubectl(&["-n", &namespace, "rollout", "status", "deployment/web", "--timeout=60s"]);
    let mut before = String::new();
    eventually(Duration::from_secs(30), "quiet", || {
        std::thread::sleep(Duration::from_millis(300));
        let now = graph(plane.kubeconfig(), &["-n", &namespace]).success().stdout;
        let backed = now.matches("\"endpoints[].targetRef\"").count() == 2;
        let quiet = now == before && now.contains("slice_of") && backed;
        before = now;
        quiet.then_some(())
    });
    namespace
}

fn graph(kubeconfig: &Path, args: &[&str]) -> Run {
    Plugin::new("kubectl-graph").kubeconfig(kubeconfig).args(args).args(["-o", "json"]).run()
}

#[test]
fn every_question_to_a_saved_cluster_has_the_live_answer() {
    // A node has to do with everybody's pods: nobody else may change anything meanwhile.
    let plane = &ControlPlane::start(Options::default()).unwrap();
    let ns = shop(plane);
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("cluster.json");
    let path = file.to_str().unwrap();
    graph(plane.kubeconfig(), &["-A", "--show", "all", "--save", path]).success();
    for args in [
        &["deploy/web"][..],
        &["deploy/web", "--dependencies"],
        &["deploy/web", "--dependents", "--depth", "1"],
        &["pods", "-l", "app=web"],
        &["cm", "-l", "tier in (front)"],
        &["secret/none"],
        &["ingress/web", "--to", "cm/settings"],
        &["svc/web", "deploy/web", "--include", "pods,svc"],
        &["deploy/web", "--edges", "owned_by,uses"],
        &["all"],
        &["node/node-0000", "--depth", "1"],
        &["cm/absent"],
        &[],
        &["--missing"],
        &["--unused"],
    ] {
        let args = [args, &["-n", &ns]].concat();
        let live = graph(plane.kubeconfig(), &args);
        let plugin = Plugin::new("kubectl-graph").args(&args).args(["-o", "json", "--snapshot", path]);
        let saved = plugin.run();
        assert_eq!(live.code, saved.code, "{args:?}\n{live}\n{saved}");
        let only = |a: &Run, b: &Run| -> Vec<String> {
            let there: Vec<&str> = b.stdout.split("},").collect();
            a.stdout.split("},").filter(|part| !there.contains(part)).map(str::to_owned).collect()
        };
        assert_eq!((only(&live, &saved), only(&saved, &live)), (vec![], vec![]), "{args:?}: live, saved");
        assert_eq!(live.stdout, saved.stdout, "{args:?}");
    }
}

#[test]
fn what_its_author_could_not_see_stays_unknown() {
    let plane = ControlPlane::shared();
    let ns = shop(plane);
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("partial.json");
    let rules =
        [Rule::new("get,list", "pods"), Rule::new("get,list", "deployments,replicasets").in_group("apps")];
    let user = plane.restricted_kubeconfig(&ns, &rules).unwrap();
    let path = file.to_str().unwrap();
    let live = graph(&user, &["-n", &ns, "--save", path]).success();
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("Forbidden"), "{text}");
    let run = |args: &[&str]| {
        Plugin::new("kubectl-graph").args(args).args(["-n", &ns, "--snapshot", path, "-o", "json"]).run()
    };
    assert_eq!(run(&[]).success().stdout, live.stdout);
    assert_eq!(run(&[]).stderr, live.stderr);
    run(&["--strict"]).exits(4);
    let none = json!([]);
    assert_eq!(run(&["--missing", "--exit-code"]).success().json()["nodes"], none);
    assert_eq!(run(&["--unused", "--exit-code"]).success().json()["nodes"], none);
    let settings = run(&["deploy/web"]).success().json();
    let settings =
        settings["nodes"].as_array().unwrap().iter().find(|node| node["name"] == "settings").unwrap();
    assert_eq!((&settings["unknown"], &settings["missing"]), (&json!(true), &Value::Null));
}

#[test]
fn a_failed_run_leaves_the_snapshot_that_was_there() {
    let plane = ControlPlane::shared();
    let ns = plane.namespace("kept");
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("kept.json");
    let path = file.to_str().unwrap();
    graph(plane.kubeconfig(), &["-n", &ns, "--save", path]).success();
    let before = fs::read(&file).unwrap();
    graph(Path::new("/nonexistent"), &["-n", &ns, "--save", path]).exits(1);
    graph(plane.kubeconfig(), &["nonsense/x", "-n", &ns, "--save", path]).exits(1);
    assert_eq!(fs::read(&file).unwrap(), before);
    let nowhere = dir.path().join("no/such/folder.json");
    let run = graph(plane.kubeconfig(), &["-n", &ns, "--save", nowhere.to_str().unwrap()]).exits(1);
    assert!(
        run.stderr.starts_with("error: can't write the snapshot ") && run.stderr.lines().count() == 1,
        "{run}"
    );
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_kustomization_is_what_kubectl_builds_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("base/shop.yaml", SHOP);
    write("base/kustomization.yaml", "resources: [shop.yaml]\n");
    let overlay = "namePrefix: big-\nnamespace: mall\nresources: [../base]\nlabels: [{pairs: {team: a}, \
                   includeSelectors: true}]\nconfigMapGenerator: [{name: made, literals: [a=b]}]\n";
    write("overlay/kustomization.yaml", overlay);
    write("broken/kustomization.yaml", "resources: [none.yaml]\n");
    let kubectl = Assets::find().program("kubectl").unwrap();
    let plugin = |args: &[&str]| {
        Plugin::new("kubectl-graph").dir(dir.path()).env("KUBECTL_PATH", &kubectl).args(args).run()
    };
    let built = Plugin::through_kubectl("kustomize").dir(dir.path()).arg("overlay").run().success().stdout;
    write("built.yaml", &built);
    let ours = plugin(&["-k", "overlay", "-o", "json"]).success().json();
    let theirs = plugin(&["-f", "built.yaml", "-o", "json"]).success().json();
    assert_eq!((&ours["nodes"], &ours["edges"]), (&theirs["nodes"], &theirs["edges"]));
    let ids = ours["nodes"].to_string();
    assert!(
        ids.contains("Deployment.apps/mall/big-web") && ids.contains("ConfigMap/mall/big-made-"),
        "{ids}"
    );
    assert!(ours["edges"].to_string().contains("ConfigMap/mall/big-settings"), "{ours}");

    let broken = plugin(&["-k", "broken"]).exits(1);
    let theirs = Plugin::through_kubectl("kustomize").dir(dir.path()).arg("broken").run().exits(1).stderr;
    assert_eq!(broken.stderr, theirs);
}
