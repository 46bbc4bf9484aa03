use crate::{
    audit::{
        api::{ContainerStatus, Moment as _},
        context::Context,
        world::{LivePod, Unknown},
    },
    model::Time,
};

/// Whether something has been so for longer than these minutes. Without a moment it has not.
pub(crate) fn past(cx: &Context<'_>, since: Option<Time>, minutes: i64) -> Result<bool, Unknown> {
    let Some(since) = since else {
        return Ok(false);
    };
    Ok(cx.now()?.seconds.saturating_sub(since.seconds) > minutes.saturating_mul(60))
}

/// Whether a pod is there to stay: neither at its end nor on its way out.
pub(crate) fn is_up(pod: &LivePod) -> bool {
    !pod.has_ended() && pod.metadata.deletion_timestamp.is_none()
}

/// Whether a pod is ready.
pub(crate) fn is_ready(pod: &LivePod) -> bool {
    pod.status.conditions.iter().any(|it| it.r#type == "Ready" && it.status == "True")
}

/// Since when a pod is not ready: since it was created, if nothing was said of it yet.
pub(crate) fn since_unready(pod: &LivePod) -> Option<Time> {
    let ready = pod.status.conditions.iter().find(|it| it.r#type == "Ready");
    ready.and_then(|it| it.last_transition_time.known()).or(pod.metadata.creation_timestamp)
}

/// Why a container waits; empty when it does not.
pub(crate) fn waiting(status: &ContainerStatus) -> &str {
    status.state.waiting.as_ref().map_or("", |waiting| waiting.reason.as_str())
}

/// Whether a pod has a node, and the kubelet is still about to make its containers.
pub(crate) fn is_being_made(pod: &LivePod) -> bool {
    let waits = |status: &ContainerStatus| matches!(waiting(status), "ContainerCreating" | "PodInitializing");
    let mut all = pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses);
    pod.status.phase == "Pending" && !pod.node_name.is_empty() && all.any(waits)
}
