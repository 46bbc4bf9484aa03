//! A server that fails in the middle of an import: what is there is told, and the same again completes it.

use std::time::Duration;

use passmuster_tests::{
    ControlPlane, Plugin, Proxy, eventually,
    plugin::Run,
    proxy::{Fault, Rule},
    signal::Signal,
};
use serde_json::{Value, json};

use crate::world::{QUOTAS, plane};

/// Long enough for a slow machine.
const GENEROUS: Duration = Duration::from_secs(30);

fn names(plane: &ControlPlane) -> Vec<String> {
    let list: Value = plane.api().get(QUOTAS).unwrap();
    let names = list["items"].as_array().unwrap().iter();
    names.map(|item| item["metadata"]["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_failure_half_way_is_told_and_the_same_again_completes_it() {
    let plane = plane();
    plane
        .create(&json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "ProjectQuota", "metadata": {"name": "old"},
            "spec": {"namespaces": ["old"], "hard": {"pods": "1"}}}))
        .unwrap();
    let file = plane.dir().join("q.csv");
    std::fs::write(&file, "Project,CPU\na,1\nb,2\nc,3\nd,4\n").unwrap();
    let proxy = Proxy::start(&plane);
    let import = |more: &[&str]| -> Run {
        let plugin = Plugin::new("kubectl-quota-usage").kubeconfig(proxy.kubeconfig());
        plugin.args(["import", file.to_str().unwrap(), "--apply", "--prune"]).args(more).run()
    };

    // While it is being checked: nothing at all.
    proxy.add(Rule::new(Fault::Status(503)).method("PATCH").query_contains("dryRun=All").nth(3));
    let run = import(&[]).exits(1);
    assert!(run.stderr.contains("nothing was written: the server would not take 1 of 5 changes"), "{run}");
    assert_eq!(names(&plane), ["old"]);

    // The third write, after all four were checked.
    proxy.clear();
    proxy.add(Rule::new(Fault::Status(503)).method("PATCH").nth(7));
    let run = import(&[]).exits(1);
    assert_eq!(run.stdout, "projectquota.passmuster.dev/a created\nprojectquota.passmuster.dev/b created\n");
    assert!(run.stderr.starts_with("error: project c: ") || run.stderr.contains("project c: "), "{run}");
    assert!(run.stderr.contains("2 of 5 changes written: a, b; not written: c, d, old."), "{run}");
    assert_eq!(names(&plane), ["a", "b", "old"]);

    proxy.clear();
    let run = import(&[]).success();
    let lines: Vec<&str> = run.stdout.lines().map(|line| line.rsplit('/').next().unwrap()).collect();
    assert_eq!(lines, ["a unchanged", "b unchanged", "c created", "d created", "old deleted"]);
    assert_eq!(names(&plane), ["a", "b", "c", "d"]);

    // An answer that never comes: whether it was written, the server is asked.
    std::fs::write(&file, "Project,CPU\na,7\nb,8\nc,3\nd,4\n").unwrap();
    proxy.add(Rule::new(Fault::Truncate { after: 10 }).method("PATCH").nth(4));
    let run = import(&[]).exits(1);
    assert!(run.stderr.contains("2 of 2 changes written: a, b; not written: none."), "{run}");
    // A server that is too busy is asked again.
    proxy.clear();
    std::fs::write(&file, "Project,CPU\na,9\nb,8\nc,3\nd,4\n").unwrap();
    proxy.add(Rule::new(Fault::TooManyRequests { retry_after: 1 }).method("PATCH").first(1));
    let run = import(&[]).success();
    assert!(run.stdout.starts_with("projectquota.passmuster.dev/a configured\n"), "{run}");
    proxy.clear();
    import(&["--dry-run=client"]).success();
}

#[test]
fn whoever_ends_it_half_way_is_told_what_is_there() {
    let plane = plane();
    let file = plane.dir().join("ended.csv");
    std::fs::write(&file, "Project,CPU\na,1\nb,2\nc,3\n").unwrap();
    let proxy = Proxy::start(&plane);
    // The fifth PATCH is the second that is no check: it never ends by itself.
    proxy.add(Rule::new(Fault::Stall).method("PATCH").nth(5));
    let plugin = Plugin::new("kubectl-quota-usage").kubeconfig(proxy.kubeconfig());
    let mut running = plugin.args(["import", file.to_str().unwrap(), "--apply"]).spawn();
    let first = running.line(GENEROUS);
    assert_eq!(first.as_deref(), Some("projectquota.passmuster.dev/a created"));
    eventually(GENEROUS, "the second write", || {
        let written = proxy.requests().into_iter().filter(|request| request.method == "PATCH").count();
        (written == 5).then_some(())
    });
    running.signal(Signal::Term);
    assert_eq!(running.wait(GENEROUS).code(), Some(1));
    let told = running.errors();
    assert!(told.contains("1 of 3 changes written: a; not written: b, c."), "{told}");
    assert_eq!(names(&plane), ["a"]);
    proxy.clear();
    let plugin = Plugin::new("kubectl-quota-usage").on(&plane);
    plugin.args(["import", file.to_str().unwrap(), "--apply"]).run().success();
    assert_eq!(names(&plane), ["a", "b", "c"]);
}

#[test]
fn what_changed_in_the_meantime_is_not_overwritten() {
    let plane = plane();
    let stored = |cpu: &str| {
        json!({"apiVersion": "passmuster.dev/v1alpha1", "kind": "ProjectQuota", "metadata": {"name": "a"},
            "spec": {"namespaces": ["a"], "hard": {"requests.cpu": cpu}}})
    };
    plane.create(&stored("1")).unwrap();
    let file = plane.dir().join("race.csv");
    std::fs::write(&file, "Project,pods\na,5\n").unwrap();
    let proxy = Proxy::start(&plane);
    // Between the check and the write there is time for somebody else.
    proxy.add(Rule::new(Fault::Delay(Duration::from_secs(4))).method("PATCH").nth(2));
    let plugin = Plugin::new("kubectl-quota-usage").kubeconfig(proxy.kubeconfig());
    let mut running = plugin.args(["import", file.to_str().unwrap(), "--apply"]).spawn();
    eventually(GENEROUS, "the write", || {
        let written = proxy.requests().into_iter().filter(|request| request.method == "PATCH").count();
        (written == 2).then_some(())
    });
    let path = format!("{QUOTAS}/a");
    plane.api().patch(&path, &json!({"spec": {"hard": {"requests.cpu": "7"}}})).unwrap();
    let code = running.wait(GENEROUS).code();
    let now = plane.api().get(&path).unwrap()["spec"]["hard"].clone();
    assert_eq!(code, Some(1), "{now}");
    assert_eq!(now, json!({"requests.cpu": "7"}));
    let told = running.errors();
    assert!(
        told.contains("Conflict") && told.contains("0 of 1 change written: none; not written: a."),
        "{told}"
    );
}
