//! READY and STATUS of pods.

use passmuster_tests::population::Random;
use serde_json::{Value, json};

use crate::columns::{agree, put, start};

fn pod(namespace: &str, name: &str, status: Value) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "x"}]},
        "status": status,
    })
}

fn container(name: &str, state: Value) -> Value {
    let ready = state.get("running").is_some();
    json!({"name": name, "image": "x", "imageID": "", "ready": ready, "restartCount": 0, "state": state})
}

fn waiting(reason: &str) -> Value {
    json!({"waiting": {"reason": reason}})
}

fn ended(code: i32, reason: &str) -> Value {
    json!({"terminated": {"exitCode": code, "reason": reason}})
}

#[test]
fn pods_in_every_state_that_kubectl_has_a_word_for() {
    let (plane, ns) = start();
    let running = || json!({"running": {}});
    let both = |a: Value, b: Value| json!([container("a", a), container("b", b)]);
    let signal = json!({"terminated": {"exitCode": 137, "signal": 9}});
    let gate = json!([{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}]);
    let ready = json!([{"type": "Ready", "status": "True"}]);
    for (name, status) in [
        ("nothing", json!({})),
        ("pending", json!({"phase": "Pending"})),
        (
            "creating",
            json!({"phase": "Pending", "containerStatuses": both(waiting("ContainerCreating"), waiting("ContainerCreating"))}),
        ),
        ("running", json!({"phase": "Running", "containerStatuses": both(running(), running())})),
        (
            "half",
            json!({"phase": "Running", "containerStatuses": both(running(), waiting("CrashLoopBackOff"))}),
        ),
        (
            "two-troubles",
            json!({"phase": "Pending", "containerStatuses": both(waiting("ErrImagePull"), waiting("CrashLoopBackOff"))}),
        ),
        ("silent-wait", json!({"phase": "Pending", "containerStatuses": both(waiting(""), waiting(""))})),
        (
            "completed",
            json!({"phase": "Succeeded", "containerStatuses": both(ended(0, "Completed"), ended(0, "Completed"))}),
        ),
        (
            "error",
            json!({"phase": "Failed", "containerStatuses": both(ended(1, "Error"), ended(0, "Completed"))}),
        ),
        (
            "error-behind",
            json!({"phase": "Failed", "containerStatuses": both(ended(0, "Completed"), ended(1, "Error"))}),
        ),
        (
            "exit-code",
            json!({"phase": "Failed", "containerStatuses": both(ended(3, ""), ended(0, "Completed"))}),
        ),
        ("signal", json!({"phase": "Failed", "containerStatuses": both(signal, ended(0, "Completed"))})),
        ("oom", json!({"phase": "Failed", "containerStatuses": both(ended(137, "OOMKilled"), running())})),
        (
            "one-done",
            json!({"phase": "Running", "containerStatuses": both(ended(0, "Completed"), running())}),
        ),
        (
            "one-done-ready",
            json!({"phase": "Running", "conditions": ready, "containerStatuses": both(ended(0, "Completed"), running())}),
        ),
        ("evicted", json!({"phase": "Failed", "reason": "Evicted"})),
        ("gated", json!({"phase": "Pending", "conditions": gate})),
        ("unknown", json!({"phase": "Unknown", "reason": "NodeLost"})),
    ] {
        put(plane, &pod(&ns, name, status.clone()));
        if matches!(name, "pending" | "running" | "completed" | "unknown" | "evicted") {
            let mut going = pod(&ns, &format!("{name}-terminating"), status);
            going["metadata"]["finalizers"] = json!(["example.com/never"]);
            put(plane, &going);
        }
    }
    agree(plane, &ns, "pods", "Pod", ("READY", "STATUS"), 23);
}

