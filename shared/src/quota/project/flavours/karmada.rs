//! Karmada's FederatedResourceQuota: one namespace in all member clusters, some of it assigned to clusters by name.

use super::super::{Flavour, KindReader, Members, Project, Slice, field::FieldError, flavour::Found};
use crate::model::Kind;

pub(super) static FLAVOUR: Flavour = Flavour {
    name: "karmada",
    title: "Karmada",
    readers: &[KindReader { kind: Kind::namespaced("policy.karmada.io", "FederatedResourceQuota"), read }],
    marks: &[],
    given: None,
};

fn read(found: &Found<'_>) -> Result<Vec<Project>, FieldError> {
    let mut used = Vec::new();
    for cluster in found.at(&["status", "aggregatedStatus"])?.items()? {
        used.push((cluster.field("clusterName")?.required()?, cluster.field("used")?.some_amounts()?));
    }
    let mut slices = Vec::new();
    for assigned in found.at(&["spec", "staticAssignments"])?.items()? {
        let cluster = assigned.field("clusterName")?.required()?;
        let used = used.iter().find(|(name, _)| *name == cluster).and_then(|(_, used)| used.clone());
        slices.push(Slice { cluster, hard: assigned.field("hard")?.amounts()?, used });
    }
    let namespace = &found.key.namespace;
    Ok(vec![Project {
        hard: found.at(&["spec", "overall"])?.amounts()?,
        used: found.at(&["status", "overallUsed"])?.some_amounts()?,
        members: Members::names([namespace.to_string()]),
        slices,
        everywhere: true,
        ..found.project(&**namespace)
    }])
}
