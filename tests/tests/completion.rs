//! kubectl completes the plugins' arguments with what the kubeconfig and the cluster have, and quickly gives up on a
//! cluster that does not answer.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test that calls them")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use passmuster_tests::kubeconfig::{Cluster, Kubeconfig, User};
use passmuster_tests::{ControlPlane, Plugin};

/// What kubectl offers for these words behind `kubectl graph`, the last being written.
fn offered(kubeconfig: &Path, words: &[&str]) -> Vec<String> {
    offered_by("graph", kubeconfig, words)
}

fn offered_by(name: &str, kubeconfig: &Path, words: &[&str]) -> Vec<String> {
    let shim = tempfile::tempdir().expect("a directory");
    let built = Plugin::new(&format!("kubectl-{name}"));
    built.args(["completion", "install", "--dir"]).arg(shim.path()).run().success();
    let plugin = Plugin::through_kubectl("");
    let path = format!("{}:{}", shim.path().display(), search_path());
    let run = plugin
        .kubeconfig(kubeconfig)
        .env("PATH", path)
        .args(["__complete", name])
        .args(words)
        .run()
        .success();
    run.stdout
        .lines()
        .filter(|line| !line.starts_with(':'))
        .map(|line| line.split('\t').next().unwrap_or_default().to_owned())
        .collect()
}

/// Where the built plugin is, and the shell that runs the shim.
fn search_path() -> String {
    let exe = std::env::current_exe().expect("this program");
    let built = exe.ancestors().nth(2).expect("a directory of built programs");
    format!("{}:/usr/bin:/bin", built.display())
}

#[test]
fn types_names_and_namespaces() {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("complete");
    plane.apply_in(
        &namespace,
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: other}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: robot}}",
    );
    let offers = |words: &[&str]| offered(plane.kubeconfig(), words);
    assert_eq!(offers(&["deplo"]), ["deployments"]);
    assert_eq!(offers(&["cm"]), ["cm"]);
    assert_eq!(offers(&["-n", &namespace, "cm", "s"]), ["settings"]);
    assert_eq!(offers(&["-n", &namespace, "cm", "settings", "o"]), ["other"]);
    assert_eq!(offers(&["-n", &namespace, "configmaps/se"]), ["configmaps/settings"]);
    assert_eq!(offers(&["-n", &namespace, "cm/settings", "sa/r"]), ["sa/robot"]);
    assert_eq!(offers(&["cm/settings", "deplo"]), ["deployments/"]);
    assert_eq!(offers(&["po,deplo"]), ["po,deployments"]);
    assert_eq!(offers(&["--namespace", &namespace[..namespace.len() - 1]]), [namespace.as_str()]);
    assert_eq!(offers(&[&format!("--namespace={namespace}")]), [namespace.as_str()]);
    assert_eq!(offers(&["clusterroles", "system:basic"]), ["system:basic-user"]);
    assert!(offers(&[""]).contains(&"completion".to_owned()));
}

#[test]
fn contexts_and_flags() {
    let config = Kubeconfig::new()
        .cluster("far", &Cluster::new("https://127.0.0.1:1"))
        .user("u", &User::token("t"))
        .context("play", "far", "u", None)
        .context("prod", "far", "u", None);
    let file = ControlPlane::shared().write_kubeconfig("contexts", &config).expect("a file");
    assert_eq!(offered(&file, &["--context", "p"]), ["play", "prod"]);
    assert_eq!(offered(&file, &["--context=pr"]), ["prod"]);
    assert_eq!(offered(&file, &["--kubeconf"]), ["--kubeconfig"]);
    assert_eq!(offered(&file, &["completion", "z"]), ["zsh"]);
    assert!(offered(&file, &["--context", "prod", "pods", ""]).is_empty());
}

#[test]
fn what_quota_usage_takes() {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("quotas");
    let far = Cluster::new("https://127.0.0.1:1");
    let config = Kubeconfig::new()
        .cluster("here", &plane.cluster())
        .cluster("far", &far)
        .user("u", &plane.admin())
        .context("play", "here", "u", None)
        .context("prod", "far", "u", None)
        .context("test", "here", "u", None)
        .current("play");
    let file = plane.write_kubeconfig("quotas", &config).expect("a file");
    let offers = |words: &[&str]| offered_by("quota-usage", &file, words);
    assert_eq!(offers(&["--contexts", "p"]), ["play", "prod"]);
    assert_eq!(offers(&["--contexts=prod,play,"]), ["prod,play,test"]);
    assert_eq!(offers(&["--namespace", &namespace[..namespace.len() - 1]]), [namespace.as_str()]);
    assert_eq!(offers(&["verify", "-n", &namespace]), [namespace.as_str()]);
    assert_eq!(offers(&["--by", "cluster,p"]), ["cluster,project", "cluster,pod"]);
    assert_eq!(offers(&["--by", "pod,label"]), ["pod,label="]);
    assert_eq!(offers(&["--resources", "requests.c"]), ["requests.cpu"]);
    assert_eq!(offers(&["explain", "limits.e"]), ["limits.ephemeral-storage"]);
    assert_eq!(offers(&["fit", "deplo"]), ["deployments/"]);
    assert_eq!(offers(&["fit", "-n", &namespace, "cm/kube"]), ["cm/kube-root-ca.crt"]);
    assert_eq!(offers(&["import", "--from", "o"]), ["openshift"]);
    assert_eq!(offers(&["--sort-by", "pe"]), ["peak", "peak-rate"]);
    assert_eq!(offers(&["verify", "-o", "y"]), ["yaml"]);
    assert_eq!(offers(&["ver"]), ["verify"]);
    assert_eq!(offers(&["report", "da"]), ["daily"]);
    assert_eq!(offers(&["completion", "z"]), ["zsh"]);
    assert!(offers(&["--output-file", ""]).is_empty());
    // The cluster that the line names is asked, whatever else stands there.
    assert!(offers(&["--by", "pod", "--context", "prod", "-n", "quo"]).is_empty());
    assert!(offers(&["--contexts", "prod,play", "-n", "quo"]).is_empty());
    assert_eq!(offers(&["--contexts", "test,prod", "-n", &namespace]), [namespace.as_str()]);
}

