use crate::model::{
    Health, Status,
    api::{
        ContainerState, ContainerStateTerminated as Terminated, ContainerStatus, Pod, PodCondition, PodSpec,
        PodStatus,
    },
};

/// READY and STATUS of a pod: `printPod`, branch by branch.
pub(in crate::graph) fn pod(pod: &Pod) -> Status {
    let Some(status) = &pod.status else { return Status::default() };
    let spec = pod.spec.as_ref();
    let sidecars = spec.map_or(0, |spec| {
        spec.init_containers.iter().filter(|init| is_sidecar(&init.restart_policy)).count()
    });
    let total = spec.map_or(0, |spec| spec.containers.len()) + sidecars;

    let mut view = View::new(status);
    let initializing = view.init_containers(spec, status);
    if !initializing || condition(&status.conditions, "Initialized").is_some_and(is_true) {
        view.containers(status);
    }
    let deleted = pod.metadata.as_ref().is_some_and(|metadata| metadata.deletion_timestamp.is_some());
    if deleted && status.reason == "NodeLost" {
        "Unknown".clone_into(&mut view.reason);
    } else if deleted && !is_terminal(&status.phase) {
        "Terminating".clone_into(&mut view.reason);
    }
    let health = health(&status.phase, &view.reason, view.ready >= total);
    Status { ready: Some(format!("{}/{total}", view.ready)), status: Some(view.reason), health }
}

/// What is known of the pod so far.
struct View {
    ready: usize,
    reason: String,
}

impl View {
    fn new(status: &PodStatus) -> Self {
        let gated = |condition: &PodCondition| {
            condition.r#type == "PodScheduled" && condition.reason == "SchedulingGated"
        };
        let reason = if status.conditions.iter().any(gated) {
            "SchedulingGated"
        } else if status.reason.is_empty() {
            &status.phase
        } else {
            &status.reason
        };
        Self { ready: 0, reason: reason.to_owned() }
    }

    /// Looks at init containers until one is not done. Whether there is such a one.
    fn init_containers(&mut self, spec: Option<&PodSpec>, status: &PodStatus) -> bool {
        let inits = spec.map_or(&[][..], |spec| &spec.init_containers);
        for (index, container) in status.init_container_statuses.iter().enumerate() {
            let sidecar =
                inits.iter().any(|init| init.name == container.name && is_sidecar(&init.restart_policy));
            let State { waiting, terminated, .. } = State::of(container);
            if terminated.is_some_and(|terminated| terminated.exit_code == 0) {
                continue;
            }
            if sidecar && container.started == Some(true) {
                self.ready += usize::from(container.ready);
                continue;
            }
            self.reason = if let Some(terminated) = terminated {
                format!("Init:{}", ended(terminated))
            } else if let Some(reason) =
                waiting.filter(|&reason| !reason.is_empty() && reason != "PodInitializing")
            {
                format!("Init:{reason}")
            } else {
                format!("Init:{index}/{}", inits.len())
            };
            return true;
        }
        false
    }

    /// Looks at the containers, the last first: the first one's reason is told.
    fn containers(&mut self, status: &PodStatus) {
        let mut running = false;
        let mut error = None;
        for container in status.container_statuses.iter().rev() {
            let state = State::of(container);
            if let Some(reason) = state.waiting.filter(|reason| !reason.is_empty()) {
                reason.clone_into(&mut self.reason);
            } else if let Some(terminated) = state.terminated {
                self.reason = ended(terminated);
                if terminated.exit_code != 0 {
                    error = Some(self.reason.clone());
                }
            } else if container.ready && state.running {
                running = true;
                self.ready += 1;
            }
        }
        // One container that still runs makes a pod of completed ones a running pod.
        if self.reason == "Completed" {
            if running
                && status.conditions.iter().any(|condition| condition.r#type == "Ready" && is_true(condition))
            {
                "Running".clone_into(&mut self.reason);
            } else if let Some(error) = error {
                self.reason = error;
            } else if running {
                "NotReady".clone_into(&mut self.reason);
            }
        }
    }
}

struct State<'a> {
    waiting: Option<&'a str>,
    running: bool,
    terminated: Option<&'a Terminated>,
}

impl<'a> State<'a> {
    fn of(container: &'a ContainerStatus) -> Self {
        let state: Option<&ContainerState> = container.state.as_ref();
        Self {
            waiting: state.and_then(|state| state.waiting.as_ref()).map(|waiting| waiting.reason.as_str()),
            running: state.is_some_and(|state| state.running.is_some()),
            terminated: state.and_then(|state| state.terminated.as_ref()),
        }
    }
}

