//! Graphs of files: read as kubectl reads them, whatever is in them, and saved snapshots of a real cluster.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test that calls them")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use passmuster_tests::{ControlPlane, Plugin, eventually};
use serde_json::{Value, json};
use tempfile::TempDir;

fn graph() -> Plugin {
    Plugin::new("kubectl-graph")
}

/// A directory with these files.
fn files(files: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().expect("a directory");
    for (name, content) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, content).expect("a file");
    }
    dir
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../manifests/examples")
}

/// Names of the objects that exist, as `kubectl -o name` prints them, sorted.
fn names(graph: &Value) -> Vec<String> {
    let nodes = graph["nodes"].as_array().expect("nodes");
    let name = |node: &Value| {
        let text = |field: &str| node[field].as_str().unwrap_or_default().to_owned();
        format!("{}/{}", text("kind").to_lowercase(), text("name"))
    };
    let mut names: Vec<_> = nodes.iter().filter(|node| node.get("missing").is_none()).map(name).collect();
    names.sort();
    names
}

fn edges(graph: &Value) -> Vec<String> {
    let text = |edge: &Value, field: &str| edge[field].as_str().unwrap_or_default().to_owned();
    let edge =
        |edge: &Value| format!("{} {} {}", text(edge, "source"), text(edge, "type"), text(edge, "target"));
    graph["edges"].as_array().expect("edges").iter().map(edge).collect()
}

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: NAME\n";

fn pods(names: &[&str]) -> String {
    names.iter().map(|name| POD.replace("NAME", name)).collect::<Vec<_>>().join("---\n")
}

#[test]
fn streams_are_read_as_kubectl_reads_them() {
    let row = |name: &str| json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}}).to_string();
    let list = json!({"apiVersion": "v1", "kind": "List", "items": [
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}},
    ]});
    let typed = json!({"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": [{"metadata": {"name": "p"}}]});
    let anchors = format!("{}  labels: &l {{a: b}}\nspec: {{nodeSelector: *l}}\n", POD.replace("NAME", "a"));
    let block =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  k: |\n    x\n---\n".to_owned();
    let utf16: Vec<u8> =
        format!("\u{feff}{}", pods(&["a", "b"])).encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, content) in [
        ("a.yaml", pods(&["a", "b"]).into_bytes()),
        ("a.yaml", pods(&["a", "b"]).replace('\n', "\r\n").into_bytes()),
        ("a.yaml", format!("\u{feff}{}", pods(&["a"])).into_bytes()),
        ("a.yaml", utf16),
        ("a.yaml", format!("---\n# nothing\n---\n{}---\n", pods(&["a"])).into_bytes()),
        ("a.yaml", format!("# c\n--- # d\n{}", pods(&["a"])).into_bytes()),
        ("a.json", format!("{}{}", row("a"), row("b")).into_bytes()),
        ("a.json", format!("{}\n\n{}\n", row("a"), row("b")).into_bytes()),
        ("a.json", list.to_string().into_bytes()),
        ("a.json", typed.to_string().into_bytes()),
        ("a.yaml", anchors.into_bytes()),
        ("a.yaml", (block.clone() + &pods(&["b"])).into_bytes()),
        ("a.yaml", (pods(&["a"]) + "  name: b\n").into_bytes()),
        ("a.yaml", b"{apiVersion: v1, kind: Pod, metadata: {name: a}}".to_vec()),
    ] {
        let dir = files(&[(name, &content)]);
        let file = dir.path().join(name);
        let kubectl =
            Plugin::through_kubectl("label").args(["--local", "x=y", "-o", "name", "-f"]).arg(&file).run();
        let mut theirs: Vec<&str> = kubectl.stdout.lines().collect();
        theirs.sort_unstable();
        let ours = graph().args(["-o", "json", "-f"]).arg(&file).run().success();
        let found = names(&ours.json());
        assert_eq!(found, theirs, "{:?}\n{kubectl}", String::from_utf8_lossy(&content));
    }
}

