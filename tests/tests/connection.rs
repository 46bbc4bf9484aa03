//! A connection that can't be made, or not be used, reads as with kubectl.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test that calls them")]

use std::fs;
use std::path::Path;

use clap::{Args, Command, FromArgMatches};
use passmuster::cluster::{ConnectOptions, Connection, Env, Error, connect};
use passmuster::model::discovery::Discovery;
use passmuster_tests::kubeconfig::{Cluster, Kubeconfig, User};
use passmuster_tests::{ControlPlane, Plugin};
use serde_json::json;

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

async fn list_pods(options: &ConnectOptions, env: &Env) -> Result<Connection, Error> {
    let connection = connect(options, env).await?;
    let discovery = Discovery::fetch(&connection).await?;
    let path = discovery.resolve("pods")?.path(Some(&connection.namespace));
    connection.get_bytes(&path, "application/json").await?;
    Ok(connection)
}

/// The words of kubectl and ours for `get pods` with these flags and variables; none for success.
fn words(flags: &[&str], variables: &[(&str, &str)]) -> (String, String) {
    let mut kubectl = Plugin::through_kubectl("").args(["get", "pods"]).args(flags);
    let mut env = Env::empty().with("HOME", "/nonexistent");
    for (name, value) in variables {
        kubectl = kubectl.env(name, value);
        env = env.with(name, *value);
    }
    let run_of_kubectl = kubectl.run();
    // Lines of the logger, and what is printed when there is nothing, are no errors.
    let noise = ["E0", "E1", "\t", " >", "No resources found"];
    let noise = |line: &&str| !noise.iter().any(|beginning| line.starts_with(beginning));
    let theirs: Vec<&str> = run_of_kubectl.stderr.lines().filter(noise).collect();

    let parser = ConnectOptions::augment_args(Command::new("flags").no_binary_name(true));
    let matches = parser.try_get_matches_from(flags).expect("flags");
    let options = ConnectOptions::from_arg_matches(&matches).expect("flags");
    let ours = run(list_pods(&options, &env)).map_or_else(|error| error.to_kubectl(), |_| String::new());
    (theirs.join("\n"), ours)
}

fn same(flags: &[&str], variables: &[(&str, &str)]) {
    let (theirs, ours) = words(flags, variables);
    assert_eq!(ours, theirs, "{flags:?} {variables:?}");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[test]
fn kubeconfigs() {
    let plane = ControlPlane::shared();
    let good = text(plane.kubeconfig());
    let dir = tempfile::tempdir().expect("a directory");
    let write = |name: &str, config: String| {
        let path = dir.path().join(name);
        fs::write(&path, config).expect("a file");
        path
    };
    let admin = || Kubeconfig::new().cluster("c", &plane.cluster()).user("u", &plane.admin());
    let empty = write("empty", String::new());
    let gone = write("gone", admin().context("a", "c", "u", None).current("b").to_string());
    let none = write("none", admin().context("a", "c", "u", None).to_string());
    let lost = write("lost", admin().context("a", "d", "u", None).current("a").to_string());
    let first = write("first", Kubeconfig::new().cluster("c", &plane.cluster()).current("a").to_string());
    let second =
        write("second", admin().context("a", "c", "u", Some("kube-system")).current("x").to_string());

    same(&["--kubeconfig", "/nope"], &[]);
    same(&["--kubeconfig", good], &[]);
    same(&[], &[]);
    same(&[], &[("KUBECONFIG", "/nope:/neither")]);
    same(&[], &[("KUBECONFIG", &format!("/nope::{good}:{good}"))]);
    same(&[], &[("KUBECONFIG", &format!("{}:{}", text(&first), text(&second)))]);
    same(&[], &[("KUBERNETES_MASTER", "http://127.0.0.1:2")]);
    for file in [&empty, &gone, &none, &lost] {
        same(&["--kubeconfig", text(file)], &[]);
    }
    same(&["--kubeconfig", text(&gone), "--context", "a"], &[]);
    same(&["--kubeconfig", text(&none), "--cluster", "c", "--user", "u"], &[]);
    for flag in ["--context", "--cluster", "--user"] {
        same(&["--kubeconfig", good, flag, "nope"], &[]);
        same(&["--kubeconfig", good, flag, "nope", "-n", "x"], &[]);
    }

    let options = ConnectOptions::default();
    let env = Env::empty().with("KUBECONFIG", format!("{}:{}", text(&first), text(&second)));
    let connection = run(list_pods(&options, &env)).expect("a connection");
    assert_eq!((connection.context.as_deref(), connection.namespace.as_str()), (Some("a"), "kube-system"));
    assert_eq!(connection.cluster, "c");
}

#[test]
fn broken_kubeconfigs_are_named() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("broken");
    fs::write(&path, "users: [{name: u, user: {token: SECRET").expect("a file");
    let (theirs, ours) = words(&["--kubeconfig", text(&path)], &[]);
    let beginning = format!("error: error loading config file \"{}\": yaml: ", path.display());
    assert!(theirs.starts_with(&beginning) && ours.starts_with(&beginning), "{theirs}\n{ours}");
    assert!(!ours.contains("SECRET") && ours.lines().count() == 1, "{ours}");
}

