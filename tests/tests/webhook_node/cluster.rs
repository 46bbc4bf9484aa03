//! A node with the webhook's image.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use passmuster_tests::image::{Image, Recipe};
use passmuster_tests::{Node, eventually, node};
use serde_json::Value;

/// How long something may take that takes seconds on an idle machine.
pub(crate) const LONG: Duration = Duration::from_secs(120);
pub(crate) const SYSTEM: &str = "passmuster-system";

/// A node that knows the image; none where this machine can't have one, which is said.
pub(crate) fn node() -> Option<Node> {
    if let Some(why) = node::obstacle() {
        // Nothing is to be done about a closed stderr.
        let _ = writeln!(io::stderr(), "skipped: {why}");
        return None;
    }
    Some(Node::start(&[&image()]).unwrap_or_else(|error| panic!("{error}")))
}

/// The image that the manifests name, of the static program that `make image` built.
fn image() -> Image {
    let program = program();
    assert!(program.is_file(), "{} is missing; run `make image`", program.display());
    let reference = concat!("docker.io/library/passmuster:", env!("CARGO_PKG_VERSION"));
    Recipe::of(&program, reference).unwrap().make().unwrap()
}

/// `PASSMUSTER_IMAGE_PROGRAM`, or where cargo puts a static program.
fn program() -> PathBuf {
    if let Some(path) = env::var_os("PASSMUSTER_IMAGE_PROGRAM") {
        return path.into();
    }
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"));
    target.join(format!("{}-unknown-linux-musl/server/passmuster", env::consts::ARCH))
}

pub(crate) fn manifests(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../manifests").join(path)
}

/// A kustomization of a test's own, among the node's files: `text` with the folders of ours in it, which it writes as
/// `MANIFESTS/base`.
pub(crate) fn overlay(node: &Node, text: &str) -> PathBuf {
    let dir = node.dir().join("overlay");
    fs::create_dir(&dir).unwrap();
    // kustomize takes relative paths only.
    let up = "../".repeat(dir.canonicalize().unwrap().components().count() - 1);
    let manifests = manifests("").canonicalize().unwrap();
    let path = format!("{up}{}", manifests.display().to_string().trim_start_matches('/'));
    fs::write(dir.join("kustomization.yaml"), text.replace("MANIFESTS", &path)).unwrap();
    dir
}

pub(crate) fn apply(node: &Node, kustomization: &Path) {
    node.kubectl(&["apply", "-k", &kustomization.display().to_string()]);
}

/// The object, none when it is not there.
pub(crate) fn get(node: &Node, args: &[&str]) -> Option<Value> {
    let args = [&["get", "--ignore-not-found", "-o", "json"], args].concat();
    let text = node.checked(&args, "").unwrap_or_else(|error| panic!("{error}"));
    (!text.is_empty()).then(|| serde_json::from_str(&text).unwrap())
}

pub(crate) fn configuration(node: &Node) -> Option<Value> {
    get(node, &["validatingwebhookconfiguration", "passmuster"])
}

/// Waits until replicas are ready and API servers are told to call.
pub(crate) fn await_enforcing(node: &Node) {
    node.kubectl(&["rollout", "status", "deployment/passmuster", "-n", SYSTEM, "--timeout=120s"]);
    eventually(LONG, "the configuration", || configuration(node));
}

/// Names of the replicas' pods that are not on their way out.
pub(crate) fn pods(node: &Node) -> Vec<String> {
    let list = get(node, &["pods", "-n", SYSTEM, "-l", "app.kubernetes.io/name=passmuster"]).unwrap();
    let living = list["items"].as_array().unwrap().iter();
    let living = living.filter(|pod| pod["metadata"]["deletionTimestamp"].is_null());
    living.map(|pod| pod["metadata"]["name"].as_str().unwrap().to_owned()).collect()
}

/// What a replica's port for metrics and probes answers, by way of the API server.
pub(crate) fn telemetry(node: &Node, pod: &str, path: &str) -> Result<String, String> {
    let raw = format!("/api/v1/namespaces/{SYSTEM}/pods/{pod}:8080/proxy{path}");
    node.checked(&["get", "--raw", &raw], "").map_err(|error| error.to_string())
}

/// A figure of one replica, none when it tells none.
pub(crate) fn figure(node: &Node, pod: &str, name: &str) -> Option<f64> {
    let text = telemetry(node, pod, "/metrics").ok()?;
    let of = |line: &str| {
        let (series, value) = line.rsplit_once(' ')?;
        let own = series.split('{').next()?;
        (own == format!("passmuster_{name}")).then(|| value.parse::<f64>().ok())?
    };
    let values: Vec<f64> = text.lines().filter_map(of).collect();
    (!values.is_empty()).then(|| values.iter().sum())
}

/// How many reviews all replicas have answered.
pub(crate) fn reviews(node: &Node) -> f64 {
    let count = |pod: &String| figure(node, pod, "admission_decisions_total").unwrap_or_default();
    pods(node).iter().map(count).sum()
}

/// Asks for an object that is judged, without storing it.
pub(crate) fn ask(node: &Node) -> Result<(), String> {
    let args = ["create", "service", "clusterip", "asked", "--tcp=80", "--dry-run=server"];
    node.checked(&args, "").map(drop).map_err(|error| error.to_string())
}

/// Waits until the API server's calls arrive.
pub(crate) fn await_calls(node: &Node) {
    let before = reviews(node);
    eventually(LONG, "a call of the Service", || {
        ask(node).ok()?;
        (reviews(node) > before).then_some(())
    });
}

/// Asks while `work` is done, and returns how many calls were made and those that failed.
pub(crate) fn asking(node: &Node, work: impl FnOnce()) -> (usize, Vec<String>) {
    use std::sync::atomic::{AtomicBool, Ordering};
    struct End<'a>(&'a AtomicBool);
    impl Drop for End<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let calls = scope.spawn(|| {
            let (mut asked, mut failed) = (0, Vec::new());
            while !done.load(Ordering::Relaxed) {
                failed.extend(ask(node).err());
                asked += 1;
            }
            (asked, failed)
        });
        // Also when the work panics, or the calls would never end.
        let end = End(&done);
        work();
        drop(end);
        calls.join().unwrap()
    })
}

/// Says how long something took; no test depends on it.
pub(crate) fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let made = work();
    let _ = writeln!(io::stderr(), "{what}: {:.1} s", start.elapsed().as_secs_f64());
    made
}