#[test]
fn paths_are_what_kubectl_takes_them_for() {
    let dir = files(&[
        ("all/b.yaml", pods(&["b"]).as_bytes()),
        ("all/a.yml", pods(&["a"]).as_bytes()),
        ("all/notes.txt", b"hello: ["),
        ("all/deep/c.json", br#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"c"}}"#),
        ("none/notes.txt", b""),
    ]);
    let found = |args: &[&str]| {
        names(&graph().dir(dir.path()).args(args).args(["-o", "json"]).run().success().json())
    };
    let with = |pods: &[&str]| -> Vec<String> { pods.iter().map(|pod| format!("pod/{pod}")).collect() };
    assert_eq!(found(&["-f", "all"]), with(&["a", "b"]));
    assert_eq!(found(&["-f", "all", "-R"]), with(&["a", "b", "c"]));
    assert_eq!(found(&["-f", "all/b.yaml,all/deep"]), with(&["b", "c"]));
    for args in [&["-f", "nope.yaml"][..], &["-f", "none"], &["-f", "-", "-f", "-"], &["-k", "none"]] {
        let ours = graph().dir(dir.path()).args(args).run().exits(1);
        let theirs =
            Plugin::through_kubectl("label").dir(dir.path()).args(["--local", "x=y"]).args(args).run();
        let said = theirs.stderr.replace("/private", "");
        assert_eq!(ours.stderr, said, "{args:?}");
    }
    let url = graph().args(["-f", "https://example.com/a.yaml"]).run().exits(1);
    assert!(url.stderr.contains("addresses are not read"), "{url}");
}

#[test]
fn kustomizations_are_built_by_kubectl() {
    let dir = files(&[
        ("kustomization.yaml", b"namePrefix: my-\nnamespace: shop\nresources: [pod.yaml]\n"),
        ("pod.yaml", pods(&["a"]).as_bytes()),
    ]);
    let kubectl = passmuster_tests::assets::Assets::find().program("kubectl").expect("kubectl");
    let built =
        graph().env("KUBECTL_PATH", &kubectl).args(["-o", "json", "-k"]).arg(dir.path()).run().success();
    assert!(names(&built.json()).contains(&"pod/my-a".to_owned()), "{built}");
    let without = graph().env("KUBECTL_PATH", "/nope/kubectl").arg("-k").arg(dir.path()).run().exits(1);
    assert!(without.stderr.contains("install kubectl, set KUBECTL_PATH"), "{without}");
}

#[test]
fn what_is_broken_is_named_and_the_rest_is_read() {
    let text = format!("{}---\nkind: [\n---\n{}---\njust words\n", pods(&["a"]), pods(&["b"]));
    let dir = files(&[("app.yaml", text.as_bytes())]);
    let run = || graph().dir(dir.path()).args(["-f", "app.yaml"]);
    let json = run().args(["-o", "json"]).run().success();
    assert_eq!(names(&json.json()), ["pod/a", "pod/b"]);
    let skipped = json.json()["skipped"].as_array().expect("skipped").clone();
    let places: Vec<_> = skipped.iter().filter_map(|skipped| skipped["resource"].as_str()).collect();
    assert_eq!(places, ["app.yaml: document 2, line 6", "app.yaml: document 4, line 13"]);
    let tree = run().run().success();
    assert!(tree.stderr.contains("app.yaml: document 2, line 6"), "{tree}");
    run().arg("--strict").run().exits(4);
}

#[test]
fn nothing_in_a_file_does_harm() {
    let pod = |more: &str| format!("{}{more}", pods(&["a"]));
    let laughs = (1..12).fold("a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned(), |text, n| {
        text + &format!("a{n}: &a{n} [{}]\n", format!("*a{},", n - 1).repeat(9))
    });
    let owned = |name: &str, by: &str| {
        pods(&[name]) + &format!("  ownerReferences: [{{apiVersion: v1, kind: Pod, name: {by}}}]\n")
    };
    let escape = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a\u{1b}[2J\u{7}", "namespace": "x\u{1b}y"},
        "spec": {"volumes": [{"name": "v", "configMap": {"name": "\u{1b}]0;t\u{7}"}}]}});
    for (what, text) in [
        ("aliases", laughs),
        ("deep flow", pod(&format!("spec: {}", "[".repeat(200_000)))),
        ("deep block", (0..3000).fold(String::new(), |text, n| text + &" ".repeat(n) + "a:\n")),
        ("deep JSON", format!("{{\"a\":{}", "[".repeat(200_000))),
        ("an alias in itself", pod("spec: &a\n  x: *a\n")),
        ("owners in a circle", [owned("a", "b"), owned("b", "c"), owned("c", "a")].join("---\n")),
        ("an owner of itself", owned("a", "a")),
        ("control characters", escape.to_string()),
        ("another type", pod("spec: {containers: 5, volumes: {a: b}}\n")),
        ("no text", "\u{0}\u{1}\u{2}\u{fffd}".to_owned()),
        ("a list of nothing", "kind: List\napiVersion: v1\nitems: [~, 1, a, [], {}]\n".to_owned()),
    ] {
        for output in ["tree", "json", "name"] {
            let run = graph()
                .args(["-f", "-", "-o", output])
                .stdin(text.clone())
                .timeout(Duration::from_secs(60))
                .run();
            assert!(run.code.is_some_and(|code| code <= 1), "{what}: {run}");
            assert!(!run.stderr.contains("panicked"), "{what}: {run}");
            let steers = |text: &str| text.contains(['\u{1b}', '\u{7}']);
            assert!(!steers(&run.stdout) && !steers(&run.stderr), "{what}: {run}");
            assert!(run.peak_memory < 400 << 20, "{what}: {} MiB", run.peak_memory >> 20);
        }
    }
}