#[test]
fn patience_ends() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a socket");
    let server = format!("http://{}", listener.local_addr().expect("an address"));
    let config = Kubeconfig::single("x", &Cluster::new(&server), &User::anonymous(), None);
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("config");
    config.write(&file).expect("a file");
    let run = Plugin::new("kubectl-graph").kubeconfig(&file).args(["__complete", "pods", ""]).run().success();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), (":4\n", ""));
    // That it ended at all is the point: nobody answers here.
    assert!(run.wall > Duration::from_secs(1), "{run}");
}

/// What a shell prints that runs this, with a shell's script in `completion`; `$NAMESPACE` has one config map, `settings`.
fn said_by(shell: &str, args: &[&str], ask: &str) -> (String, String) {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace(shell);
    plane.apply_in(&namespace, "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}}");
    let directory = tempfile::tempdir().expect("a directory");
    let script = Plugin::new("kubectl-graph").args(["completion", shell]).run().success().stdout;
    fs::write(directory.path().join("completion"), script).expect("a file");
    let output = Command::new(shell)
        .args(args)
        .args(["-c", ask])
        .current_dir(directory.path())
        .env("PATH", search_path())
        .env("HOME", directory.path())
        .env("NAMESPACE", &namespace)
        .env("KUBECONFIG", plane.kubeconfig())
        .output()
        .expect("the shell");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    (namespace, String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn the_script_for_bash_works() {
    let ask = "source completion
        compopt() { echo \"compopt $*\"; }
        ask() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _kubectl_graph; echo \"${COMPREPLY[*]}\"; }
        ask kubectl-graph -n $NAMESPACE cm s
        ask kubectl-graph --namespace = ${NAMESPACE%?}
        ask kubectl-graph clusterroles system : basic
        ask kubectl-graph cm/settings deplo
        ask kubectl-graph --kubeconfig ''";
    let (namespace, said) = said_by("bash", &["--norc"], ask);
    let expected = format!(
        "settings\n{namespace}\nbasic-user\ncompopt -o nospace\ndeployments/\ncompopt -o default\n\n"
    );
    assert_eq!(said, expected);
}

#[test]
fn the_script_for_zsh_works() {
    // Outside of its line editor zsh has none of what completes; what it is asked for is told instead.
    let ask = "compdef() { echo \"compdef $*\" }
        compset() { echo \"compset $*\" }
        _files() { echo \"files $*\" }
        _describe() { local -a offered; offered=(\"${(@P)4}\"); shift 4; echo \"${(j:,:)${(@)offered%%:[^:]# *}} $*\" }
        setopt extendedglob
        source ./completion
        ask() { words=(\"$@\"); CURRENT=$#; _kubectl_graph }
        ask kubectl-graph -n $NAMESPACE cm s
        ask kubectl-graph --namespace=${NAMESPACE%?}
        ask kubectl-graph clusterroles system:basic
        ask kubectl-graph cm/settings deplo
        ask kubectl-graph --kubeconfig ''";
    let (namespace, said) = said_by("zsh", &["--no-rcs"], ask);
    let expected = format!(
        "compdef _kubectl_graph kubectl-graph\nsettings \ncompset -P --namespace=\n{namespace} \n\
         system\\:basic-user \ndeployments/ -S \nfiles \n"
    );
    assert_eq!(said, expected);
}

#[test]
fn the_script_for_fish_works() {
    let ask = "source completion
        complete -C \"kubectl-graph -n $NAMESPACE cm s\"
        complete -C \"kubectl-graph --namespace=\"(string sub -e -1 $NAMESPACE)
        complete -C 'kubectl-graph clusterroles system:basic'
        complete -C 'kubectl-graph cm/settings deplo'
        complete -C 'kubectl-graph --kubeconfig com'";
    let (namespace, said) = said_by("fish", &["--no-config"], ask);
    let offered: Vec<&str> = said.lines().map(|line| line.split('\t').next().unwrap_or_default()).collect();
    let whole = format!("--namespace={namespace}");
    assert_eq!(offered, ["settings", &whole, "system:basic-user", "deployments/", "completion"]);
}

#[test]
fn the_script_for_powershell_is_powershell() {
    // There is none to run it: nobody packages it for Debian. Its grammar tells whether it can be read.
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).expect("the grammar");
    let mut reads =
        |script: &str| parser.parse(script, None).is_some_and(|tree| !tree.root_node().has_error());
    for plugin in ["kubectl-graph", "kubectl-quota-usage", "kubectl-audit"] {
        let script = Plugin::new(plugin).args(["completion", "powershell"]).run().success().stdout;
        assert!(reads(&script), "{script}");
        for part in ["{", "}", "(", ")"] {
            assert!(!reads(&script.replacen(part, "", 1)), "without the first {part}");
        }
    }
}
