//! Generated pods: every field that their sums depend on, valid to the API server.

use passmuster_tests::population::Random;
use serde_json::{Map, Value, json};

use crate::apply::{Item, Step};

/// What holds a pod back when it is deleted.
pub(crate) const FINALIZER: &str = "oracle.example.com/stays";

/// Thousandths of a core, in one of the ways to write them.
fn cpu(random: &mut Random, milli: usize) -> Value {
    match random.range(0, 4) {
        0 => json!(format!("{}.{:03}", milli / 1000, milli % 1000)),
        1 => json!(format!("{milli}e-3")),
        2 if milli.is_multiple_of(1000) => json!(milli / 1000),
        _ => json!(format!("{milli}m")),
    }
}

/// So many times 1 024 000 bytes, in one of the ways to write them.
fn memory(random: &mut Random, count: usize) -> Value {
    match random.range(0, 5) {
        0 => json!(count * 1_024_000),
        1 => json!(format!("{}e3", count * 1024)),
        2 => json!(format!("{}m", count * 1_024_000_000)),
        3 => json!(format!("{}k", count * 1024)),
        _ => json!(format!("{}Ki", count * 1000)),
    }
}

/// Requests and limits, whatever part of them is said.
struct Resources {
    requests: Map<String, Value>,
    limits: Map<String, Value>,
}

impl Resources {
    fn pair(&mut self, random: &mut Random, name: &str, write: fn(&mut Random, usize) -> Value, most: usize) {
        let request = random.range(0, most);
        if random.percent(70) {
            self.requests.insert(name.to_owned(), write(random, request));
        }
        if random.percent(50) {
            let limit = request + random.range(0, most);
            self.limits.insert(name.to_owned(), write(random, limit));
        }
    }

    /// What can't be shared is limited to what is requested.
    fn both(&mut self, name: &str, amount: &Value) {
        self.requests.insert(name.to_owned(), amount.clone());
        self.limits.insert(name.to_owned(), amount.clone());
    }
}

fn resources(random: &mut Random) -> Value {
    let mut all = Resources { requests: Map::new(), limits: Map::new() };
    if random.percent(80) {
        all.pair(random, "cpu", cpu, 2000);
    }
    if random.percent(80) {
        all.pair(random, "memory", memory, 4000);
    }
    if random.percent(30) {
        all.pair(random, "ephemeral-storage", memory, 4000);
    }
    let said = |all: &Resources| all.requests.contains_key("cpu") || all.requests.contains_key("memory");
    if random.percent(15) && said(&all) {
        all.both("hugepages-2Mi", &json!(format!("{}Mi", 2 * random.range(0, 4))));
    }
    for device in ["example.com/gpu", "example.com/nic", "deviceclass.resource.kubernetes.io/fpga"] {
        if random.percent(12) {
            all.both(device, &json!(random.range(0, 3).to_string()));
        }
    }
    json!({"requests": all.requests, "limits": all.limits})
}

fn container(random: &mut Random, name: &str, plain: bool) -> Value {
    let mut container = json!({"name": name, "image": "i"});
    if !plain && random.percent(85) {
        container["resources"] = resources(random);
    }
    container
}

/// More than all containers together can have.
fn whole(random: &mut Random) -> Value {
    let mut all = Resources { requests: Map::new(), limits: Map::new() };
    let amounts = [("cpu", cpu as fn(&mut Random, usize) -> Value, 20_000), ("memory", memory, 40_000)];
    for (name, write, least) in amounts {
        let request = least + random.range(0, least);
        if random.percent(75) {
            all.requests.insert(name.to_owned(), write(random, request));
        }
        if random.percent(50) {
            let limit = request + random.range(0, least);
            all.limits.insert(name.to_owned(), write(random, limit));
        }
    }
    if random.percent(30) && !all.requests.is_empty() {
        all.both("hugepages-2Mi", &json!("64Mi"));
    }
    json!({"requests": all.requests, "limits": all.limits})
}