#[test]
fn flags() {
    let plane = ControlPlane::shared();
    let good = ["--kubeconfig", text(plane.kubeconfig())];
    let dir = tempfile::tempdir().expect("a directory");
    let certificate = dir.path().join("ca.crt");
    fs::write(&certificate, plane.authority().pem()).expect("a file");
    let no_certificate = dir.path().join("no.crt");
    fs::write(&no_certificate, "no").expect("a file");
    for flags in [
        &["-s", "https://127.0.0.1:1"][..],
        &["-s", "127.0.0.1:1"],
        &["-s", "http://127.0.0.1:1"],
        &["--as", "joe"],
        &["--as", "joe", "--as-group", "system:masters"],
        &["--as", "joe", "--as-uid", "7", "--as-user-extra", "a=b", "--as-user-extra", "a=c"],
        &["--as-group", "joe"],
        &["--certificate-authority", "/nope"],
        &["--certificate-authority", text(&certificate)],
        &["--certificate-authority", text(&no_certificate)],
        &["--client-certificate", "/nope"],
        &["--client-certificate", text(&certificate)],
        &["--tls-server-name", "elsewhere"],
        &["--tls-server-name", "10.1.2.3"],
        &["--insecure-skip-tls-verify"],
        &["--insecure-skip-tls-verify=false"],
        &["--insecure-skip-tls-verify", "--tls-server-name", "elsewhere"],
        &["--request-timeout", "x"],
        &["--request-timeout", "30s"],
        &["--disable-compression", "--cache-dir", text(dir.path())],
        &["-n", "nowhere"],
    ] {
        same(&[&good[..], flags].concat(), &[]);
    }
    let unknown = Kubeconfig::single("x", &Cluster::new(&plane.server()), &User::token("x"), None);
    let unknown = plane.write_kubeconfig("unknown", &unknown).expect("a file");
    same(&["--kubeconfig", text(&unknown)], &[]);
    let stranger = Kubeconfig::single("x", &plane.cluster(), &User::token("nobody"), None);
    let stranger = plane.write_kubeconfig("stranger", &stranger).expect("a file");
    // Which sentence the server gets to say depends on what kubectl asks first.
    let (theirs, ours) = words(&["--kubeconfig", text(&stranger)], &[]);
    assert!(theirs.starts_with("error: You must be logged in to the server ("), "{theirs}");
    assert_eq!(ours, "error: You must be logged in to the server (Unauthorized)");
    same(&["--kubeconfig", text(&stranger), "--username", "a", "--password", "b"], &[]);
}

#[test]
fn credential_plugins() {
    let plane = ControlPlane::shared();
    let dir = tempfile::tempdir().expect("a directory");
    let runs = dir.path().join("runs");
    let answer = |status: serde_json::Value| {
        json!({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status})
            .to_string()
    };
    let config = |name: &str, command: &str, script: &str, mode: &str| {
        let exec = json!({
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": command,
            "args": ["-c", script],
            "interactiveMode": mode,
            "installHint": "Install it.",
        });
        let user = User::anonymous().set("exec", exec);
        plane.write_kubeconfig(name, &Kubeconfig::single("x", &plane.cluster(), &user, None)).expect("a file")
    };
    for (name, command, mode) in [
        ("exec-missing", "no-such-plugin", "IfAvailable"),
        ("exec-no-file", "/no/such/plugin", "Never"),
        ("exec-asks", "sh", "Always"),
        ("exec-fails", "sh", "Never"),
    ] {
        same(&["--kubeconfig", text(&config(name, command, "exit 7", mode))], &[]);
    }

    let token = plane.token("default", "default").expect("a token");
    let script = format!("echo run >> {}; echo '{}'", runs.display(), answer(json!({"token": token})));
    let good = config("exec-good", "sh", &script, "IfAvailable");
    let options = ConnectOptions { kubeconfig: Some(good), ..Default::default() };
    let error = run(list_pods(&options, &Env::empty())).expect_err("a service account that may not list");
    assert!(error.to_string().contains("system:serviceaccount:default:default"), "{error}");
    assert_eq!(fs::read_to_string(&runs).expect("runs").lines().count(), 1, "the plugin runs once");
    // A token on the command line makes the plugin needless.
    let (_, ours) =
        words(&["--kubeconfig", text(&options.kubeconfig.clone().expect("a file")), "--token", "x"], &[]);
    assert_eq!(ours, "error: You must be logged in to the server (Unauthorized)");
    assert_eq!(fs::read_to_string(&runs).expect("runs").lines().count(), 1);
}

#[test]
fn in_a_pod() {
    let plane = ControlPlane::shared();
    let account = tempfile::tempdir().expect("a directory");
    fs::write(account.path().join("token"), plane.token("default", "default").expect("a token"))
        .expect("a file");
    fs::write(account.path().join("ca.crt"), plane.authority().pem()).expect("a file");
    fs::write(account.path().join("namespace"), "kube-public\n").expect("a file");
    let server = plane.server();
    let (host, port) = server.trim_start_matches("https://").rsplit_once(':').expect("a port");
    let env = Env::empty()
        .with_service_account(account.path())
        .with("KUBERNETES_SERVICE_HOST", host)
        .with("KUBERNETES_SERVICE_PORT", port);
    let connection = run(connect(&ConnectOptions::default(), &env)).expect("a connection");
    assert_eq!((connection.cluster.as_str(), connection.namespace.as_str()), ("in-cluster", "kube-public"));
    let error =
        run(list_pods(&ConnectOptions::default(), &env)).expect_err("a service account that may not list");
    assert!(error.to_string().contains("system:serviceaccount:default:default"), "{error}");

    // A kubeconfig comes first.
    let env = env.with("KUBECONFIG", text(plane.kubeconfig()));
    assert_ne!(run(list_pods(&ConnectOptions::default(), &env)).expect("a connection").cluster, "in-cluster");
}
