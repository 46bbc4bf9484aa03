//! Daily files: written from a real Prometheus, and read instead of it.

use std::{fs, path::Path};

use passmuster_tests::{ControlPlane, History, Plugin, Prometheus, PrometheusOptions};
use serde_json::Value;

/// What kubectl looks for.
const PROGRAM: &str = "kubectl-quota_usage";
/// The day, and its first second.
const DAY: &str = "2023-11-14";
const BEGIN: i64 = 1_699_920_000;
const MINUTES: i64 = 24 * 60;
const MI: i64 = 1 << 20;

const QUOTA: &str = r"
apiVersion: v1
kind: ResourceQuota
metadata: {name: compute}
spec: {hard: {requests.cpu: '2', requests.memory: 1Gi}}
";

/// A pod that uses half a core and 200Mi, for ten minutes of the day three times as much CPU and 300Mi; and before and
/// after the day much more.
fn history(namespace: &str) -> History {
    let mut history = History::new();
    let labels = [("namespace", namespace), ("pod", "web-1"), ("container", "app"), ("image", "app:1")];
    let busy = |minute: i64| (600..610).contains(&minute);
    let today = |minute: i64| (0..=MINUTES).contains(&minute);
    let mut seconds = 0;
    let (mut cpu, mut memory) = (Vec::new(), Vec::new());
    for minute in -120..MINUTES + 120 {
        let time = BEGIN + minute * 60;
        seconds += match minute {
            _ if busy(minute) => 90,
            _ if today(minute) => 30,
            _ => 600,
        };
        cpu.push((time, seconds.to_string()));
        let used = if busy(minute) {
            300
        } else if today(minute) {
            200
        } else {
            900
        };
        memory.push((time, (used * MI).to_string()));
    }
    history.add("container_cpu_usage_seconds_total", &labels, cpu);
    history.add("container_memory_usage_bytes", &labels, memory);
    history
}

fn daily(plane: &ControlPlane, prometheus: &str, folder: &Path) -> Plugin {
    Plugin::new(PROGRAM)
        .on(plane)
        .args(["report", "daily", "--project-label", "team", "--prometheus", prometheus, "--output-dir"])
        .arg(folder)
}

#[test]
fn a_day_is_kept_and_rates_are_computed_of_it() {
    let plane = ControlPlane::shared();
    let namespace = plane.namespace("daily");
    plane.apply_in(&namespace, QUOTA);
    plane.kubectl(&["label", "namespace", &namespace, "team=shop"]);
    let prometheus =
        Prometheus::start(&history(&namespace), PrometheusOptions::default()).expect("prometheus starts");
    let folder = tempfile::tempdir().expect("a directory");
    let run = daily(plane, prometheus.url(), folder.path()).args(["--date", DAY]).run().success();
    let files: Vec<String> = fs::read_dir(folder.path())
        .expect("a directory")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    let [file] = files.as_slice() else { panic!("{files:?}") };
    assert!(file.ends_with(&format!("-{DAY}.csv")), "{file}");
    assert!(run.stdout.contains(file), "{run}");
    let path = folder.path().join(file);
    let text = fs::read_to_string(&path).expect("the file");
    assert_eq!(text, format!("shop;{namespace};1.5;{}\n", 300 * MI));

    // No Prometheus any more: the file says it.
    drop(prometheus);
    let usage = |args: &[&str]| -> Value {
        let plugin =
            Plugin::new(PROGRAM).on(plane).args(["-n", &namespace, "-o", "json", "--daily"]).arg(&path);
        plugin.args(args).run().success().json()
    };
    let found = usage(&["--by", "namespace"]);
    let row = |resource: &str| {
        let rows = found["rows"].as_array().expect("rows");
        rows.iter()
            .find(|row| row["resource"] == resource)
            .unwrap_or_else(|| panic!("no {resource}: {found:#}"))
    };
    assert_eq!(row("requests.cpu")["peak"], "1500m");
    assert_eq!(row("requests.cpu")["peakRate"], 0.75);
    assert_eq!(row("requests.memory")["peakRate"], 0.292_968_75);
    let run = Plugin::new(PROGRAM).on(plane).args(["--by", "pod", "--daily"]).arg(&path).run().exits(1);
    assert_eq!(
        run.stderr.lines().next().unwrap_or_default(),
        "error: --daily knows namespaces and not what is in them: --by takes cluster, project and namespace"
    );
}

#[test]
fn what_is_no_day_and_no_file_is_told() {
    let plane = ControlPlane::shared();
    let folder = tempfile::tempdir().expect("a directory");
    for (date, message) in [
        ("2026-02-30", "error: \"2026-02-30\" is not a date that exists, such as 2026-02-28"),
        ("yesterday", "error: \"yesterday\" is not a date that exists, such as 2026-02-28"),
        ("9999-01-01", "error: 9999-01-01 is not over; it is "),
    ] {
        let run = daily(plane, "http://127.0.0.1:9", folder.path()).args(["--date", date]).run().exits(1);
        assert!(run.stderr.starts_with(message), "{run}");
        assert_eq!(run.stdout, "");
    }
    // A day that nobody remembers is no empty file.
    let prometheus =
        Prometheus::start(&history("other"), PrometheusOptions::default()).expect("prometheus starts");
    let run = daily(plane, prometheus.url(), folder.path()).args(["--date", "2020-01-01"]).run().exits(1);
    assert!(run.stderr.contains("error: no peaks of 2020-01-01 are known"), "{run}");
    assert_eq!(fs::read_dir(folder.path()).expect("a directory").count(), 0);

    for (name, text, message) in [
        (
            "prod-2026-02-28.csv",
            "shop;web;1;2\nshop;api;1\n",
            ", line 2: 3 fields instead of project;namespace;CPU;memory in bytes",
        ),
        ("prod-2026-02-30.csv", "", ": 2026-02-30 is not a date that exists"),
        ("prod.csv", "", ": the name must end in a date before its extension, such as prod-2026-02-28.csv"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file");
        let run = Plugin::new(PROGRAM).on(plane).arg("--daily").arg(&path).run().exits(1);
        assert_eq!(run.stderr.trim_end(), format!("error: {}{message}", path.display()));
    }
}