fn affinity(random: &mut Random) -> Value {
    let mut term =
        json!({"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"a": "b"}}});
    match random.range(0, 3) {
        0 => term["namespaces"] = json!(["elsewhere"]),
        1 => term["namespaceSelector"] = json!({}),
        _ => {}
    }
    let which = random.choose(&["podAffinity", "podAntiAffinity"]);
    if random.percent(50) {
        return json!({which: {"requiredDuringSchedulingIgnoredDuringExecution": [term]}});
    }
    json!({which: {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "podAffinityTerm": term}]}})
}

/// A pod.
pub(crate) fn pod(random: &mut Random, name: &str) -> Value {
    let plain = random.percent(20);
    let containers: Vec<Value> =
        (0..random.range(1, 4)).map(|n| container(random, &format!("c{n}"), plain)).collect();
    let init_containers: Vec<Value> = (0..random.range(0, 4))
        .map(|n| {
            let mut container = container(random, &format!("i{n}"), plain);
            if random.percent(45) {
                container["restartPolicy"] = json!("Always");
            }
            container
        })
        .collect();
    let mut spec = json!({"containers": containers, "initContainers": init_containers});
    let mut say = |percent: usize, field: &str, value: &dyn Fn(&mut Random) -> Value| {
        if random.percent(percent) {
            spec[field] = value(random);
        }
    };
    say(if plain { 0 } else { 25 }, "resources", &whole);
    say(25, "runtimeClassName", &|random| json!(random.choose(&["heavy", "light"])));
    say(40, "priorityClassName", &|random| json!(random.choose(&["low", "high.up"])));
    say(30, "activeDeadlineSeconds", &|_| json!(100_000));
    say(25, "affinity", &affinity);
    say(15, "schedulingGates", &|_| json!([{"name": "oracle.example.com/gate"}]));
    say(15, "schedulerName", &|_| json!("nobody"));
    say(10, "terminationGracePeriodSeconds", &|_| json!(0));
    let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec});
    if random.percent(30) {
        pod["metadata"]["finalizers"] = json!([FINALIZER]);
    }
    pod
}

/// What a node says of a container: anything.
fn container_status(random: &mut Random, container: &Value) -> Value {
    let mut status =
        json!({"name": container["name"], "image": "i", "imageID": "", "ready": false, "restartCount": 0});
    let own = &container["resources"];
    if random.percent(70) {
        status["resources"] = if random.percent(30) { own.clone() } else { resources(random) };
        if status["resources"].is_null() {
            status["resources"] = json!({});
        }
    }
    if random.percent(60) {
        status["allocatedResources"] = resources(random)["requests"].clone();
    }
    status
}

fn statuses(random: &mut Random, containers: &Value) -> Vec<Value> {
    let all = containers.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut told = Vec::new();
    for container in all {
        if random.percent(80) {
            told.push(container_status(random, container));
        }
    }
    told
}

fn resized(random: &mut Random, spec: &Value) -> Value {
    let mut status = json!({
        "containerStatuses": statuses(random, &spec["containers"]),
        "initContainerStatuses": statuses(random, &spec["initContainers"]),
    });
    if random.percent(60) {
        let condition = json!({"type": "PodResizePending", "status": "True", "reason": random.choose(&["Infeasible", "Deferred"])});
        status["conditions"] = json!([condition]);
    }
    status
}

/// A pod and what becomes of it.
pub(crate) fn item(random: &mut Random, name: &str) -> Item {
    let object = pod(random, name);
    let mut steps = Vec::new();
    if random.percent(35) {
        steps.push(Step::Status(resized(random, &object["spec"])));
    }
    if random.percent(25) {
        let requests = json!({"cpu": cpu(random, random_cpu(&object))});
        steps.push(Step::Resize(
            json!({"spec": {"containers": [{"name": "c0", "resources": {"requests": requests}}]}}),
        ));
    }
    if random.percent(20) {
        steps.push(Step::Status(
            json!({"phase": random.choose(&["Succeeded", "Failed", "Unknown", "Running"])}),
        ));
    }
    if random.percent(20) {
        let grace = [0, 1, 600][random.range(0, 3)];
        steps.push(Step::Delete(grace));
    }
    Item { object, steps, owner: None }
}

/// Some cpu that the first container may be resized to.
fn random_cpu(pod: &Value) -> usize {
    1 + pod.to_string().len() % 400
}
