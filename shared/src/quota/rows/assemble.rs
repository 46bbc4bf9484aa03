//! All clusters' groups, and the answer.

use std::collections::BTreeMap;

use super::{
    super::{
        ClusterEntry, Dimension, QuotaUsage, Rate, Row,
        inventory::{Inventory, NamespaceFacts, Totals, Wanted},
    },
    cell::{Cell, Limit},
    charge::{ProjectLimit, effective, project_limits, project_totals},
    group::Group,
    sort::{SortBy, sort},
};
use crate::{API_VERSION, quantity::Quantity};

/// What was read of one cluster, or that it could not be.
#[derive(Debug, Clone, Default)]
pub struct Read {
    /// The cluster.
    pub entry: ClusterEntry,
    /// What was read.
    pub inventory: Inventory,
}

/// What rows are wanted.
#[derive(Debug, Clone, Default)]
pub struct RowOptions {
    /// What rows are put together by.
    pub by: Vec<Dimension>,
    /// Only these resources; empty: all.
    pub resources: Vec<String>,
    /// In which order; empty: by group.
    pub sort_by: Vec<SortBy>,
    /// Only rows that are as full as this.
    pub threshold: Option<Rate>,
}

type Cells = BTreeMap<Group, Cell>;

/// The answer.
pub fn assemble(clusters: &[Read], options: &RowOptions) -> QuotaUsage {
    let cells = cells(clusters, &options.by);
    let mut rows: Vec<Row> = cells.iter().flat_map(|(group, cell)| cell.rows(group, options)).collect();
    if let Some(threshold) = options.threshold {
        rows.retain(|row| is_over(row, threshold));
    }
    sort(&mut rows, &options.sort_by);
    // Of some of the rows, sums over all of them would say nothing.
    let totals = if options.threshold.is_some() { Vec::new() } else { totals(clusters, &cells, options) };
    let mut entries: Vec<ClusterEntry> = clusters
        .iter()
        .map(|Read { entry, inventory }| {
            let mut entry = entry.clone();
            entry.skipped.extend(inventory.skipped.iter().cloned());
            entry.skipped.sort();
            entry.skipped.dedup();
            entry
        })
        .collect();
    entries.sort_by(|a, b| (&a.name, &a.context).cmp(&(&b.name, &b.context)));
    QuotaUsage {
        api_version: API_VERSION.to_owned(),
        kind: "QuotaUsage".to_owned(),
        by: options.by.iter().map(ToString::to_string).collect(),
        at: None,
        period: None,
        clusters: entries,
        rows,
        totals,
    }
}

/// Whether a row is as full as this: by what is charged, or by what is really used. Something of nothing is over.
fn is_over(row: &Row, threshold: Rate) -> bool {
    let over = |rate: Option<Rate>| rate.is_some_and(|rate| rate >= threshold);
    let nothing = row.hard.is_some_and(Quantity::is_zero);
    over(row.rate) || over(row.peak_rate) || (nothing && row.used.is_some_and(|used| !used.is_zero()))
}

fn cells(clusters: &[Read], by: &[Dimension]) -> Cells {
    let mut cells = Cells::new();
    let wanted = Wanted::by(by);
    for read in clusters.iter().filter(|read| read.entry.error.is_none()) {
        let mut own = pods(read, by, wanted);
        if !wanted.within_namespaces() {
            quotas(clusters, read, by, &mut own);
        }
        for (group, cell) in own {
            let sum = cells.entry(group).or_default();
            sum.totals.add(&cell.totals);
            sum.allocatable.add_all(&cell.allocatable);
            sum.unread |= read.inventory.pods_unread;
            sum.namespaces += cell.namespaces;
            sum.display_name = sum.display_name.take().or(cell.display_name);
            for (quota, limit) in cell.limits {
                sum.limits.entry(quota).or_default().add(&limit);
            }
        }
    }
    cells
}

