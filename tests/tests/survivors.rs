//! No process of a control plane outlives the process that started it, however that one ends.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test that calls them")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use passmuster_tests::signal::{Signal, alive};
use passmuster_tests::{ControlPlane, Options, eventually};

const LONG: Duration = Duration::from_secs(60);

/// Set for the process that a test starts: where to write what it has, and how to end.
const REPORT: &str = "PASSMUSTER_TEST_REPORT";
const ENDING: &str = "PASSMUSTER_TEST_ENDING";

/// Not a test by itself: the body of the process that the tests below start and end.
#[test]
fn child() {
    let (Ok(report), Ok(ending)) = (std::env::var(REPORT), std::env::var(ENDING)) else { return };
    let plane = ControlPlane::start(Options::bare()).expect("a control plane");
    let pids: Vec<_> = plane.pids().iter().map(u32::to_string).collect();
    let part = format!("{report}.part");
    fs::write(&part, format!("{}\n{}", plane.dir().display(), pids.join(" "))).expect("a report");
    fs::rename(part, report).expect("a report");
    match ending.as_str() {
        "exit" => {
            // As a control plane in a static: never dropped.
            std::mem::forget(plane);
        }
        "panic" => panic!("on purpose"),
        _ => std::thread::sleep(LONG),
    }
}

#[test]
fn dropped() {
    let plane = ControlPlane::start(Options::bare()).expect("a control plane");
    let (dir, pids) = (plane.dir().to_path_buf(), plane.pids());
    assert!(pids.iter().all(|&pid| alive(pid)), "all of {pids:?} run");
    drop(plane);
    assert_gone(&dir, &pids);
}

#[test]
fn killed() {
    let (mut child, dir, pids) = start("wait");
    assert!(pids.iter().all(|&pid| alive(pid)), "all of {pids:?} run");
    assert!(Signal::Kill.send(child.id()));
    child.wait().expect("an end");
    assert_gone(&dir, &pids);
}

#[test]
fn killed_while_frozen() {
    let (mut child, dir, pids) = start("wait");
    for &pid in &pids[..2] {
        Signal::Stop.send(pid);
    }
    assert!(Signal::Kill.send(child.id()));
    child.wait().expect("an end");
    assert_gone(&dir, &pids);
}

#[test]
fn interrupted() {
    let (mut child, dir, pids) = start("wait");
    assert!(Signal::Int.send(child.id()));
    child.wait().expect("an end");
    assert_gone(&dir, &pids);
}

#[test]
fn panicked() {
    let (mut child, dir, pids) = start("panic");
    assert!(!child.wait().expect("an end").success());
    assert_gone(&dir, &pids);
}

#[test]
fn forgotten() {
    let (mut child, dir, pids) = start("exit");
    assert!(child.wait().expect("an end").success());
    assert_gone(&dir, &pids);
}

/// Starts a process that starts a control plane; returns it with the control plane's directory and processes.
fn start(ending: &str) -> (Child, PathBuf, Vec<u32>) {
    let dir = tempfile::tempdir().expect("a directory");
    let report = dir.path().join("report");
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command.args(["--exact", "child"]).env(REPORT, &report).env(ENDING, ending);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a process");
    let text = eventually(LONG, "the report", || fs::read_to_string(&report).ok());
    let (plane, pids) = text.split_once('\n').expect("two lines");
    let pids = pids.split(' ').map(|pid| pid.parse().expect("a number")).collect();
    (child, plane.into(), pids)
}

fn assert_gone(dir: &Path, pids: &[u32]) {
    eventually(Duration::from_secs(10), "all processes gone", || {
        pids.iter().all(|&pid| !alive(pid)).then_some(())
    });
    eventually(Duration::from_secs(10), "the directory gone", || (!dir.exists()).then_some(()));
}