#[test]
fn large_files_take_little_memory() {
    let dir = tempfile::tempdir().expect("a directory");
    // 200 MB in one document: refused, and what stands beside it is read.
    let path = dir.path().join("one.yaml");
    let mut file = std::io::BufWriter::new(fs::File::create(&path).expect("a file"));
    let line = format!("  # {}\n", "x".repeat(995));
    write!(file, "{}---\na:\n", pods(&["a"])).expect("a file");
    (0..200_000).for_each(|_| file.write_all(line.as_bytes()).expect("a file"));
    write!(file, "---\n{}", pods(&["b"])).expect("a file");
    file.flush().expect("a file");
    let run = graph().args(["-o", "json", "-f"]).arg(&path).timeout(Duration::from_secs(300)).run().success();
    assert!(names(&run.json()).ends_with(&["pod/a".into(), "pod/b".into()]), "{run}");
    let skipped = run.json()["skipped"][0].clone();
    assert_eq!(skipped["reason"], "TooLarge", "{skipped}");
    assert!(run.peak_memory < 200 << 20, "{} MiB", run.peak_memory >> 20);

    // Lists and streams of any length are read item by item.
    let object = |n: usize| json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": format!("s{n}")}, "data": {"a": "x".repeat(400_000)}});
    let items: Vec<String> = (0..100).map(|n| object(n).to_string()).collect();
    for (name, text) in [
        ("list.json", format!("{{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[{}]}}", items.join(","))),
        ("rows.json", items.join("\n")),
        ("stream.yaml", items.join("\n---\n")),
    ] {
        let path = dir.path().join(name);
        fs::write(&path, text).expect("a file");
        let run =
            graph().args(["-o", "name", "-f"]).arg(&path).timeout(Duration::from_secs(300)).run().success();
        assert_eq!(run.stdout.lines().filter(|line| line.contains("secret/")).count(), 100, "{run}");
        assert!(run.peak_memory < 64 << 20, "{name}: {} MiB", run.peak_memory >> 20);
    }
}