#[test]
fn pods_whose_init_containers_are_not_done_and_those_with_sidecars() {
    let (plane, ns) = start();
    let running = || json!({"running": {}});
    let both = |a: Value, b: Value| json!([container("a", a), container("b", b)]);
    let inits = json!([{"name": "i", "image": "x"}, {"name": "side", "image": "x", "restartPolicy": "Always"}, {"name": "j", "image": "x"}]);
    let initialized = json!([{"type": "Initialized", "status": "True"}]);
    let started = |mut status: Value, ready: bool| {
        status["started"] = true.into();
        status["ready"] = ready.into();
        status
    };
    let main = both(waiting("PodInitializing"), waiting("PodInitializing"));
    for (name, conditions, of_inits, of_main) in [
        ("init-0", json!([]), json!([container("i", running())]), main.clone()),
        ("init-crash", json!([]), json!([container("i", waiting("CrashLoopBackOff"))]), main.clone()),
        ("init-waits", json!([]), json!([container("i", waiting("PodInitializing"))]), main.clone()),
        ("init-error", json!([]), json!([container("i", ended(1, "Error"))]), main.clone()),
        ("init-exit", json!([]), json!([container("i", ended(2, ""))]), main.clone()),
        (
            "init-signal",
            json!([]),
            json!([container("i", json!({"terminated": {"exitCode": 9, "signal": 9}}))]),
            main.clone(),
        ),
        (
            "side-starts",
            json!([]),
            json!([container("i", ended(0, "Completed")), container("side", waiting(""))]),
            main.clone(),
        ),
        (
            "side-runs",
            json!([]),
            json!([
                container("i", ended(0, "Completed")),
                started(container("side", running()), true),
                container("j", running())
            ]),
            main.clone(),
        ),
        (
            "all-initialized",
            initialized.clone(),
            json!([
                container("i", ended(0, "Completed")),
                started(container("side", running()), true),
                container("j", ended(0, "Completed"))
            ]),
            both(running(), running()),
        ),
        (
            "side-not-ready",
            initialized.clone(),
            json!([started(container("side", running()), false)]),
            both(running(), running()),
        ),
        (
            "side-failed",
            initialized,
            json!([container("side", ended(1, "Error"))]),
            both(running(), running()),
        ),
    ] {
        let mut object = pod(
            &ns,
            name,
            json!({"phase": "Pending", "conditions": conditions, "initContainerStatuses": of_inits, "containerStatuses": of_main}),
        );
        object["spec"]["initContainers"] = inits.clone();
        put(plane, &object);
    }
    agree(plane, &ns, "pods", "Pod", ("READY", "STATUS"), 11);
}

#[test]
fn pods_in_states_that_nobody_thought_of() {
    let (plane, ns) = start();
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_124);
    println!("SEED={seed}");
    let mut random = Random::new(seed);
    for number in 0..200 {
        let mut state = |name: &str| {
            let state = match random.range(0, 5) {
                0 => json!({"running": {}}),
                1 => {
                    waiting(random.choose(&["", "CrashLoopBackOff", "PodInitializing", "ContainerCreating"]))
                }
                2 => ended(0, random.choose(&["", "Completed"])),
                3 => {
                    json!({"terminated": {"exitCode": random.range(1, 4), "signal": random.range(0, 2), "reason": random.choose(&["", "Error", "Completed"])}})
                }
                _ => json!({}),
            };
            let mut status = container(name, state);
            status["ready"] = random.percent(60).into();
            status["started"] = random.percent(60).into();
            status
        };
        let inits: Vec<Value> = ["i", "j"].iter().map(|name| state(name)).collect();
        let mains: Vec<Value> = ["a", "b"].iter().map(|name| state(name)).collect();
        let mut status = json!({
            "phase": random.choose(&["Pending", "Running", "Succeeded", "Failed", "Unknown"]),
            "reason": random.choose(&["", "", "Evicted", "NodeLost"]),
            "containerStatuses": mains[random.range(0, 2)..],
            "conditions": [
                {"type": "Initialized", "status": random.choose(&["True", "False"])},
                {"type": "Ready", "status": random.choose(&["True", "False"])},
                {"type": "PodScheduled", "status": "False", "reason": random.choose(&["", "SchedulingGated", "Unschedulable"])},
            ],
        });
        let mut object = pod(&ns, &format!("pod-{number:03}"), Value::Null);
        if random.percent(60) {
            status["initContainerStatuses"] = inits[random.range(0, 2)..].into();
            let policy = |random: &mut Random| if random.percent(50) { json!("Always") } else { Value::Null };
            let init = |name: &str, random: &mut Random| json!({"name": name, "image": "x", "restartPolicy": policy(random)});
            object["spec"]["initContainers"] = json!([init("i", &mut random), init("j", &mut random)]);
        }
        object["status"] = status;
        if random.percent(25) {
            object["metadata"]["finalizers"] = json!(["example.com/never"]);
        }
        put(plane, &object);
    }
    agree(plane, &ns, "pods", "Pod", ("READY", "STATUS"), 200);
}
