//! Projects: what they promise against what they have.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Problem};
use crate::{
    model::{ObjectMeta, Time},
    quantity::Quantity,
    quota::{
        Amounts, QuotaSpec, ResourceQuota, ScopeSelector, ScopedResourceSelectorRequirement,
        counted::counted_types,
        project::{Membership, Model, Project},
        usage::{Charged, Devices, recount},
    },
    text::counted,
};

/// Namespaces that every cluster has, and that nobody puts into a project.
const OF_THE_SYSTEM: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// What was read of one cluster, about its projects.
#[derive(Debug, Clone, Copy)]
pub struct ProjectEvidence<'a> {
    /// The quotas of projects.
    pub projects: &'a [Project],
    /// Which namespace belongs to which.
    pub membership: &'a Membership<'a>,
    /// The namespaces.
    pub namespaces: &'a [ObjectMeta],
    /// ResourceQuotas of all namespaces.
    pub quotas: &'a [ResourceQuota],
    /// Objects of all namespaces that the projects count.
    pub objects: &'a [Charged],
    /// What claims of devices are charged depends on.
    pub devices: &'a Devices,
    /// The types that were read to their end.
    pub complete: &'a BTreeSet<String>,
    /// The types that the server has.
    pub types: &'a crate::model::discovery::Discovery,
    /// What the cluster may be called in slices.
    pub cluster: &'a [&'a str],
    /// When.
    pub now: Time,
}

/// What is wrong with the projects of a cluster; sorted.
pub fn verify_projects(evidence: &ProjectEvidence<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for project in evidence.projects {
        let mut found = slices(project);
        let hard = evidence_hard(evidence, project);
        if let Some(hard) = hard {
            let members = members(evidence, project);
            found.extend(match project.model {
                Model::Allocation => allocated(evidence, hard, &members),
                Model::Usage => used(evidence, project, hard, &members),
            });
        }
        findings.extend(found.into_iter().map(|finding| Finding {
            project: Some(project.name.clone()),
            quota: Some(project.quota()),
            ..finding
        }));
    }
    if !evidence.projects.is_empty() {
        findings.extend(strays(evidence));
    }
    findings.sort();
    findings
}

fn evidence_hard<'a>(evidence: &ProjectEvidence<'_>, project: &'a Project) -> Option<&'a Amounts> {
    project.hard_in(evidence.cluster)
}

/// Whether the slices for clusters are more than there is.
fn slices(project: &Project) -> Vec<Finding> {
    let mut sum = Amounts::new();
    project.slices.iter().for_each(|slice| sum.add_all(&slice.hard));
    let over = project.hard.iter().filter(|(key, hard)| sum.of(key) > **hard);
    over.map(|(key, hard)| {
        let sum = sum.of(key);
        let cause = format!(
            "its slices for {} add up to {sum}, and it has {hard}",
            counted(project.slices.len(), "cluster")
        );
        let remedy = format!("make slices smaller by {}, or raise the project's own limit", sum - *hard);
        let finding = Finding::new(Problem::OverCommitted, cause, remedy).of(key, Some(*hard));
        Finding { counted: Some(sum), ..finding }
    })
    .collect()
}

/// The namespaces of a project.
fn members<'a>(evidence: &ProjectEvidence<'a>, project: &Project) -> Vec<&'a str> {
    let claims = |namespace: &ObjectMeta| {
        evidence.membership.claims(namespace).iter().any(|(claim, _)| std::ptr::eq(*claim, project))
    };
    let found = evidence.namespaces.iter().filter(|namespace| claims(namespace));
    found.map(|namespace| namespace.name.as_str()).collect()
}

/// What the ResourceQuotas of namespaces allow: of several, the smallest.
fn allowed<'a>(quotas: &'a [ResourceQuota], namespace: &str) -> BTreeMap<&'a str, Quantity> {
    let mut least: BTreeMap<&str, Quantity> = BTreeMap::new();
    for quota in quotas {
        let (Some(metadata), Some(spec)) = (&quota.metadata, &quota.spec) else { continue };
        let scoped = !spec.scopes.is_empty() || spec.scope_selector.is_some();
        if metadata.namespace != namespace || scoped {
            continue;
        }
        for (key, hard) in &spec.hard {
            let limit = least.entry(key).or_insert(*hard);
            *limit = (*limit).min(*hard);
        }
    }
    least
}

