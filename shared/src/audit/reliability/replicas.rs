use crate::audit::{
    context::Context,
    subject::{PodView, Workload},
    world::Unknown,
};

/// Whether a number of replicas can be set: not of daemon sets, jobs and pods.
pub(crate) fn is_scaled(pods: &PodView<'_>) -> bool {
    matches!(
        pods.workload,
        Workload::Deployment(_)
            | Workload::ReplicaSet(_)
            | Workload::ReplicationController(_)
            | Workload::StatefulSet(_)
    )
}

/// The least number of pods that a workload is to have: its autoscaler's minimum, or else its replicas; none where
/// that depends on the nodes.
pub(crate) fn least_replicas(pods: &PodView<'_>, cx: &Context<'_>) -> Result<Option<i32>, Unknown> {
    if !is_scaled(pods) || pods.is_idle() {
        return Ok(pods.replicas());
    }
    let minimum = |all: &[&crate::audit::api::HorizontalPodAutoscaler]| {
        all.iter().map(|autoscaler| autoscaler.spec.min_replicas.unwrap_or(1)).max()
    };
    Ok(minimum(cx.autoscalers_of(&pods.owner)?).or_else(|| pods.replicas()))
}
