//! Users with `get` and `list` in one namespace, of some kinds only.

use std::path::PathBuf;

use passmuster_tests::{ControlPlane, Plugin, controlplane::Rule};

use crate::shop::{Graph, graph, open};

/// Of the kinds that people deploy with; nothing of secrets, of the cluster, of anybody's rights.
fn of_workloads(plane: &ControlPlane, namespace: &str) -> PathBuf {
    let rules = [
        Rule::new("get,list", "pods,services,configmaps,serviceaccounts,persistentvolumeclaims"),
        Rule::new("get,list", "deployments,replicasets,statefulsets,daemonsets").in_group("apps"),
        Rule::new("get,list", "jobs,cronjobs").in_group("batch"),
        Rule::new("get,list", "ingresses,networkpolicies").in_group("networking.k8s.io"),
    ];
    plane.restricted_kubeconfig(namespace, &rules).unwrap()
}

/// Of a deployment and what it makes, and no more.
fn of_pods(plane: &ControlPlane, namespace: &str) -> PathBuf {
    let rules =
        [Rule::new("get,list", "pods"), Rule::new("get,list", "deployments,replicasets").in_group("apps")];
    plane.restricted_kubeconfig(namespace, &rules).unwrap()
}

/// The one line on standard error.
fn only_line(stderr: &str) -> &str {
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    stderr.trim_end()
}

#[test]
fn a_deployment_is_shown_to_whom_may_see_workloads_with_what_could_not_be_seen() {
    let plane = ControlPlane::shared();
    let ns = open(plane);
    let user = of_workloads(plane, &ns);
    let run = graph(&user, &["deploy/nginx", "-n", &ns]).success();
    for shown in [
        "Deployment/nginx",
        "ReplicaSet/nginx-",
        "Pod/nginx-",
        "ConfigMap/settings",
        "Service/nginx",
        "Ingress/nginx",
    ] {
        assert!(run.stdout.contains(shown), "{shown} is not there: {run}");
    }
    assert!(run.stdout.contains("Secret/password (unknown)"), "{run}");
    let line = only_line(&run.stderr);
    assert!(line.starts_with("warning: not everything could be read: Forbidden: "), "{line}");
    assert!(line.contains("nodes"), "{line}");

    let json = graph(&user, &["deploy/nginx", "-n", &ns, "-o", "json"]).success();
    assert_eq!(only_line(&json.stderr), line);
    let shown = Graph(json.json());
    let secret = format!("Secret/{ns}/password");
    assert!(shown.has_edge("Pod/", "runs_on", "Node/") && shown.has_edge("Deployment", "uses", &secret));
    let unknown = shown.marked("unknown");
    assert!(
        unknown.contains(&secret.as_str()) && unknown.iter().any(|id| id.starts_with("Node/")),
        "{unknown:?}"
    );
    assert_eq!(shown.marked("missing"), [format!("ConfigMap/{ns}/gone"), format!("ConfigMap/{ns}/late")]);
    let skipped = shown.skipped();
    for forbidden in ["nodes Forbidden", "secrets Forbidden", "poddisruptionbudgets.policy Forbidden"] {
        assert!(skipped.iter().any(|skipped| skipped == forbidden), "{forbidden} is not in {skipped:?}");
    }
    assert!(!skipped.iter().any(|skipped| skipped.starts_with("pods ")), "{skipped:?}");
    let message = shown.0["skipped"].to_string();
    assert!(message.contains("cannot get resource") && message.contains("at the cluster scope"), "{message}");
}

#[test]
fn pods_and_deployments_alone_are_enough_for_a_graph() {
    let plane = ControlPlane::shared();
    let ns = open(plane);
    let user = of_pods(plane, &ns);
    let run = graph(&user, &["deploy/nginx", "-n", &ns, "-o", "json"]).success();
    let shown = Graph(run.json());
    let pods = shown.ids().iter().filter(|id| id.starts_with("Pod/")).count();
    assert_eq!(pods, 2, "{run}");
    assert!(
        shown.has_edge("Pod/", "owned_by", "ReplicaSet")
            && shown.has_edge("ReplicaSet", "owned_by", "Deployment")
    );
    assert_eq!(shown.marked("missing"), [""; 0]);
    assert!(shown.marked("unknown").contains(&format!("ConfigMap/{ns}/settings").as_str()));
    only_line(&run.stderr);
}