/// A project that is handed out to its namespaces.
fn allocated(evidence: &ProjectEvidence<'_>, hard: &Amounts, members: &[&str]) -> Vec<Finding> {
    let each: Vec<_> =
        members.iter().map(|namespace| (*namespace, allowed(evidence.quotas, namespace))).collect();
    let mut findings = Vec::new();
    for (key, hard) in hard {
        let of = |limits: &BTreeMap<&str, Quantity>| limits.get(key.as_str()).copied();
        let sum: Quantity = each.iter().filter_map(|(_, limits)| of(limits)).sum();
        if sum > *hard {
            let cause = format!(
                "the ResourceQuotas of its {} allow {sum} together, and the project has {hard}: not all of them can be used up",
                counted(members.len(), "namespace")
            );
            let remedy = format!("lower the namespaces' limits by {}, or raise the project's", sum - *hard);
            let finding = Finding::new(Problem::OverCommitted, cause, remedy).of(key, Some(*hard));
            let mut objects: Vec<String> = each
                .iter()
                .filter(|(_, limits)| of(limits).is_some_and(|limit| !limit.is_zero()))
                .map(|(namespace, _)| format!("Namespace/{namespace}"))
                .collect();
            objects.sort();
            findings.push(Finding { counted: Some(sum), objects, ..finding });
        }
        let without: Vec<String> = each
            .iter()
            .filter(|(_, limits)| of(limits).is_none())
            .map(|(namespace, _)| format!("Namespace/{namespace}"))
            .collect();
        if !without.is_empty() {
            let cause = format!(
                "{} of it {} no limit for {key}, and so may take anything: the project is charged by what its namespaces \
                 allow",
                counted(without.len(), "namespace"),
                if without.len() == 1 { "sets" } else { "set" },
            );
            let remedy = format!("give each of them a ResourceQuota with {key}");
            let finding = Finding::new(Problem::Unallocated, cause, remedy).of(key, Some(*hard));
            findings.push(Finding { objects: without, ..finding });
        }
    }
    findings
}

/// A project's quota, as if it were one of a namespace.
pub fn quota_spec(project: &Project, hard: &Amounts) -> QuotaSpec {
    let selector = project.scope_selector.as_ref().map(|selector| ScopeSelector {
        match_expressions: selector
            .match_expressions
            .iter()
            .map(|one| ScopedResourceSelectorRequirement {
                scope_name: one.scope_name.clone(),
                operator: one.operator.clone(),
                values: one.values.clone(),
            })
            .collect(),
    });
    QuotaSpec { hard: hard.clone(), scopes: project.scopes.clone(), scope_selector: selector }
}

/// A project that is charged for what is there.
fn used(evidence: &ProjectEvidence<'_>, project: &Project, hard: &Amounts, members: &[&str]) -> Vec<Finding> {
    let spec = quota_spec(project, hard);
    let members: BTreeSet<&str> = members.iter().copied().collect();
    let within = |object: &&Charged| {
        object.metadata().is_some_and(|metadata| members.contains(metadata.namespace.as_str()))
    };
    let counted = recount(&spec, evidence.objects.iter().filter(within), evidence.devices, evidence.now);
    let said = if project.slices.is_empty() { project.used.as_ref() } else { None };
    let mut findings = Vec::new();
    for (key, counted) in &counted {
        let types = counted_types([key.as_str()], evidence.types);
        if types.is_empty() || !types.iter().all(|kind| evidence.complete.contains(&kind.group_resource())) {
            continue;
        }
        let hard = hard.get(key);
        if let Some(hard) = hard.filter(|hard| counted > hard) {
            let cause = format!("its namespaces use {counted} together, and the project has {hard}");
            let remedy = format!(
                "raise its limit, or see what takes it: kubectl quota-usage explain {key} --project {}",
                project.name
            );
            let finding = Finding::new(Problem::OverHard, cause, remedy).of(key, Some(hard));
            findings.push(Finding {
                counted: Some(*counted),
                used: said.and_then(|said| said.get(key)),
                ..finding
            });
        }
        // What is in other clusters is not seen here.
        let Some(said) =
            said.and_then(|said| said.get(key)).filter(|said| said != counted && !project.everywhere)
        else {
            continue;
        };
        let (problem, cause) = if said > *counted {
            (
                Problem::Leak,
                format!(
                    "it says that {said} is used, {} more than there is in its namespaces",
                    said - *counted
                ),
            )
        } else {
            (
                Problem::UnderCount,
                format!(
                    "it says that {said} is used, {} less than there is in its namespaces",
                    *counted - said
                ),
            )
        };
        let remedy = format!("see whether the controller of {} runs", project.source.kind);
        let finding = Finding::new(problem, cause, remedy).of(key, hard);
        findings.push(Finding { used: Some(said), counted: Some(*counted), ..finding });
    }
    findings
}

/// Namespaces of no project, and of several.
fn strays(evidence: &ProjectEvidence<'_>) -> Vec<Finding> {
    let mut without = Vec::new();
    let mut findings = Vec::new();
    for namespace in evidence.namespaces {
        match evidence.membership.project_of(namespace) {
            None if !OF_THE_SYSTEM.contains(&namespace.name.as_str()) => {
                without.push(format!("Namespace/{}", namespace.name));
            }
            Some(member) => {
                if let Some(conflict) = member.conflict {
                    let remedy =
                        "let one project claim it: correct their selectors or the namespace's labels";
                    let finding = Finding::new(Problem::NoProject, conflict.to_string(), remedy);
                    findings.push(Finding { namespace: Some(namespace.name.clone()), ..finding });
                }
            }
            None => {}
        }
    }
    without.sort();
    if !without.is_empty() {
        let cause = format!(
            "{} to no project: what is in {} is charged to nobody",
            if without.len() == 1 {
                "1 namespace belongs".to_owned()
            } else {
                format!("{} namespaces belong", without.len())
            },
            if without.len() == 1 { "it" } else { "them" },
        );
        let remedy = "label them as a project's selector wants, or name them in a ProjectQuota";
        findings.push(Finding { objects: without, ..Finding::new(Problem::NoProject, cause, remedy) });
    }
    findings
}
