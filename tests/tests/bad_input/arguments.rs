//! Arguments that make no sense, and clusters that are not there.

use passmuster_tests::{
    ControlPlane, Kubeconfig, Options, Plugin,
    controlplane::free_ports,
    kubeconfig::{Cluster, User},
};

use crate::folder::{Folder, map, only_line};

const USAGE: &str = "See 'kubectl graph --help' for usage.";

#[test]
fn types_and_names_that_the_server_does_not_have_fail_in_kubectls_words() {
    let plane = ControlPlane::start(Options::bare()).unwrap();
    for args in [
        &["nonsense"][..],
        &["nonsense/x"],
        &["deploy/nothing"],
        &["deploy", "one", "two"],
        &["pods/one", "svc/two"],
        &["deployments.v9.apps"],
        &["a/b/c"],
        &["pods/"],
        &["--context", "nowhere", "pods"],
        &["--kubeconfig", "/nonexistent/kubeconfig", "pods"],
        &["--request-timeout", "soon", "pods"],
    ] {
        let ours = Plugin::new("kubectl-graph").on(&plane).args(args).run().exits(1);
        let kubectls = Plugin::through_kubectl("get").on(&plane).args(args).run().exits(1);
        assert_eq!(ours.stderr, kubectls.stderr.replace("kubectl get", "kubectl graph"), "{args:?}");
        assert_eq!(ours.stdout, "", "{args:?}");
    }
}

#[test]
fn flags_that_make_no_sense_point_to_the_help() {
    let folder = Folder::new();
    folder.write("a.yaml", map("a"));
    for (args, says) in [
        (&["--nonsense"][..], "error: unknown flag: --nonsense"),
        (&["--depth", "few"], "error: invalid argument \"few\" for \"--depth\" flag"),
        (&["-o"], "error: flag needs an argument: --output"),
        (
            &["--dependents", "--dependencies"],
            "error: the argument '--dependents' cannot be used with '--dependencies'",
        ),
        (&["-f", "a.yaml", "-w"], "error: the argument '--filename <FILE>' cannot be used with '--watch'"),
        (
            &["--snapshot", "a.yaml", "-w"],
            "error: the argument '--snapshot <FILE>' cannot be used with '--watch'",
        ),
        (&["--missing", "--unused"], "error: the argument '--missing' cannot be used with '--unused'"),
        (
            &["--every", "1s", "--output-file", "x"],
            "error: the following required arguments were not provided: --watch",
        ),
        (&["-f", "a.yaml", "--show", "nonsense"], "error: invalid argument \"nonsense\" for \"--show\" flag"),
        (&["diff", "a.yaml"], "error: the following required arguments were not provided: <B>"),
    ] {
        let run = folder.run(args).exits(1);
        let (first, second) = run.stderr.trim_end().split_once('\n').unwrap_or_else(|| panic!("{run}"));
        assert!(first.starts_with(says), "{args:?}: {first}");
        assert!(second.ends_with(USAGE), "{args:?}: {second}");
        assert_eq!(run.stdout, "", "{args:?}");
    }
}

#[test]
fn questions_that_have_no_answer_say_why() {
    let folder = Folder::new();
    folder.write("a.yaml", format!("{}---\n{}", map("a"), map("b")));
    for (args, says) in [
        (
            &["-o", "nonsense"][..],
            "error: unable to match a printer suitable for the output format \"nonsense\", allowed",
        ),
        (&["--to", "cm/a"], "error: --to needs an object to start from"),
        (&["cm/a", "--to", "a"], "error: --to takes TYPE/NAME, not \"a\""),
        (&["cm/a", "--to", "cm/c"], "error: ConfigMap \"c\" not found in a.yaml"),
        (&["cm/a", "--to", "cm/b"], "error: no path from ConfigMap/default/a to ConfigMap/default/b"),
        (&["cm/c"], "error: ConfigMap \"c\" not found in a.yaml"),
        (&["nonsense"], "error: the server doesn't have a resource type \"nonsense\""),
        (&["--edges", "nonsense"], "error: unknown edge type \"nonsense\"; there are aggregates,"),
        (&["--exclude", "nonsense"], "error: --include or --exclude nonsense: the server doesn't have"),
        (&["-l", "a=b"], "error: at least one resource must be specified to use a selector"),
        (&["cm", "-l", "a in (b"], "error: unable to parse requirement \"a in (b\": expected"),
        (&["--rules", "none.yaml"], "error: can't read the rules none.yaml: "),
    ] {
        let run = folder.run(&[&["-f", "a.yaml"], args].concat()).exits(1);
        assert!(only_line(&run).starts_with(says), "{args:?}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{args:?}");
    }
    let run = folder.run(&["-f", "a.yaml", "--rules", "a.yaml"]).exits(1);
    assert!(only_line(&run).starts_with("error: a.yaml: "), "{run}");
}

#[test]
fn an_object_in_several_namespaces_is_not_guessed() {
    let folder = Folder::new();
    let of = |namespace: &str| map("a").replace("name: a", &format!("name: a, namespace: {namespace}"));
    folder.write("a.yaml", format!("{}---\n{}", of("left"), of("right")));
    let run = folder.run(&["-f", "a.yaml", "cm/a"]).exits(1);
    assert!(only_line(&run).ends_with("it is in left, right: choose with -n"), "{run}");
    folder.run(&["-f", "a.yaml", "cm/a", "-n", "right"]).success();
}

#[test]
fn a_cluster_that_is_not_there_is_told_as_kubectl_tells_it() {
    let folder = Folder::new();
    let [port] = free_ports();
    let closed = format!("127.0.0.1:{port}");
    let config =
        |server: &str| Kubeconfig::single("x", &Cluster::new(server), &User::anonymous(), None).to_string();
    folder.write("refused", config(&format!("http://{closed}"))).write("broken", "{").write("empty", "");
    let run = |name: &str, args: &[&str]| {
        folder.plugin(args).kubeconfig(&folder.path().join(name)).run().exits(1).stderr
    };
    let refused = format!(
        "The connection to the server {closed} was refused - did you specify the right host or port?\n"
    );
    assert_eq!(run("refused", &["pods"]), refused);
    assert_eq!(run("refused", &["pods", "-w"]), refused);
    let broken = run("broken", &["pods"]);
    assert!(
        broken.starts_with("error: error loading config file \"") && broken.lines().count() == 1,
        "{broken}"
    );
    assert!(run("empty", &["pods"]).starts_with("The connection to the server localhost:8080 was refused"));
}

#[test]
fn only_graphs_and_snapshots_are_compared() {
    let folder = Folder::new();
    folder.write("a.yaml", map("a")).write("rubbish.json", "{\"kind\": ").write("nothing.json", "");
    let graph = folder.run(&["-f", "a.yaml", "-o", "json"]).success().stdout;
    folder.write("graph.json", &graph).write("cut.json", &graph[..graph.len() / 2]);
    for wrong in ["a.yaml", "rubbish.json", "nothing.json", "cut.json", "none.json", "."] {
        for args in [["diff", "graph.json", wrong], ["diff", wrong, "graph.json"]] {
            let run = folder.run(&args).exits(1);
            let line = only_line(&run);
            assert!(line.starts_with("error: ") && line.contains(wrong), "{args:?}: {line}");
        }
    }
    let run = folder.run(&["--snapshot", "graph.json"]).exits(1);
    assert!(only_line(&run).contains("expected a snapshot, found a graph"), "{run}");
    let run = folder.run(&["diff", "graph.json", "graph.json", "-o", "svg"]).exits(1);
    assert!(only_line(&run).contains("allowed formats are: json,tree"), "{run}");
}
