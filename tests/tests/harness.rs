//! The control plane is a real one, and what the harness offers around it works.

use std::time::Duration;

use passmuster_tests::controlplane::{Component, Rule};
use passmuster_tests::kubeconfig::{Kubeconfig, User};
use passmuster_tests::population::{self, Size};
use passmuster_tests::signal::Signal;
use passmuster_tests::{ControlPlane, Error, Options, Plugin, eventually};
use serde_json::json;

const SOON: Duration = Duration::from_secs(60);

#[test]
fn runs_pods() {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("pods");
    plane.kubectl(&["create", "deployment", "web", "--image=nginx", "--replicas=3", "-n", &namespace]);
    plane.kubectl(&["rollout", "status", "deployment/web", "-n", &namespace, "--timeout=60s"]);
    let pods = plane.api().get(&format!("/api/v1/namespaces/{namespace}/pods")).expect("pods");
    let pods = pods["items"].as_array().expect("a list");
    assert_eq!(pods.len(), 3);
    assert!(pods.iter().all(|pod| pod["spec"]["nodeName"].as_str().is_some_and(|n| n.starts_with("node-"))));
}

#[test]
fn deletes_namespaces() {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("gone");
    plane.apply_in(&namespace, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");
    let path = format!("/api/v1/namespaces/{namespace}");
    plane.api().delete(&path).expect("a deletion");
    eventually(SOON, "the namespace gone", || plane.api().get(&path).is_err().then_some(()));
}

#[test]
fn the_client_writes() {
    let plane = ControlPlane::shared();
    let path = format!("/api/v1/namespaces/{}/configmaps", plane.namespace("client"));
    plane.api().create(&path, &json!({"metadata": {"name": "a"}, "data": {"x": "1"}})).expect("created");
    let one = format!("{path}/a");
    let mut object = plane.api().patch(&one, &json!({"data": {"y": "2"}})).expect("patched");
    assert_eq!(object["data"], json!({"x": "1", "y": "2"}));
    object["data"] = json!({"z": "3"});
    plane.api().replace(&one, &object).expect("replaced");
    assert_eq!(plane.api().get(&one).expect("read")["data"], json!({"z": "3"}));
    plane.api().delete(&one).expect("deleted");
    assert!(matches!(plane.api().get(&one), Err(Error::Status { status: 404, .. })));
}

#[test]
fn restricts_users() {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("restricted");
    let rules = [Rule::new("get,list", "pods"), Rule::new("get,list", "deployments").in_group("apps")];
    let config = plane.restricted_kubeconfig(&namespace, &rules).expect("a kubeconfig");
    let kubectl = || Plugin::through_kubectl("").kubeconfig(&config);
    kubectl().args(["get", "pods,deployments"]).run().success();
    let run = kubectl().args(["get", "secrets"]).run().exits(1);
    assert!(run.stderr.contains("is forbidden"), "{run}");
    let run = kubectl().args(["get", "pods", "-n", "default"]).run().exits(1);
    assert!(run.stderr.contains("is forbidden"), "{run}");
}

#[test]
fn knows_users() {
    let plane = ControlPlane::shared();
    let whoami = |user: &User| {
        let config = Kubeconfig::single("x", &plane.cluster(), user, None);
        let path = plane.write_kubeconfig("whoami", &config).expect("a kubeconfig");
        Plugin::through_kubectl("").kubeconfig(&path).args(["auth", "whoami", "-o", "json"]).run()
    };
    let jane = plane.user("jane", Some("developers")).expect("a certificate");
    let info = whoami(&jane).success().json()["status"]["userInfo"].clone();
    assert_eq!(info["username"], "jane");
    assert_eq!(info["groups"], json!(["developers", "system:authenticated"]));
    let john = plane.impersonated("john", &["a", "b"]);
    let info = whoami(&john).success().json()["status"]["userInfo"].clone();
    assert_eq!(
        (&info["username"], &info["groups"]),
        (&json!("john"), &json!(["a", "b", "system:authenticated"]))
    );
    whoami(&User::token("wrong")).exits(1);

    let script = r#"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"admin-token"}}'"#;
    let exec = User::exec("/bin/sh", &["-c", script]);
    assert_eq!(whoami(&exec).success().json()["status"]["userInfo"]["username"], "admin");
}

#[test]
fn survives_its_faults() {
    let plane = ControlPlane::start(Options::bare()).expect("a control plane");
    let before = plane.pid(Component::ApiServer).expect("it runs");
    let path = "/api/v1/namespaces/default/configmaps";
    plane.api().create(path, &json!({"metadata": {"name": "a"}})).expect("created");

    plane.freeze();
    let kubectl = || Plugin::through_kubectl("").on(&plane);
    kubectl().args(["get", "configmaps", "--request-timeout=1s"]).run().exits(1);
    plane.thaw();
    kubectl().args(["get", "configmaps"]).run().success();

    plane.stop_apiserver();
    let run = kubectl().args(["get", "configmaps"]).run().exits(1);
    assert!(run.stderr.contains("refused"), "{run}");
    plane.start_apiserver().expect("it starts again");
    assert_ne!(plane.pid(Component::ApiServer), Some(before));
    plane.api().get(&format!("{path}/a")).expect("what was stored is still there");
}

#[test]
fn loads_a_population() {
    let plane = ControlPlane::start(Options::default()).expect("a control plane");
    let size = Size { namespaces: 2, deployments: 3, replicas: 4, nodes: 5 };
    let loaded = population::load(&plane, size, SOON).expect("a population");
    assert!(loaded.created <= loaded.running);
    let pods = plane.api().get("/api/v1/pods").expect("pods");
    assert_eq!(pods["items"].as_array().map(Vec::len), Some(size.pods()));
    assert_eq!(population::namespaces(size), population::namespaces(size), "it is always the same");
}

#[test]
fn finds_the_plugins() {
    let alone = Plugin::new("kubectl-graph").args(["--help"]).run().success();
    let through = Plugin::through_kubectl("graph").args(["--help"]).run().success();
    assert!(alone.stdout.contains("kubectl graph") && through.stdout.contains("kubectl graph"), "{alone}");
    let missing = Plugin::find("kubectl-nothing").expect_err("there is none").to_string();
    assert!(missing.contains("cargo build --workspace"), "{missing}");
}

#[test]
fn a_run_is_measured_and_clean() {
    let shell = |script| Plugin::program("/bin/sh".into()).expect("a shell").args(["-c", script]);
    let run = shell("cat; echo error >&2; env; exit 3").stdin("input\n").env("X", "y").run().exits(3);
    assert!(
        run.stdout.starts_with("input\n") && run.stdout.contains("X=y") && run.stderr == "error\n",
        "{run}"
    );
    assert!(!run.stdout.contains("CARGO") && !run.stdout.contains("KUBECONFIG"), "{run}");
    let run = shell("head -c 50000000 /dev/zero | tail -c 1 >/dev/null; sleep 0.1").run().success();
    assert!(run.wall >= Duration::from_millis(100) && run.peak_memory > 100_000, "{run:?}");
    let late = shell("sleep 60").timeout(Duration::from_millis(200)).try_run();
    assert!(matches!(late, Err(Error::Late { .. })), "{late:?}");
}

#[test]
fn a_run_can_go_on() {
    let script =
        r#"trap 'echo "{\"end\": true}"; exit 0' TERM; echo '{"n": 1}'; while :; do sleep 0.05; done"#;
    let mut run = Plugin::program("/bin/sh".into()).expect("a shell").args(["-c", script]).spawn();
    assert_eq!(run.json_line(SOON), json!({"n": 1}));
    assert_eq!(run.line(Duration::from_millis(50)), None);
    assert!(run.memory() > 0 && run.peak_memory() >= run.memory());
    run.signal(Signal::Term);
    run.json_until(SOON, "its end", |line| line["end"] == true);
    assert!(run.wait(SOON).success());
}
