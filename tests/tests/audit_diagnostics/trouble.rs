//! Workloads in every kind of trouble, and one that is well.

use std::time::Duration;

use passmuster_tests::{ControlPlane, eventually};
use serde_json::{Value, json};

use crate::kubelet;

/// Where the trouble is.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) namespace: String,
    /// With a quota of one pod.
    pub(crate) poor: String,
    /// Where Pod Security enforces `restricted`.
    pub(crate) strict: String,
}

/// No node has this label, so that no kubelet touches the pod.
const NOWHERE: &str = "nodeSelector: {example.com/nowhere: 'true'}, terminationGracePeriodSeconds: 0";

fn manifests() -> String {
    let template = |app: &str, spec: &str| {
        format!(
            "selector: {{matchLabels: {{app: {app}}}}}, template: {{metadata: {{labels: {{app: {app}}}}}, spec: {{{spec}}}}}"
        )
    };
    let kind = |kind: &str, name: &str, more: &str, spec: &str| {
        format!(
            "{{apiVersion: apps/v1, kind: {kind}, metadata: {{name: {name}}}, spec: {{{more}{}}}}}",
            template(name, spec)
        )
    };
    let pod = |name: &str, spec: &str| {
        format!("{{apiVersion: v1, kind: Pod, metadata: {{name: {name}}}, spec: {{{spec}}}}}")
    };
    let a = "containers: [{name: a, image: x}]";
    [
        kind("Deployment", "well", "replicas: 2, ", a),
        kind("Deployment", "picky", "replicas: 1, progressDeadlineSeconds: 1, ", &format!("{NOWHERE}, {a}")),
        kind("StatefulSet", "gone", "serviceName: gone, replicas: 2, ", &format!("serviceAccountName: robot, {a}")),
        kind("DaemonSet", "agents", "", &format!("serviceAccountName: robot, {a}")),
        kind("StatefulSet", "crash", "serviceName: crash, replicas: 2, podManagementPolicy: Parallel, ", &format!("{NOWHERE}, {a}")),
        kind("StatefulSet", "config", "serviceName: config, replicas: 1, ", &format!("{NOWHERE}, containers: [{{name: a, image: x, envFrom: [{{secretRef: {{name: gone}}}}]}}]")),
        pod("huge", "containers: [{name: a, image: x, resources: {requests: {cpu: 1000}}}]"),
        pod("claims", "volumes: [{name: d, persistentVolumeClaim: {claimName: gone}}], containers: [{name: a, image: x}]"),
        pod("gated", "schedulingGates: [{name: example.com/wait}], containers: [{name: a, image: x}]"),
        pod("puller", &format!("imagePullSecrets: [{{name: gone}}], {NOWHERE}, {a}")),
        format!("{{apiVersion: batch/v1, kind: Job, metadata: {{name: tries}}, spec: {{backoffLimit: 0, template: {{metadata: {{labels: {{app: tries}}}}, spec: {{restartPolicy: Never, {NOWHERE}, {a}}}}}}}}}"),
        format!("{{apiVersion: batch/v1, kind: CronJob, metadata: {{name: 'off'}}, spec: {{schedule: '@daily', suspend: true, jobTemplate: {{spec: {{template: {{spec: {{restartPolicy: Never, {a}}}}}}}}}}}}}"),
        "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: picky}, spec: {minAvailable: 1, selector: {matchLabels: {app: picky}}}}".to_owned(),
    ]
    .join("\n---\n")
}

