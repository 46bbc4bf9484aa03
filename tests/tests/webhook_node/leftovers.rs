//! Nothing of a node outlives the process that asked for it, however that ends.

use std::env;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use passmuster_tests::signal::{Signal, alive};
use passmuster_tests::{Node, eventually, node};

use crate::cluster::LONG;

/// Set for a process that holds a node until it is ended.
const HOLD: &str = "PASSMUSTER_HOLD_NODE";

#[test]
fn a_killed_test_leaves_nothing_behind() {
    if env::var_os(HOLD).is_some() {
        return hold();
    }
    if node::obstacle().is_some() {
        return;
    }
    let mut test = Command::new(env::current_exe().unwrap());
    test.args(["--exact", "leftovers::a_killed_test_leaves_nothing_behind", "--nocapture"]);
    let mut test = test.env(HOLD, "yes").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(test.stdout.take().unwrap()).lines();
    let held = lines.map_while(Result::ok).find_map(|line| {
        let (dir, first) = line.strip_prefix("held ")?.rsplit_once(' ')?;
        Some((PathBuf::from(dir), first.parse::<u32>().ok()?))
    });
    let (dir, first) = held.unwrap();
    assert!(alive(first) && dir.exists());
    assert!(!groups(&dir).is_empty(), "the node's control groups have another name");
    let children = processes(first);
    assert!(children.len() > 6, "only {children:?} run on the node");

    Signal::Kill.send(test.id());
    test.wait().unwrap();
    eventually(LONG, "the end of the node's processes", || {
        (!alive(first) && !children.iter().any(|&child| alive(child))).then_some(())
    });
    eventually(LONG, "the end of its control groups", || groups(&dir).is_empty().then_some(()));
    eventually(LONG, "the end of its files", || (!dir.exists()).then_some(()));
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
    assert!(!mounts.contains(&dir.display().to_string()), "{mounts}");
}

fn hold() {
    let node = Node::start(&[]).unwrap();
    let held = format!("held {} {}\n", node.dir().display(), node.first());
    io::stdout().write_all(held.as_bytes()).unwrap();
    thread::sleep(Duration::from_secs(600));
}

/// All processes of the namespace whose first process this is.
fn processes(first: u32) -> Vec<u32> {
    let namespace = |pid: u32| fs::read_link(format!("/proc/{pid}/ns/mnt")).ok();
    let own = namespace(first);
    let pids =
        fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    pids.filter(|&pid| namespace(pid) == own).collect()
}

/// The node's control groups that are left.
fn groups(dir: &Path) -> Vec<PathBuf> {
    let name = format!("passmuster-{}", dir.file_name().unwrap().to_string_lossy());
    let root = Path::new("/sys/fs/cgroup");
    let roots = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    roots.chain([root.to_path_buf()]).map(|root| root.join(&name)).filter(|group| group.exists()).collect()
}