/// Why a container ended.
fn ended(terminated: &Terminated) -> String {
    if !terminated.reason.is_empty() {
        terminated.reason.clone()
    } else if terminated.signal != 0 {
        format!("Signal:{}", terminated.signal)
    } else {
        format!("ExitCode:{}", terminated.exit_code)
    }
}

fn condition<'a>(conditions: &'a [PodCondition], r#type: &str) -> Option<&'a PodCondition> {
    conditions.iter().find(|condition| condition.r#type == r#type)
}

fn is_true(condition: &PodCondition) -> bool {
    condition.status == "True"
}

fn is_sidecar(restart_policy: &str) -> bool {
    restart_policy == "Always"
}

fn is_terminal(phase: &str) -> bool {
    matches!(phase, "Succeeded" | "Failed")
}

/// What to make of the phase and of the word in STATUS.
fn health(phase: &str, status: &str, all_ready: bool) -> Health {
    let step = status.strip_prefix("Init:").unwrap_or(status);
    match (phase, step) {
        (_, "Terminating") => Health::Progressing,
        ("Failed" | "Unknown", _) | (_, "Unknown") => Health::Degraded,
        ("Succeeded", _) => Health::Healthy,
        (_, "Running") if all_ready => Health::Healthy,
        (
            _,
            "" | "Running" | "NotReady" | "Completed" | "Pending" | "ContainerCreating" | "PodInitializing"
            | "SchedulingGated",
        ) => Health::Progressing,
        // How many init containers are done.
        (_, step) if step.bytes().all(|byte| byte.is_ascii_digit() || byte == b'/') => Health::Progressing,
        // Every other word is a reason why a container failed or can't start.
        _ => Health::Degraded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn status(value: serde_json::Value) -> (String, String, Health) {
        let pod: Pod = serde_json::from_value(value).unwrap();
        let status = super::pod(&pod);
        (status.ready.unwrap(), status.status.unwrap(), status.health)
    }

    fn pod(phase: &str, statuses: impl Into<serde_json::Value>) -> serde_json::Value {
        let statuses = statuses.into();
        let containers =
            statuses.as_array().unwrap().iter().map(|_| json!({"name": "c"})).collect::<Vec<_>>();
        json!({"spec": {"containers": containers}, "status": {"phase": phase, "containerStatuses": statuses}})
    }

    fn with(
        mut pod: serde_json::Value,
        pointer: &str,
        field: &str,
        value: serde_json::Value,
    ) -> serde_json::Value {
        pod.pointer_mut(pointer).unwrap().as_object_mut().unwrap().insert(field.into(), value);
        pod
    }

    fn init(policy: &str, statuses: impl Into<serde_json::Value>) -> serde_json::Value {
        let statuses = statuses.into();
        let names: Vec<_> = statuses.as_array().unwrap().iter().map(|s| s["name"].clone()).collect();
        let specs: Vec<_> = names.iter().map(|name| json!({"name": name, "restartPolicy": policy})).collect();
        json!({
            "spec": {"initContainers": specs, "containers": [{"name": "main"}]},
            "status": {"phase": "Pending", "initContainerStatuses": statuses,
                "containerStatuses": [{"name": "main", "state": {"waiting": {"reason": "PodInitializing"}}}]},
        })
    }

    fn running() -> serde_json::Value {
        json!({"name": "c", "ready": true, "state": {"running": {}}})
    }

    fn ended(code: i32, reason: &str) -> serde_json::Value {
        json!({"name": "c", "state": {"terminated": {"exitCode": code, "reason": reason}}})
    }

    fn waiting(reason: &str) -> serde_json::Value {
        json!({"name": "c", "state": {"waiting": {"reason": reason}}})
    }

    #[test]
    fn pods_as_kubectl_prints_them() {
        use Health::{Degraded, Healthy, Progressing};
        let deleted = |pod| with(pod, "", "metadata", json!({"deletionTimestamp": "2026-01-01T00:00:00Z"}));
        let ready = |pod| with(pod, "/status", "conditions", json!([{"type": "Ready", "status": "True"}]));
        let lost = |pod| with(pod, "/status", "reason", json!("NodeLost"));
        let gated = json!([{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}]);
        let signal = json!({"name": "c", "state": {"terminated": {"exitCode": 137, "signal": 9}}});
        for (pod, expected) in [
            (pod("Running", json!([running(), running()])), ("2/2", "Running", Healthy)),
            (
                pod("Running", json!([running(), waiting("CrashLoopBackOff")])),
                ("1/2", "CrashLoopBackOff", Degraded),
            ),
            (
                pod("Running", json!([waiting("ErrImagePull"), waiting("CrashLoopBackOff")])),
                ("0/2", "ErrImagePull", Degraded),
            ),
            (
                pod("Pending", json!([waiting("ContainerCreating")])),
                ("0/1", "ContainerCreating", Progressing),
            ),
            (pod("Pending", json!([])), ("0/0", "Pending", Progressing)),
            (pod("Succeeded", json!([ended(0, "Completed")])), ("0/1", "Completed", Healthy)),
            (pod("Failed", json!([ended(1, "Error")])), ("0/1", "Error", Degraded)),
            (pod("Failed", json!([ended(3, "")])), ("0/1", "ExitCode:3", Degraded)),
            (pod("Failed", json!([signal])), ("0/1", "Signal:9", Degraded)),
            (
                with(pod("Failed", json!([])), "/status", "reason", json!("Evicted")),
                ("0/0", "Evicted", Degraded),
            ),
            (
                ready(pod("Running", json!([ended(0, "Completed"), running()]))),
                ("1/2", "Running", Progressing),
            ),
            (pod("Running", json!([ended(0, "Completed"), running()])), ("1/2", "NotReady", Progressing)),
            (pod("Running", json!([ended(0, "Completed"), ended(2, "Error")])), ("0/2", "Error", Degraded)),
            (deleted(pod("Running", json!([running()]))), ("1/1", "Terminating", Progressing)),
            (deleted(pod("Succeeded", json!([ended(0, "Completed")]))), ("0/1", "Completed", Healthy)),
            (deleted(lost(pod("Running", json!([running()])))), ("1/1", "Unknown", Degraded)),
            (lost(pod("Running", json!([]))), ("0/0", "NodeLost", Degraded)),
            (
                with(pod("Pending", json!([])), "/status", "conditions", gated),
                ("0/0", "SchedulingGated", Progressing),
            ),
        ] {
            let (ready, reason, health) = status(pod.clone());
            assert_eq!((ready.as_str(), reason.as_str(), health), expected, "{pod}");
        }
    }

    #[test]
    fn init_containers_and_sidecars() {
        use Health::{Degraded, Progressing};
        let named = |name: &str, state: serde_json::Value| json!({"name": name, "state": state});
        let done = || named("a", json!({"terminated": {"exitCode": 0, "reason": "Completed"}}));
        let started =
            |ready: bool| json!({"name": "a", "started": true, "ready": ready, "state": {"running": {}}});
        for (pod, expected) in [
            (init("", json!([done(), named("b", json!({"running": {}}))])), ("0/1", "Init:1/2", Progressing)),
            (
                init("", json!([named("a", json!({"waiting": {"reason": "PodInitializing"}}))])),
                ("0/1", "Init:0/1", Progressing),
            ),
            (
                init("", json!([named("a", json!({"waiting": {"reason": "ImagePullBackOff"}}))])),
                ("0/1", "Init:ImagePullBackOff", Degraded),
            ),
            (
                init("", json!([named("a", json!({"terminated": {"exitCode": 1, "reason": "Error"}}))])),
                ("0/1", "Init:Error", Degraded),
            ),
            (
                init("", json!([named("a", json!({"terminated": {"exitCode": 4}}))])),
                ("0/1", "Init:ExitCode:4", Degraded),
            ),
            (
                init("", json!([named("a", json!({"terminated": {"exitCode": 137, "signal": 9}}))])),
                ("0/1", "Init:Signal:9", Degraded),
            ),
            (init("", json!([done()])), ("0/1", "PodInitializing", Progressing)),
            (init("Always", json!([started(true)])), ("1/2", "PodInitializing", Progressing)),
            (
                init("Always", json!([started(false), named("b", json!({"running": {}}))])),
                ("0/3", "Init:1/2", Progressing),
            ),
        ] {
            let (ready, reason, health) = status(pod.clone());
            assert_eq!((ready.as_str(), reason.as_str(), health), expected, "{pod}");
        }
    }

    #[test]
    fn a_restarted_init_container_does_not_hide_the_containers() {
        let restarting = json!([{"name": "a", "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]);
        let pod = init("", restarting);
        assert_eq!(status(pod.clone()).1, "Init:CrashLoopBackOff");
        let initialized = json!([{"type": "Initialized", "status": "True"}]);
        assert_eq!(status(with(pod, "/status", "conditions", initialized)).1, "PodInitializing");
    }

    #[test]
    fn a_pod_in_a_file_has_no_status() {
        let pod: Pod = serde_json::from_value(json!({"spec": {"containers": [{"name": "c"}]}})).unwrap();
        assert!(super::pod(&pod).is_empty());
    }
}
