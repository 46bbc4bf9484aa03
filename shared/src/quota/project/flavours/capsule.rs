//! Capsule: Tenant with quotas over all its namespaces, GlobalResourceQuota, and ResourcePool, of which claims take.

use super::super::{
    At, Flavour, KindReader, Mark, MarkOn, Members, Model, Project, Selected, field::FieldError,
    flavour::Found,
};
use crate::{model::Kind, quota::Amounts};

const GROUP: &str = "capsule.clastix.io";
/// The label that names a namespace's tenant.
const TENANT: &str = "capsule.clastix.io/tenant";

pub(super) static FLAVOUR: Flavour = Flavour {
    name: "capsule",
    title: "Capsule",
    readers: &[
        KindReader { kind: Kind::cluster(GROUP, "Tenant"), read: tenant },
        KindReader { kind: Kind::cluster(GROUP, "GlobalResourceQuota"), read: global },
        KindReader { kind: Kind::cluster(GROUP, "ResourcePool"), read: pool },
    ],
    marks: &[Mark { on: MarkOn::Label, key: TENANT, project: |value| Some(value) }],
    given: None,
};

/// One quota for each item. Items of `scope: Namespace` are each namespace's own, which the ResourceQuotas there say.
fn tenant(found: &Found<'_>) -> Result<Vec<Project>, FieldError> {
    let name = &*found.key.name;
    let quotas = found.at(&["spec", "resourceQuotas"])?;
    let of_each = quotas.field("scope")?.text()? == Some("Namespace");
    let mut projects = Vec::new();
    for item in quotas.field("items")?.items()? {
        if !of_each {
            projects.push(limited(found.project(name), &item)?);
        }
    }
    if projects.is_empty() {
        projects.push(found.project(name));
    }
    for project in &mut projects {
        project.members = Members::selected(Selected::label(TENANT, name));
    }
    Ok(projects)
}

/// Its shape changed: one `quota`, before that several by name in `quotas`.
fn global(found: &Found<'_>) -> Result<Vec<Project>, FieldError> {
    let members = namespaces(found, &["namespaceSelectors", "selectors"])?;
    let mut projects = Vec::new();
    let quota = found.at(&["spec", "quota"])?;
    if quota.is_there() {
        let used = found.at(&["status", "total", "used"])?.some_amounts()?;
        projects.push(Project { used, ..limited(found.project(&*found.key.name), &quota)? });
    }
    for (key, quota) in found.at(&["spec", "quotas"])?.entries()? {
        let used = found.at(&["status", "quotas", key, "used"])?.some_amounts()?;
        projects.push(Project { used, ..limited(found.project(&*found.key.name), &quota)? });
    }
    Ok(projects.into_iter().map(|project| Project { members: members.clone(), ..project }).collect())
}

fn pool(found: &Found<'_>) -> Result<Vec<Project>, FieldError> {
    let allocation = found.at(&["status", "allocation"])?;
    let (claimed, used) = (allocation.field("claimed")?, allocation.field("used")?);
    let used = if claimed.is_there() { claimed } else { used };
    let project = limited(found.project(&*found.key.name), &found.at(&["spec", "quota"])?)?;
    Ok(vec![Project {
        model: Model::Allocation,
        used: used.some_amounts()?,
        members: namespaces(found, &["selectors"])?,
        ..project
    }])
}

/// `v1.ResourceQuotaSpec`.
fn limited(project: Project, quota: &At<'_>) -> Result<Project, FieldError> {
    let hard: Amounts = quota.field("hard")?.amounts()?;
    Ok(Project {
        hard,
        scopes: quota.field("scopes")?.texts()?,
        scope_selector: quota.field("scopeSelector")?.scope_selector()?,
        ..project
    })
}

/// Whatever any of the selectors takes.
fn namespaces(found: &Found<'_>, fields: &[&str]) -> Result<Members, FieldError> {
    let mut members = Members::default();
    for field in fields {
        for selector in found.at(&["spec", field])?.items()? {
            let labels = selector.selector()?;
            members.selected.extend(labels.map(|labels| Selected { labels, ..Selected::default() }));
        }
    }
    Ok(members)
}
