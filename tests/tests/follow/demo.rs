//! The demo that the project grew from, step by step, on the real control plane.

use std::time::{Duration, Instant};

use passmuster_tests::{ControlPlane, Plugin, plugin::Running};

use super::mirror::Mirror;

/// How long an edge may take to appear before the test gives up. It takes a tenth of a second; a busy machine is no
/// reason to fail.
const SOON: Duration = Duration::from_secs(10);

fn until(
    mirror: &mut Mirror,
    running: &Running,
    within: Duration,
    what: &str,
    holds: impl Fn(&Mirror) -> bool,
) {
    let start = Instant::now();
    while !holds(mirror) {
        let left = within.checked_sub(start.elapsed());
        let stepped = left.is_some_and(|left| mirror.step(running, left));
        assert!(stepped, "not within {within:?}: {what}\n{}", mirror.canonical());
    }
}

#[test]
fn each_step_shows_its_edges_and_relabelling_takes_exactly_one() {
    let plane = ControlPlane::shared();
    let ns = plane.namespace("demo");
    let running = Plugin::new("kubectl-graph").on(plane).args(["-n", &ns, "-w", "-o", "json"]).spawn();
    let mut mirror = Mirror::start(&running);
    let kubectl = |args: &[&str]| plane.kubectl(&[&["-n", ns.as_str()], args].concat());
    let id = |kind: &str, name: &str| format!("{kind}/{ns}/{name}");

    kubectl(&["create", "configmap", "settings", "--from-literal=a=b"]);
    let settings = id("ConfigMap", "settings");
    until(&mut mirror, &running, SOON, "the config map", |mirror| mirror.canonical().contains(&settings));

    kubectl(&["create", "deployment", "nginx", "--image=nginx"]);
    let deployment = id("Deployment.apps", "nginx");
    let pods = |mirror: &Mirror| -> Vec<String> {
        let mut pods: Vec<String> = mirror.edges("runs_on").into_iter().map(|(pod, _)| pod).collect();
        pods.sort();
        pods
    };
    // Not ours to hurry: the deployment controller, the scheduler and the kubelet have their part in these.
    let controllers = Duration::from_secs(30);
    until(&mut mirror, &running, controllers, "a pod that runs on a node", |mirror| pods(mirror).len() == 1);
    until(&mut mirror, &running, controllers, "owners", |mirror| {
        let owned = mirror.edges("owned_by");
        owned.iter().any(|(source, target)| source.starts_with("ReplicaSet.apps") && *target == deployment)
            && owned
                .iter()
                .any(|(source, target)| source.starts_with("Pod/") && target.starts_with("ReplicaSet.apps"))
    });

    let volume = r#"{"spec":{"template":{"spec":{
        "volumes":[{"name":"settings","configMap":{"name":"settings"}}],
        "containers":[{"name":"nginx","volumeMounts":[{"name":"settings","mountPath":"/settings"}]}]}}}}"#;
    kubectl(&["patch", "deployment", "nginx", "-p", volume]);
    until(&mut mirror, &running, SOON, "the deployment uses the config map", |mirror| {
        mirror.has(&deployment, "uses", &settings)
    });

    kubectl(&["expose", "deployment", "nginx", "--port=80"]);
    let service = id("Service", "nginx");
    until(&mut mirror, &running, SOON, "the service targets a pod", |mirror| {
        mirror.edges("targets").iter().any(|(source, _)| *source == service)
    });

    kubectl(&["scale", "deployment", "nginx", "--replicas=3"]);
    plane.kubectl(&["-n", &ns, "rollout", "status", "deployment/nginx", "--timeout=60s"]);
    until(&mut mirror, &running, controllers, "three pods that run, targeted", |mirror| {
        pods(mirror).len() == 3 && mirror.edges("targets").len() == 3
    });

    let pod = pods(&mirror).remove(0);
    let name = pod.rsplit('/').next().unwrap();
    let before = mirror.edges("targets");
    kubectl(&["label", "pod", name, "app=other", "--overwrite"]);
    until(&mut mirror, &running, SOON, "the relabelled pod is not targeted", |mirror| {
        !mirror.has(&service, "targets", &pod)
    });
    // The controller lets the pod go and makes another in its place; of those there were, only one edge goes.
    let lost: Vec<_> = before.iter().filter(|(s, t)| !mirror.has(s, "targets", t)).collect();
    assert_eq!(lost, [&(service.clone(), pod.clone())]);
    let removed = mirror.last["removed"]["edges"].as_array().cloned().unwrap_or_default();
    let targets: Vec<_> = removed.iter().filter(|edge| edge["type"] == "targets").collect();
    assert_eq!(targets.len(), 1, "{removed:?}");
}
