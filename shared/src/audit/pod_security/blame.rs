//! Who is to blame.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{subject::Subject, text};
use crate::audit::subject::{ContainerView, Role};

/// A field that breaks a check.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Culprit {
    /// Name of the container; none where it is the pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// Name of the volume, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<String>,
    /// The field, from the object down: `spec.template.spec.containers[0].securityContext.privileged`.
    pub path: String,
    /// The value that was seen; none where a field that has to be set is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Culprit {
    /// A field of the pod.
    pub(super) fn of_pod(path: String, value: &str) -> Self {
        Self { container: None, volume: None, path, value: Some(value.to_owned()) }
    }

    /// The value that was seen, in quotes.
    pub(crate) fn seen(&self) -> String {
        format!("{:?}", self.value.as_deref().unwrap_or_default())
    }
}

/// Collects who is to blame for one violation.
#[derive(Debug, Default)]
pub(super) struct Blame<'a> {
    pub(super) pod: bool,
    /// Names of containers, or of what else the message lists, in order.
    pub(super) names: Vec<&'a str>,
    /// The values that were seen, sorted.
    pub(super) values: BTreeSet<&'a str>,
    pub(super) culprits: Vec<Culprit>,
    last: Option<(Role, usize)>,
}

impl<'a> Blame<'a> {
    /// Whether nobody is.
    pub(super) fn is_empty(&self) -> bool {
        self.culprits.is_empty()
    }

    /// A field of a container. Its name is noted once, however many of its fields are to blame.
    pub(super) fn container(&mut self, container: &ContainerView<'a>, field: &str, value: Option<&str>) {
        let this = Some((container.role, container.index));
        if self.last != this {
            self.names.push(&container.get().name);
            self.last = this;
        }
        self.culprits.push(Culprit {
            container: Some(container.name.clone()),
            volume: None,
            path: container.path(field),
            value: value.map(str::to_owned),
        });
    }

    /// The same, and the value is told in the message.
    pub(super) fn container_with(&mut self, container: &ContainerView<'a>, field: &str, value: &'a str) {
        self.container(container, field, Some(value));
        self.values.insert(value);
    }

    /// A field of the pod.
    pub(super) fn pod(&mut self, subject: &Subject<'a>, field: &str, value: &str) {
        self.pod = true;
        self.culprits.push(Culprit::of_pod(subject.path(field), value));
    }

    /// A volume, by its place and its name.
    pub(super) fn volume(
        &mut self,
        subject: &Subject<'a>,
        at: usize,
        name: &'a str,
        source: &str,
        value: &str,
    ) {
        let culprit = Culprit::of_pod(subject.path(&format!("volumes[{at}].{source}")), value);
        self.culprits.push(Culprit { volume: Some(name.to_owned()), ..culprit });
        self.names.push(name);
    }

    /// The same, and the value is told in the message.
    pub(super) fn pod_with(&mut self, subject: &Subject<'a>, field: &str, value: &'a str) {
        self.pod(subject, field, value);
        self.values.insert(value);
    }

    /// `container "a"`, `containers "a", "b"`.
    pub(super) fn containers(&self) -> String {
        text::containers(&self.names)
    }

    /// `pod`, `container "a"`, `pod and containers "a", "b"`.
    pub(super) fn setters(&self) -> String {
        match (self.pod, self.names.is_empty()) {
            (true, true) => "pod".to_owned(),
            (true, false) => format!("pod and {}", self.containers()),
            (false, _) => self.containers(),
        }
    }

    /// `"a", "b"`: the values that were seen.
    pub(super) fn quoted_values(&self) -> String {
        text::quoted(&self.values)
    }
}