/// The groups of one cluster by their pods, and by its nodes.
fn pods(read: &Read, by: &[Dimension], wanted: Wanted) -> Cells {
    let Read { entry, inventory } = read;
    let mut cells = Cells::new();
    let nobody = NamespaceFacts::default();
    let mut last: Option<(Group, &str)> = None;
    for (key, totals) in inventory.pods.sorted() {
        let facts = inventory.namespaces.get(&key.namespace).unwrap_or(&nobody);
        let group = Group::of_pods(by, &entry.name, facts, key);
        let cell = cells.entry(group.clone()).or_default();
        cell.totals.add(totals);
        cell.display_name.clone_from(&facts.display_name);
        // Groups come sorted by namespace: a change is a new one.
        if last.as_ref().is_none_or(|(before, namespace)| (before, *namespace) != (&group, &key.namespace)) {
            cell.namespaces += 1;
        }
        last = Some((group, &key.namespace));
    }
    let alone = !by.contains(&Dimension::Namespace) && !by.contains(&Dimension::Project);
    if wanted.node && alone && !wanted.owner && !wanted.pod && !wanted.labels {
        for node in inventory.nodes.keys() {
            let group = Group { node: Some(node.clone()), ..Group::of_project(by, &entry.name, None) };
            cells.entry(group).or_default();
        }
    }
    for (group, cell) in &mut cells {
        cell.allocatable = match &group.node {
            Some(node) => inventory.nodes.get(node).cloned().unwrap_or_default(),
            None => inventory.allocatable(),
        };
    }
    cells
}

/// Adds the quotas of one cluster to its groups.
fn quotas(clusters: &[Read], read: &Read, by: &[Dimension], cells: &mut Cells) {
    let Read { entry, inventory } = read;
    let allocatable = inventory.allocatable();
    let nobody = NamespaceFacts::default();
    let mut add = |group: Group,
                   facts: &NamespaceFacts,
                   quota: Option<&str>,
                   limit: &Limit,
                   totals: Option<(Totals, usize)>| {
        let cell = cells.entry(group).or_default();
        cell.display_name.clone_from(&facts.display_name);
        cell.allocatable.clone_from(&allocatable);
        cell.limit(quota).add(limit);
        if let Some((totals, namespaces)) = totals {
            (cell.totals, cell.namespaces) = (totals, namespaces);
        }
    };
    let projects = if by.contains(&Dimension::Project) { project_limits(clusters, read) } else { Vec::new() };
    let own = |project: &String| projects.iter().any(|limit| limit.project == *project);
    if by.contains(&Dimension::Namespace) {
        for quota in &inventory.quotas {
            let facts = inventory.namespaces.get(&quota.namespace).unwrap_or(&nobody);
            let limit = Limit { hard: quota.hard.clone(), used: quota.used.clone() };
            let group = Group::of_namespace(by, &entry.name, facts, &quota.namespace);
            add(group, facts, Some(&quota.name), &limit, None);
        }
    } else {
        for (namespace, limit) in effective(&inventory.quotas) {
            let facts = inventory.namespaces.get(namespace).unwrap_or(&nobody);
            // Where the project has a quota of its own, that is what counts.
            if !facts.project.as_ref().is_some_and(own) {
                add(Group::of_namespace(by, &entry.name, facts, namespace), facts, None, &limit, None);
            }
        }
    }
    for ProjectLimit { project, display_name, quota, limit } in &projects {
        let facts = NamespaceFacts {
            project: Some(project.clone()),
            display_name: display_name.clone(),
            ..NamespaceFacts::default()
        };
        // Its pods are in the rows of its namespaces; the row of the whole project has their sum.
        let totals = by.contains(&Dimension::Namespace).then(|| project_totals(inventory, project));
        add(Group::of_project(by, &entry.name, Some(project)), &facts, Some(quota), limit, totals);
    }
}

/// Each resource over all rows. A resource that quotas limit somewhere has its sums by the quotas' keys.
fn totals(clusters: &[Read], shown: &Cells, options: &RowOptions) -> Vec<Row> {
    let mut sum = cells(clusters, &[]).remove(&Group::default()).unwrap_or_default();
    let by = &options.by;
    if Wanted::by(by).within_namespaces() {
        sum.limits.clear();
    } else if by.contains(&Dimension::Project) && !by.contains(&Dimension::Namespace) {
        sum.limits.clear();
        for limit in shown.values().flat_map(|cell| cell.limits.values()) {
            sum.limit(None).add(limit);
        }
    }
    sum.rows(&Group::default(), options)
}
