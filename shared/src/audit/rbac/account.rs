//! Pods and the service account that they run as.

use crate::audit::{
    api::{PolicyRule, ServiceAccount, ServiceAccountTokenProjection},
    context::Context,
    kubernetes_version::KubernetesVersion,
    subject::PodView,
    world::Unknown,
};

/// Whether the token of their service account is mounted in pods: what the pod says comes before what the account says.
pub(crate) fn mounts_token(pods: &PodView<'_>, cx: &Context<'_>) -> Result<bool, Unknown> {
    if pods.is_mirror() {
        return Ok(false);
    }
    if let Some(said) = pods.spec.automount_service_account_token {
        return Ok(said);
    }
    let account = cx.get::<ServiceAccount>(pods.namespace(), pods.service_account())?;
    Ok(account.and_then(|it| it.automount_service_account_token) != Some(false))
}

/// Whether the pods have a token of their service account: the API server's, or one that they ask for.
pub(crate) fn holds_token(pods: &PodView<'_>, cx: &Context<'_>) -> Result<bool, Unknown> {
    let mut sources =
        pods.spec.volumes.iter().filter_map(|it| it.source.projected.as_ref()).flat_map(|it| &it.sources);
    let for_server = |token: &ServiceAccountTokenProjection| token.audience.is_empty();
    if sources.any(|source| source.service_account_token.as_ref().is_some_and(for_server)) {
        return Ok(true);
    }
    mounts_token(pods, cx)
}

/// The verbs each of which is enough to run commands in pods, attach to them, or reach their ports. A connection over
/// websockets begins with `get`; since 1.35 the API server asks for `create` as well
/// (`AuthorizePodWebsocketUpgradeCreatePermission`).
pub(crate) fn exec_verbs(version: KubernetesVersion) -> &'static [&'static str] {
    if version < KubernetesVersion::of(35) { &["get", "create"] } else { &["create"] }
}

/// Whether a rule allows to run commands in pods.
pub(crate) fn allows_exec(rule: &PolicyRule, version: KubernetesVersion) -> bool {
    ["pods/exec", "pods/attach"]
        .iter()
        .any(|what| exec_verbs(version).iter().any(|verb| rule.allows_on_some(verb, "", what)))
}
