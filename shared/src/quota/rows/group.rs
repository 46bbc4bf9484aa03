//! Which group something belongs to.

use super::super::{
    Dimension, Row,
    inventory::{NamespaceFacts, PodKey},
};

/// What tells a row's group apart: the values of the dimensions, the others empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Group {
    pub(super) cluster: Option<String>,
    pub(super) project: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) node: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) pod: Option<String>,
    pub(super) labels: Vec<String>,
}

impl Group {
    /// The group of pods of a namespace.
    pub(super) fn of_pods(by: &[Dimension], cluster: &str, facts: &NamespaceFacts, key: &PodKey) -> Self {
        let mut group = Self::of_namespace(by, cluster, facts, &key.namespace);
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mut labels = key.labels.iter();
        for dimension in by {
            match dimension {
                Dimension::Node => group.node = some(&key.node),
                Dimension::Owner => group.owner = some(&key.owner),
                Dimension::Pod => {
                    group.pod = some(&key.pod);
                    // A pod's name says who it is only in its namespace.
                    group.namespace = some(&key.namespace);
                }
                Dimension::Label(name) => {
                    let own = labels.next().filter(|value| !value.is_empty());
                    group.labels.push(own.or(facts.labels.get(name)).cloned().unwrap_or_default());
                }
                Dimension::Cluster | Dimension::Project | Dimension::Namespace => {}
            }
        }
        group
    }

    /// The group of a whole namespace.
    pub(super) fn of_namespace(
        by: &[Dimension],
        cluster: &str,
        facts: &NamespaceFacts,
        namespace: &str,
    ) -> Self {
        let mut group = Self::of_project(by, cluster, facts.project.as_deref());
        if by.contains(&Dimension::Namespace) {
            group.namespace = Some(namespace.to_owned());
        }
        group
    }

    /// The group of a whole project.
    pub(super) fn of_project(by: &[Dimension], cluster: &str, project: Option<&str>) -> Self {
        Self {
            cluster: by.contains(&Dimension::Cluster).then(|| cluster.to_owned()),
            project: project.filter(|_| by.contains(&Dimension::Project)).map(str::to_owned),
            ..Self::default()
        }
    }

    /// A row of the group, with nothing in it yet.
    pub(super) fn row(&self, display_name: Option<String>, resource: &str) -> Row {
        let Self { cluster, project, namespace, node, owner, pod, labels } = self.clone();
        let display_name = display_name.filter(|_| project.is_some());
        Row {
            cluster,
            display_name,
            project,
            namespace,
            node,
            owner,
            pod,
            labels,
            resource: resource.to_owned(),
            ..Row::default()
        }
    }
}