#[test]
fn forbidden_is_not_missing() {
    let plane = ControlPlane::shared();
    let ns = open(plane);
    let missing = |user: &std::path::Path, args: &[&str]| {
        let run = graph(user, &[&["-n", &ns, "--missing", "-o", "json"], args].concat());
        let shown = Graph(run.json());
        let ids: Vec<String> = shown.marked("missing").iter().map(|id| (*id).to_owned()).collect();
        (run.code, ids)
    };
    let (map, secret) = (format!("ConfigMap/{ns}/absent"), format!("Secret/{ns}/nowhere"));
    let exit_code = ["--exit-code"];
    assert_eq!(missing(plane.kubeconfig(), &exit_code), (Some(3), vec![map.clone(), secret]));
    assert_eq!(missing(&of_workloads(plane, &ns), &exit_code), (Some(3), vec![map]));
    assert_eq!(missing(&of_pods(plane, &ns), &exit_code), (Some(0), vec![]));

    let run = graph(&of_pods(plane, &ns), &["-n", &ns, "--missing"]).success();
    assert!(run.stderr.starts_with("No missing references found in what could be read.\n"), "{run}");
}

#[test]
fn strict_runs_end_with_4_and_show_all_the_same() {
    let plane = ControlPlane::shared();
    let ns = open(plane);
    let run = graph(&of_pods(plane, &ns), &["deploy/nginx", "-n", &ns, "--strict"]).exits(4);
    assert!(run.stdout.contains("Pod/nginx-"), "{run}");
    graph(plane.kubeconfig(), &["deploy/nginx", "-n", &ns, "--strict"]).success();
}

#[test]
fn nothing_is_called_unused_whose_users_are_unknown() {
    let plane = ControlPlane::shared();
    let ns = open(plane);
    let unused = |user: &std::path::Path| {
        graph(user, &["-n", &ns, "--unused", "-o", "json"]).success().json()["nodes"].to_string()
    };
    let spare = format!("ConfigMap/{ns}/spare");
    assert!(unused(plane.kubeconfig()).contains(&spare));
    // Who may use the map: replication controllers are not among what this user sees.
    assert_eq!(unused(&of_workloads(plane, &ns)), "[]");
    let rules = [
        Rule::new("get,list", "pods,configmaps,replicationcontrollers"),
        Rule::new("get,list", "deployments,replicasets,statefulsets,daemonsets").in_group("apps"),
        Rule::new("get,list", "jobs,cronjobs").in_group("batch"),
    ];
    let user = plane.restricted_kubeconfig(&ns, &rules).unwrap();
    let found = unused(&user);
    assert!(found.contains(&spare) && !found.contains("settings"), "{found}");
}

#[test]
fn a_forbidden_root_fails_in_kubectls_words() {
    let plane = ControlPlane::shared();
    let ns = open(plane);
    let user = of_pods(plane, &ns);
    let kubectl = |args: &[&str]| {
        Plugin::through_kubectl("get").kubeconfig(&user).args(args).args(["-n", &ns]).run().exits(1).stderr
    };
    for args in [&["secret/unheard-of"][..], &["svc", "nginx"], &["secrets"], &["deploy,svc"]] {
        let run = graph(&user, &[args, &["-n", &ns]].concat()).exits(1);
        assert_eq!((run.stdout.as_str(), run.stderr), ("", kubectl(args)), "{args:?}");
    }
    // The other end of a path is as good a reason.
    let run = graph(&user, &["deploy/nginx", "--to", "secret/unheard-of", "-n", &ns]).exits(1);
    assert_eq!(run.stderr, kubectl(&["secret/unheard-of"]));
    let run = graph(&user, &["deploy/nothing", "-n", &ns]).exits(1);
    assert_eq!(run.stderr, kubectl(&["deploy/nothing"]));
}

#[test]
fn what_needs_a_forbidden_root_is_shown_all_the_same() {
    let plane = ControlPlane::shared();
    let ns = open(plane);
    let run = graph(&of_pods(plane, &ns), &["secret/password", "-n", &ns, "-o", "json"]).success();
    let shown = Graph(run.json());
    let secret = format!("Secret/{ns}/password");
    assert_eq!(shown.marked("unknown"), [&secret], "{run}");
    assert!(shown.has_edge("Deployment.apps/", "uses", &secret), "{run}");
    assert!(shown.skipped().contains(&"secrets Forbidden".to_owned()), "{run}");
}

#[test]
fn everywhere_shows_what_one_namespace_allows() {
    let plane = ControlPlane::shared();
    let ns = open(plane);
    let user = of_workloads(plane, &ns);
    let run = graph(&user, &["deploy/nginx", "-n", &ns, "-A", "-o", "json"]).success();
    assert!(Graph(run.json()).ids().contains(&format!("Deployment.apps/{ns}/nginx").as_str()), "{run}");
    let run = graph(&user, &["-A"]).success();
    assert_eq!(run.stdout, "");
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(lines[0], "No resources found in what could be read.");
    assert!(lines[1].starts_with("warning: not everything could be read: Forbidden: "), "{run}");
    assert!(lines.len() == 2 && lines[1].len() < 600, "one line to be read: {run}");
    graph(&user, &["-A", "--strict"]).exits(4);
}
