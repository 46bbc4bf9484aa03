use super::{is_ready, statuses, up, waiting};
use crate::audit::{
    api::{ConfigMap, Secret},
    context::Context,
    subject::{PodView, Role, Workload},
};

/// Why the kubelet could not get an image.
pub(crate) const PULL_ERRORS: &[&str] = &[
    "ErrImageNeverPull",
    "ErrImagePull",
    "ImageInspectError",
    "ImagePullBackOff",
    "InvalidImageName",
    "RegistryUnavailable",
    "SignatureValidationFailed",
];

/// Why the runtime could not start a container.
pub(crate) const START_ERRORS: &[&str] = &[
    "CreateContainerError",
    "PostStartHookError",
    "PreCreateHookError",
    "PreStartHookError",
    "PreStopHookError",
    "RunContainerError",
];

/// The rule that tells why pods of a workload are not ready, where one of them shows it.
pub(crate) fn cause_of(view: &PodView<'_>) -> Option<&'static str> {
    let shown = up(view).filter(|pod| !is_ready(pod)).find_map(|pod| {
        let scheduled = pod.status.conditions.iter().find(|it| it.r#type == "PodScheduled");
        match scheduled.map(|it| (it.status.as_str(), it.reason.as_str())) {
            Some(("False", "Unschedulable")) => return Some("unschedulable"),
            Some(("False", "SchedulingGated")) => return Some("scheduling-gates-pending"),
            _ => {}
        }
        statuses(pod).find_map(|(role, status)| match waiting(status) {
            "CrashLoopBackOff" if role == Role::Init => Some("init-container-retrying"),
            "CrashLoopBackOff" => Some("crash-loop-back-off"),
            "CreateContainerConfigError" => Some("container-config-error"),
            reason if PULL_ERRORS.contains(&reason) => Some("image-pull-failure"),
            reason if START_ERRORS.contains(&reason) => Some("container-start-error"),
            _ => None,
        })
    });
    let Workload::Deployment(deployment) = view.workload else {
        return shown;
    };
    let mut conditions = deployment.status.conditions.iter();
    let refused = conditions.any(|it| it.r#type == "ReplicaFailure" && it.status == "True");
    shown.or(refused.then_some("pods-not-created"))
}

/// The rule about a reference to what is not there, where the kubelet names it and it is not there.
pub(crate) fn missing_reference(message: &str, namespace: &str, cx: &Context<'_>) -> Option<&'static str> {
    let named = |mark: &str| message.split_once(mark)?.1.split('"').next();
    if let Some(name) = named("secret \"") {
        return (cx.exists::<Secret>(namespace, name) == Ok(false)).then_some("missing-secret");
    }
    let name = named("configmap \"")?;
    (cx.exists::<ConfigMap>(namespace, name) == Ok(false)).then_some("missing-config-map")
}