/// Makes it all, and waits until every controller has said what it has to say.
pub(crate) fn make(plane: &ControlPlane) -> Trouble {
    let trouble = Trouble {
        namespace: plane.namespace("trouble"),
        poor: plane.namespace("poor"),
        strict: plane.namespace("strict"),
    };
    let (namespace, poor, strict) = (&trouble.namespace, &trouble.poor, &trouble.strict);
    plane.kubectl(&["label", "namespace", strict, "pod-security.kubernetes.io/enforce=restricted"]);
    plane.apply_in(
        poor,
        "{apiVersion: v1, kind: ResourceQuota, metadata: {name: few}, spec: {hard: {pods: 1}}}",
    );
    plane.quotas_heard(poor).unwrap();
    let deployment = |name: &str, replicas: u32| {
        format!(
            "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: {name}}}, spec: {{replicas: {replicas}, selector: {{matchLabels: {{app: {name}}}}}, template: {{metadata: {{labels: {{app: {name}}}}}, spec: {{containers: [{{name: a, image: x}}]}}}}}}}}"
        )
    };
    plane.apply_in(poor, &deployment("greedy", 3));
    plane.apply_in(strict, &deployment("root", 1));
    plane.apply_in(namespace, &manifests());
    kubelets(plane, namespace);

    let deployments =
        |namespace: &str, name: &str| format!("/apis/apps/v1/namespaces/{namespace}/deployments/{name}");
    wait(plane, "the healthy one is well", &deployments(namespace, "well"), |it| {
        it["status"]["readyReplicas"] == 2
    });
    wait(plane, "the rollout is stuck", &deployments(namespace, "picky"), |it| {
        condition(it, "Progressing") == "False"
    });
    wait(plane, "the quota is used up", &deployments(poor, "greedy"), |it| {
        condition(it, "ReplicaFailure") == "True" && it["status"]["readyReplicas"] == 1
    });
    wait(plane, "the policy forbids", &deployments(strict, "root"), |it| {
        condition(it, "ReplicaFailure") == "True"
    });
    for (kind, name) in [("StatefulSet", "gone"), ("DaemonSet", "agents")] {
        let of = format!("involvedObject.kind%3D{kind},involvedObject.name%3D{name},reason%3DFailedCreate");
        let path = format!("/api/v1/namespaces/{namespace}/events?fieldSelector={of}");
        wait(plane, "nothing is created without an account", &path, |events| {
            events["items"].as_array().is_some_and(|items| !items.is_empty())
        });
    }
    for pod in ["huge", "claims", "puller", "config-0", "crash-0", "crash-1"] {
        wait(plane, "the scheduler gave up", &format!("/api/v1/namespaces/{namespace}/pods/{pod}"), |it| {
            condition(it, "PodScheduled") == "False"
        });
    }
    let job = format!("/apis/batch/v1/namespaces/{namespace}/jobs/tries");
    wait(plane, "the job has failed", &job, |it| condition(it, "Failed") == "True");
    let budget = format!("/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets/picky");
    wait(plane, "the budget is counted", &budget, |it| {
        it["status"]["expectedPods"] == 1 && condition(it, "DisruptionAllowed") == "False"
    });
    trouble
}

/// Says what kubelets would.
fn kubelets(plane: &ControlPlane, namespace: &str) {
    let killed = json!({"terminated": {"exitCode": 137, "reason": "OOMKilled"}});
    for pod in ["crash-0", "crash-1"] {
        let back_off =
            kubelet::waiting("CrashLoopBackOff", "back-off 40s restarting failed container", &killed);
        kubelet::say(plane, namespace, pod, &back_off);
    }
    let config = kubelet::waiting("CreateContainerConfigError", "secret \"gone\" not found", &json!({}));
    kubelet::say(plane, namespace, "config-0", &config);
    let pull = kubelet::waiting(
        "ImagePullBackOff",
        "Back-off pulling image \"x\": ErrImagePull: not found",
        &json!({}),
    );
    kubelet::say(plane, namespace, "puller", &pull);
    let jobs = format!("/api/v1/namespaces/{namespace}/pods?labelSelector=app%3Dtries");
    let pod = eventually(Duration::from_secs(60), "the job has a pod", || {
        let pods = plane.api().get(&jobs).ok()?;
        pods["items"][0]["metadata"]["name"].as_str().map(str::to_owned)
    });
    kubelet::say(plane, namespace, &pod, &json!({"phase": "Failed"}));
}

fn wait(plane: &ControlPlane, what: &str, path: &str, done: impl Fn(&Value) -> bool) {
    eventually(Duration::from_secs(60), what, || plane.api().get(path).ok().filter(&done).map(drop));
}

/// The status of a condition; null when there is none of that type.
fn condition(object: &Value, kind: &str) -> Value {
    let conditions = object["status"]["conditions"].as_array().cloned().unwrap_or_default();
    conditions.iter().find(|it| it["type"] == kind).map_or(Value::Null, |it| it["status"].clone())
}
