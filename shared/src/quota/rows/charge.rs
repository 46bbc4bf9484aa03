//! What quotas allow and are charged, over namespaces and over projects.

use std::collections::BTreeMap;

use super::{
    super::{
        Amounts, ClusterEntry,
        inventory::{Inventory, NamespaceQuota, Totals},
        project::{Model, Project},
    },
    Read,
    cell::{Limit, count},
    keys::base,
};
use crate::quantity::Quantity;

/// What each namespace allows and is charged. Of several quotas that limit the same objects the smallest counts; those
/// of different scopes limit different objects and add up, unless one without scopes limits them all.
pub(super) fn effective(quotas: &[NamespaceQuota]) -> BTreeMap<&str, Limit> {
    // Namespace, key, scopes: hard and used of the smallest.
    let mut smallest: BTreeMap<(&str, &str, &str), (Quantity, Option<Quantity>)> = BTreeMap::new();
    for quota in quotas {
        for (key, hard) in &quota.hard {
            let found = (*hard, quota.used.get(key));
            let best = smallest.entry((&quota.namespace, key, &quota.scopes)).or_insert(found);
            if *hard < best.0 {
                *best = found;
            }
        }
    }
    let mut limits: BTreeMap<&str, Limit> = BTreeMap::new();
    for ((namespace, key, scopes), (hard, used)) in &smallest {
        if !scopes.is_empty() && smallest.contains_key(&(*namespace, *key, "")) {
            continue;
        }
        let limit = limits.entry(namespace).or_default();
        limit.hard.add(key, *hard);
        if let Some(used) = used {
            limit.used.add(key, *used);
        }
    }
    limits
}

/// A project's own quota in one cluster.
pub(super) struct ProjectLimit {
    pub(super) project: String,
    pub(super) display_name: Option<String>,
    pub(super) quota: String,
    pub(super) limit: Limit,
}

/// The quotas that projects have in a cluster, by project and object: those read from it, and the slices for it of
/// those read from others, where there is no such object here.
pub(super) fn project_limits(clusters: &[Read], here: &Read) -> Vec<ProjectLimit> {
    let mut limits = BTreeMap::new();
    let ClusterEntry { name, context, also, number, .. } = &here.entry;
    let names: Vec<&str> =
        [name, context].into_iter().chain(also).chain(number).map(String::as_str).collect();
    let elsewhere = clusters.iter().filter(|read| !std::ptr::eq(*read, here));
    let told =
        elsewhere.flat_map(|read| &read.inventory.projects).filter(|project| !project.slices.is_empty());
    for project in told.chain(&here.inventory.projects) {
        let Some(hard) = project.hard_in(&names) else { continue };
        let used = charged(&here.inventory, project, hard, &names);
        let limit = ProjectLimit {
            project: project.name.clone(),
            display_name: project.display_name.clone(),
            quota: quota_name(project),
            limit: Limit { hard: hard.clone(), used },
        };
        limits.insert((project.name.clone(), quota_name(project)), limit);
    }
    limits.into_values().collect()
}

/// The object that a project's quota is from; of several for objects of different scopes, with the scopes.
fn quota_name(project: &Project) -> String {
    let expressions = project.scope_selector.iter().flat_map(|selector| &selector.match_expressions);
    let scopes: Vec<String> = project
        .scopes
        .iter()
        .cloned()
        .chain(expressions.map(|one| format!("{} {} {}", one.scope_name, one.operator, one.values.join(","))))
        .collect();
    if scopes.is_empty() { project.quota() } else { format!("{} ({})", project.quota(), scopes.join("; ")) }
}

/// What a project is charged: by its own word, or else counted. By allocation: what its namespaces allow. By usage:
/// what their pods ask for, and of everything else what their quotas are charged. What a quota of some scopes only is
/// charged can't be told from sums over all pods.
fn charged(inventory: &Inventory, project: &Project, hard: &Amounts, names: &[&str]) -> Amounts {
    let of_project: Vec<NamespaceQuota> = inventory
        .quotas
        .iter()
        .filter(|quota| inventory.is_in(&quota.namespace, &project.name))
        .cloned()
        .collect();
    let limits = effective(&of_project);
    let (totals, _) = project_totals(inventory, &project.name);
    let slice = project.slices.iter().find(|slice| names.contains(&slice.cluster.as_str()));
    let used = slice.map_or(&project.used, |slice| &slice.used);
    let mut charged = Amounts::new();
    for (key, _) in hard {
        let told = used.as_ref().and_then(|used| used.get(key));
        let counted = || match (project.model, base(key)) {
            (Model::Allocation, _) => limits.values().map(|limit| limit.hard.of(key)).sum(),
            (Model::Usage, _) if key == "pods" => count(totals.pods),
            (Model::Usage, Some(name)) if key.starts_with("limits.") => totals.limits.of(name),
            (Model::Usage, Some(name)) => totals.requests.of(name),
            (Model::Usage, None) => limits.values().map(|limit| limit.used.of(key)).sum(),
        };
        match told {
            Some(told) => charged.set(key.as_str(), told),
            None if project.is_scoped() => {}
            None => charged.set(key.as_str(), counted()),
        }
    }
    charged
}

/// What the pods of a project ask for and use, and in how many namespaces they are.
pub(super) fn project_totals(inventory: &Inventory, project: &str) -> (Totals, usize) {
    let (mut sum, mut namespaces, mut last) = (Totals::default(), 0, None);
    for (key, totals) in inventory.pods.sorted() {
        if inventory.is_in(&key.namespace, project) {
            sum.add(totals);
            if last != Some(&key.namespace) {
                namespaces += 1;
                last = Some(&key.namespace);
            }
        }
    }
    (sum, namespaces)
}

impl Inventory {
    /// Whether a namespace belongs to a project.
    fn is_in(&self, namespace: &str, project: &str) -> bool {
        self.namespaces.get(namespace).and_then(|facts| facts.project.as_deref()) == Some(project)
    }

    /// What all nodes together can give.
    pub(super) fn allocatable(&self) -> Amounts {
        let mut sum = Amounts::new();
        self.nodes.values().for_each(|node| sum.add_all(node));
        sum
    }
}