#[test]
fn the_example_shop_misses_what_it_says() {
    let run =
        graph().args(["-f"]).arg(examples()).args(["--missing", "--exit-code", "-o", "json"]).run().exits(3);
    let graph = run.json();
    let missing: Vec<&str> = graph["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .filter(|node| node["missing"] == true)
        .filter_map(|node| node["id"].as_str())
        .collect();
    assert_eq!(missing, ["ConfigMap/shop/banners", "Secret/shop/payment-api"]);
}

#[test]
fn templates_stand_for_the_pods_they_make() {
    let run = graph().args(["-f"]).arg(examples()).args(["-o", "json"]).run().success();
    let edges = edges(&run.json());
    for edge in [
        "Service/shop/nginx targets Pod/shop/nginx-template",
        "Pod/shop/nginx-template owned_by Deployment.apps/shop/nginx",
        "PodDisruptionBudget.policy/shop/nginx protects Pod/shop/nginx-template",
        "Pod/shop/db-template owned_by StatefulSet.apps/shop/db",
    ] {
        assert!(edges.iter().any(|found| found == edge), "{edge}\n{edges:#?}");
    }
}

#[test]
fn rules_of_ones_own() {
    let objects = "apiVersion: db.example.com/v1\nkind: Database\nmetadata: {name: orders}\nspec: {password: secret-1}\n";
    let rules = "apiVersion: passmuster.dev/v1alpha1\nkind: RelationRules\nrules:\n\
                 - source: {group: db.example.com, kind: Database}\n  edge: uses\n  \
                   target: {kind: Secret, namespaced: true}\n  name: .spec.password\n";
    let dir = files(&[
        ("db.yaml", objects.as_bytes()),
        ("rules.yaml", rules.as_bytes()),
        ("broken.yaml", rules.replace(".spec.password", "'.spec['").as_bytes()),
    ]);
    let run = |rules: &str| {
        graph().dir(dir.path()).args(["-f", "db.yaml", "-n", "shop", "-o", "json", "--rules", rules]).run()
    };
    let found = edges(&run("rules.yaml").success().json());
    assert!(
        found.contains(&"Database.db.example.com/shop/orders uses Secret/shop/secret-1".to_owned()),
        "{found:?}"
    );
    let broken = run("broken.yaml").exits(1);
    assert_eq!(broken.stderr, "error: broken.yaml: rules[0].name: \".spec[\" is not a JSONPath\n");
    let certificate = "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: web}\n\
                       spec: {secretName: web-tls, issuerRef: {name: public, kind: ClusterIssuer}}\n";
    let popular = graph().args(["-f", "-", "-o", "json"]).stdin(certificate).run().success();
    assert_eq!(
        edges(&popular.json()),
        [
            "Certificate.cert-manager.io/default/web creates Secret/default/web-tls",
            "Certificate.cert-manager.io/default/web issued_by ClusterIssuer.cert-manager.io/public",
        ]
    );
}

#[test]
fn a_snapshot_gives_the_graph_that_the_cluster_gave() {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("snapshot");
    plane.apply_in(
        &namespace,
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2-hunter2}\n---\n\
         apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 1\n  \
         selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      \
         containers: [{name: c, image: nginx, envFrom: [{secretRef: {name: s}}, {configMapRef: {name: none}}]}]\n---\n\
         apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n",
    );
    let live = || graph().on(plane).args(["-n", &namespace, "-o", "json"]);
    eventually(Duration::from_secs(60), "the service has its pod", || {
        edges(&live().run().success().json()).iter().any(|edge| edge.contains("targets")).then_some(())
    });
    let dir = tempfile::tempdir().expect("a directory");
    let (before, after) = (dir.path().join("before.json"), dir.path().join("after.json"));
    let shown = live().arg("--save").arg(&before).run().success();
    let text = fs::read_to_string(&before).expect("a snapshot");
    assert!(!text.contains("hunter2") && !text.contains("aHVudGVy"), "a secret's data was saved");
    let snapshot: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        (&snapshot["apiVersion"], &snapshot["kind"]),
        (&json!("passmuster.dev/v1alpha1"), &json!("Snapshot"))
    );
    let again = graph().args(["-n", &namespace, "-o", "json", "--snapshot"]).arg(&before).run().success();
    assert_eq!(again.json(), shown.json());

    let none = graph().args(["diff"]).arg(&before).arg(&before).arg("--exit-code").run().success();
    assert_eq!(none.stdout, "");
    plane.kubectl(&["label", "pod", "-n", &namespace, "-l", "app=web", "app=other", "--overwrite"]);
    live().arg("--save").arg(&after).run().success();
    let diff = graph().args(["diff"]).arg(&before).arg(&after).arg("--exit-code").run().exits(3);
    let gone =
        |line: &str| line.starts_with(&format!("- Service/{namespace}/web targets Pod/{namespace}/web-"));
    assert!(diff.stdout.lines().any(gone), "{diff}");
}
