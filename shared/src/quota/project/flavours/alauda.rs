//! Alauda's ProjectQuota, in each workload cluster, and Project, in the global one with a slice for each cluster.
//!
//! A namespace's label names its project. What counts is what the namespaces' ResourceQuotas allow together.

use super::super::{
    Flavour, KindReader, Mark, MarkOn, Members, Model, Project, Selected, Slice, field::FieldError,
    flavour::Found,
};
use crate::{model::Kind, quota::Amounts};

/// The label that names a namespace's project.
const PROJECT: &str = "cpaas.io/project";

pub(super) static FLAVOUR: Flavour = Flavour {
    name: "alauda",
    title: "Alauda Container Platform",
    readers: &[
        KindReader { kind: Kind::cluster("auth.alauda.io", "ProjectQuota"), read: project_quota },
        KindReader { kind: Kind::cluster("auth.alauda.io", "Project"), read: project },
    ],
    marks: &[Mark { on: MarkOn::Label, key: PROJECT, project: |value| Some(value) }],
    given: None,
};

fn common(found: &Found<'_>) -> Result<Project, FieldError> {
    let name = &*found.key.name;
    Ok(Project {
        display_name: found.at(&["metadata", "annotations", "cpaas.io/display-name"])?.some_text()?,
        model: Model::Allocation,
        members: Members::selected(Selected::label(PROJECT, name)),
        ..found.project(name)
    })
}

fn project_quota(found: &Found<'_>) -> Result<Vec<Project>, FieldError> {
    let spec = found.at(&["spec"])?;
    Ok(vec![Project {
        hard: spec.field("hard")?.amounts()?,
        scopes: spec.field("scopes")?.texts()?,
        scope_selector: spec.field("scopeSelector")?.scope_selector()?,
        used: found.at(&["status", "used"])?.some_amounts()?,
        ..common(found)?
    }])
}

fn project(found: &Found<'_>) -> Result<Vec<Project>, FieldError> {
    let (mut slices, mut hard) = (Vec::new(), Amounts::new());
    for cluster in found.at(&["spec", "clusters"])?.items()? {
        let slice = Slice {
            cluster: cluster.field("name")?.required()?,
            hard: cluster.field("quota")?.amounts()?,
            used: None,
        };
        hard.add_all(&slice.hard);
        slices.push(slice);
    }
    Ok(vec![Project { hard, slices, everywhere: true, ..common(found)? }])
}
