//! What holds for a container once the settings of its pod are taken into account.

use super::{
    api::{Capabilities, SecurityContext},
    subject::{ContainerView, PodView},
};

/// A setting that both a container and its pod may have, and which of them it is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting<T> {
    /// The container's own.
    Own(T),
    /// The pod's.
    Pod(T),
    /// Neither says anything.
    Unset,
}

fn setting<T>(own: Option<T>, pod: Option<T>) -> Setting<T> {
    match (own, pod) {
        (Some(own), _) => Setting::Own(own),
        (None, Some(pod)) => Setting::Pod(pod),
        (None, None) => Setting::Unset,
    }
}

fn own<T>(container: &ContainerView<'_>, field: impl FnOnce(&SecurityContext) -> Option<T>) -> Option<T> {
    container.security_context.as_ref().and_then(field)
}

/// The user id that a container runs as.
pub(crate) fn user(pods: &PodView<'_>, container: &ContainerView<'_>) -> Setting<i64> {
    let pod = pods.spec.security_context.as_ref().and_then(|it| it.run_as_user);
    setting(own(container, |it| it.run_as_user), pod)
}

/// The primary group id that a container runs as.
pub(crate) fn group(pods: &PodView<'_>, container: &ContainerView<'_>) -> Setting<i64> {
    let pod = pods.spec.security_context.as_ref().and_then(|it| it.run_as_group);
    setting(own(container, |it| it.run_as_group), pod)
}

/// Whether ids in the pods are other ids on the node: they have a user namespace of their own.
pub(crate) fn maps_users(pods: &PodView<'_>) -> bool {
    pods.spec.host_users == Some(false)
}

/// Whether the pods run Windows, by what they say or by the nodes that they ask for.
pub(crate) fn is_windows(pods: &PodView<'_>) -> bool {
    let asked = pods.spec.node_selector.get("kubernetes.io/os");
    pods.is_windows() || asked.is_some_and(|os| os == "windows")
}

/// Whether a container is privileged.
pub(crate) fn is_privileged(container: &ContainerView<'_>) -> bool {
    own(container, |it| it.privileged) == Some(true)
}

fn capabilities<'w>(container: &ContainerView<'w>) -> Option<&'w Capabilities> {
    container.get().security_context.as_ref()?.capabilities.as_ref()
}

/// The capabilities that a container adds, as they were written, each with its place.
pub(crate) fn added<'w>(container: &ContainerView<'w>) -> impl Iterator<Item = (usize, &'w str)> + use<'w> {
    let all = capabilities(container).map(|it| it.add.as_slice()).unwrap_or_default();
    all.iter().map(String::as_str).enumerate()
}

/// Whether a container drops this capability, by name or with all.
pub(crate) fn drops(container: &ContainerView<'_>, name: &str) -> bool {
    let all = capabilities(container).map(|it| it.drop.as_slice()).unwrap_or_default();
    all.iter().any(|one| is_capability(one, name) || is_capability(one, "ALL"))
}

/// Whether a text names this capability: runtimes take both cases, and some people write the kernel's prefix.
pub(crate) fn is_capability(text: &str, name: &str) -> bool {
    let bare = match text.get(..4) {
        Some(prefix) if prefix.eq_ignore_ascii_case("CAP_") => text.get(4..).unwrap_or_default(),
        _ => text,
    };
    bare.eq_ignore_ascii_case(name)
}
