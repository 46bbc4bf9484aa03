//! The quotas of projects as this replica knows them, and their namespaces.

use std::{collections::BTreeSet, sync::Arc};

use passmuster::{
    model::{Labels, ObjectMeta},
    quota::{
        ledger::{Account, QuotaVersion, ScopeId},
        project::{Enforcement, Flavour, KindReader, Model, Project, ProjectQuota, flavour, read},
    },
};
use serde_json::Value;

/// A quota of a project.
#[derive(Debug, Clone)]
pub(super) struct Tracked {
    pub(super) project: Project,
    pub(super) version: QuotaVersion,
    pub(super) enforcement: Option<Enforcement>,
    pub(super) account: Account,
    /// Types that it counts and that must have been seen before it can be decided about.
    pub(super) types: BTreeSet<Arc<str>>,
    /// The object, for its status.
    pub(super) object: Value,
}

/// A namespace, as far as it says to whom it belongs.
#[derive(Debug, Clone)]
pub(super) struct Member {
    meta: ObjectMeta,
    labels: Labels,
}

impl Member {
    pub(super) fn new(meta: ObjectMeta) -> Self {
        let labels = Labels::from(&meta.labels);
        Self { meta, labels }
    }

    /// Whether it belongs to a project.
    pub(super) fn is_of(&self, project: &Project) -> bool {
        project.members.distance(&self.meta, &self.labels).is_some()
    }
}

fn reader() -> Option<(&'static Flavour, &'static KindReader)> {
    let flavour = flavour("passmuster")?;
    Some((flavour, flavour.readers.first()?))
}

impl Tracked {
    /// Reads a ProjectQuota; none when it limits nothing in this cluster. An error is why it can't be read.
    pub(super) fn read(object: Value, cluster: Option<&str>) -> Result<Option<Self>, String> {
        let Some((flavour, reader)) = reader() else { return Ok(None) };
        let projects = read(flavour, reader, &object).map_err(|error| error.to_string())?;
        let Some(project) = projects.into_iter().next() else { return Ok(None) };
        let typed: ProjectQuota =
            serde_json::from_value(object.clone()).map_err(|error| error.to_string())?;
        let names: Vec<&str> = cluster.into_iter().collect();
        let Some(hard) = project.hard_in(&names).cloned() else { return Ok(None) };
        let generation = object.pointer("/metadata/generation").and_then(Value::as_i64).unwrap_or_default();
        let mut spec = project.spec();
        spec.hard = hard;
        let account = Account {
            name: project.quota(),
            model: project.model,
            spec,
            scope: ScopeId::default(),
            namespaces: BTreeSet::new(),
        };
        Ok(Some(Self {
            version: QuotaVersion { uid: typed.metadata.uid, generation },
            enforcement: typed.spec.enforcement,
            project,
            account,
            types: BTreeSet::new(),
            object,
        }))
    }

    /// Whether it is charged for what ResourceQuotas hand out.
    pub(super) fn is_allocation(&self) -> bool {
        self.project.model == Model::Allocation
    }

    /// Keys that it limits.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> + Clone {
        self.account.spec.hard.iter().map(|(key, _)| key.as_str())
    }
}
