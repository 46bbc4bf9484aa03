use clap::Parser;

use super::*;
use crate::cli::{CommonOptions, complete};

#[derive(Parser)]
#[command(name = "graph")]
struct Args {
    #[command(flatten)]
    _common: CommonOptions,
    /// Everywhere
    #[arg(short = 'A', long)]
    _all_namespaces: bool,
    /// Kinds to leave out
    #[arg(long, value_name = "TYPES")]
    exclude: Vec<String>,
    #[arg(short, long)]
    output: Option<String>,
    #[arg(long)]
    edges: Vec<String>,
    #[arg(long, value_delimiter = ',')]
    contexts: Vec<String>,
    resources: Vec<String>,
}

const PROGRAM: Program = Program {
    name: "graph",
    completes: |id| match id {
        "output" => Some(What::Word(&["json", "jsonpath=", "yaml"])),
        "edges" => Some(What::Words(&["owned_by", "runs_on", "uses", "label="])),
        _ => None,
    },
};

fn answer(words: &[&str], env: &Env) -> Answer {
    let mut command = <Args as clap::CommandFactory>::command().subcommand(complete::subcommand("graph"));
    command.build();
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    super::complete(&PROGRAM, &command, &words, env)
}

fn values(words: &[&str], env: &Env) -> Vec<String> {
    answer(words, env).candidates.into_iter().map(|candidate| candidate.value).collect()
}

/// A kubeconfig with two contexts, of a server that does not exist.
fn kubeconfig() -> (tempfile::TempDir, Env) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("config");
    let text = "
clusters: [{name: c1, cluster: {server: 'https://127.0.0.1:1'}}, {name: c2, cluster: {server: 'https://127.0.0.1:1'}}]
users: [{name: u1, user: {token: t}}]
contexts: [{name: prod, context: {cluster: c1, user: u1}}, {name: play, context: {cluster: c2, user: u1}}]
";
    std::fs::write(&file, text).unwrap();
    let env = Env::empty().with("KUBECONFIG", file.display().to_string());
    (directory, env)
}

#[test]
fn flags() {
    let env = Env::empty();
    assert_eq!(values(&["--name"], &env), ["--namespace"]);
    assert_eq!(values(&["--cont"], &env), ["--context", "--contexts"]);
    assert!(values(&["-"], &env).contains(&"-n".to_owned()));
    // Spent ones are not offered again; repeatable ones are.
    assert!(values(&["-n", "x", "--name"], &env).is_empty());
    assert!(values(&["--namespace=x", "--name"], &env).is_empty());
    assert_eq!(values(&["--as-group", "x", "--as-gr"], &env), ["--as-group"]);
    assert_eq!(values(&["--color", "a"], &env), ["auto", "always"]);
    assert_eq!(values(&["--color=n"], &env), ["never"]);
}

#[test]
fn the_kubeconfig() {
    let (_directory, env) = kubeconfig();
    assert_eq!(values(&["--context", ""], &env), ["play", "prod"]);
    assert_eq!(values(&["--context=pr"], &env), ["prod"]);
    assert_eq!(values(&["--contexts", "p"], &env), ["play", "prod"]);
    assert_eq!(values(&["--contexts=prod,"], &env), ["prod,play"]);
    assert!(values(&["--contexts", "prod,play,"], &env).is_empty());
    assert_eq!(values(&["--cluster", ""], &env), ["c1", "c2"]);
    assert_eq!(values(&["--user", ""], &env), ["u1"]);
}

#[test]
fn files_are_the_shells_business() {
    assert_eq!(answer(&["--kubeconfig", ""], &Env::empty()), Answer::files());
    assert_eq!(answer(&["--cache-dir", ""], &Env::empty()), Answer::directories());
    assert_eq!(answer(&["--token", ""], &Env::empty()), Answer::nothing());
}

#[test]
fn words() {
    let env = Env::empty();
    assert_eq!(values(&["-o", "j"], &env), ["json", "jsonpath="]);
    assert_eq!(values(&["-oy", "-A", "--edges", "u"], &env), ["uses"]);
    assert_eq!(
        answer(&["-o", "jsonp"], &env),
        Answer::of(vec![Candidate::new("jsonpath=", "")]).without_space()
    );
    assert_eq!(values(&["--edges", "uses,"], &env), ["uses,owned_by", "uses,runs_on", "uses,label="]);
    assert_eq!(
        answer(&["--edges", "uses,la"], &env),
        Answer::of(vec![Candidate::new("uses,label=", "")]).without_space()
    );
}

#[test]
fn commands() {
    let (_directory, env) = kubeconfig();
    assert_eq!(values(&["comp"], &env), ["completion"]);
    assert_eq!(values(&["completion", ""], &env), ["bash", "zsh", "fish", "powershell", "install"]);
    assert_eq!(answer(&["completion", "install", "--dir", ""], &env), Answer::directories());
    assert!(values(&["pods", "comp"], &env).is_empty());
}

#[test]
fn a_cluster_that_does_not_answer_is_silence() {
    let (_directory, env) = kubeconfig();
    assert_eq!(answer(&["--context", "prod", "pods", ""], &env), Answer::nothing());
    assert_eq!(answer(&["-nx", "--", "pods/"], &env), Answer::nothing());
    assert_eq!(answer(&["--exclude", "pods,"], &env), Answer::nothing());
    assert_eq!(answer(&["--nope", "--context", "gone", "-n", ""], &env), Answer::nothing());
}
