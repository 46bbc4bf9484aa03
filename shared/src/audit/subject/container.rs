use std::ops::Deref;

use crate::audit::api::Container;

/// What a container is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Runs to its end before the others start.
    Init,
    /// An init container that goes on running beside the others: `restartPolicy: Always`.
    Sidecar,
    /// One of `containers`.
    Main,
    /// Added to debug a running pod.
    Ephemeral,
}

impl Role {
    /// Whether it runs as long as the pod does, so that probes make sense.
    pub(crate) fn keeps_running(self) -> bool {
        matches!(self, Self::Main | Self::Sidecar)
    }
}

/// A container and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ContainerView<'w> {
    container: &'w Container,
    pub(crate) role: Role,
    /// `spec`, `spec.template.spec`…
    pub(super) at: &'static str,
    /// Its place in its list.
    pub(crate) index: usize,
}

impl<'w> ContainerView<'w> {
    pub(super) fn new(container: &'w Container, role: Role, at: &'static str, index: usize) -> Self {
        Self { container, role, at, index }
    }

    /// The container, for as long as the objects live.
    pub(crate) fn get(&self) -> &'w Container {
        self.container
    }

    /// Path of one of its fields; of the container itself when that is empty.
    pub(crate) fn path(&self, field: &str) -> String {
        let list = match self.role {
            Role::Init | Role::Sidecar => "initContainers",
            Role::Main => "containers",
            Role::Ephemeral => "ephemeralContainers",
        };
        let dot = if field.is_empty() { "" } else { "." };
        format!("{}.{list}[{}]{dot}{field}", self.at, self.index)
    }
}

impl Deref for ContainerView<'_> {
    type Target = Container;

    fn deref(&self) -> &Container {
        self.container
    }
}
