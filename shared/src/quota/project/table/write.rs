//! Objects in, a sheet out, which reads back as just them.

use std::collections::BTreeSet;

use super::{
    Charged, Column, Language,
    cells::{self, NONE},
};
use crate::quota::{
    Amounts,
    project::{ProjectQuota, ProjectQuotaSpec, text},
    sheet::{self, Cell, Format, Sheet},
};

/// Columns that are there in any case, so that an empty sheet shows what can be said.
const ALWAYS: &[Column] = &[
    Column::Cluster,
    Column::Project,
    Column::Cpu,
    Column::Memory,
    Column::DisplayName,
    Column::ExternalId,
    Column::Namespaces,
    Column::Selector,
    Column::Model,
];

/// Writes projects, sorted by name: a row for what each has altogether, and one for each cluster's part.
pub fn write(projects: &[ProjectQuota], charged: Charged, language: Language) -> Sheet {
    let mut projects: Vec<&ProjectQuota> = projects.iter().collect();
    projects.sort_by(|a, b| a.metadata.name.cmp(&b.metadata.name));
    let columns = columns(&projects, charged);
    let mut rows = vec![columns.iter().map(|column| Cell::text(column.heading(language))).collect()];
    for project in projects {
        let parts = project.spec.clusters.iter().map(|slice| (Some(slice.name.as_str()), &slice.hard));
        for (cluster, hard) in std::iter::once((None, &project.spec.hard)).chain(parts) {
            rows.push(columns.iter().map(|column| cell(project, cluster, hard, column, charged)).collect());
        }
    }
    Sheet {
        name: match language {
            Language::English => "Projects".to_owned(),
            Language::Chinese => "项目配额".to_owned(),
        },
        rows,
        columns: columns.iter().map(look).collect(),
        headings: 1,
        ..Sheet::default()
    }
}

fn columns(projects: &[&ProjectQuota], charged: Charged) -> Vec<Column> {
    let mut columns = ALWAYS.to_vec();
    if projects.iter().any(|project| !project.spec.scopes.is_empty()) {
        columns.push(Column::Scopes);
    }
    if projects.iter().any(|project| project.spec.scope_selector.is_some()) {
        columns.push(Column::ScopeSelector);
    }
    let spoken_for: Vec<String> =
        ["cpu", "memory"].iter().filter_map(|resource| shown(resource, charged)).collect();
    let slices = projects.iter().flat_map(|project| &project.spec.clusters);
    let hard = projects.iter().map(|project| &project.spec.hard).chain(slices.map(|slice| &slice.hard));
    let keys: BTreeSet<&String> = hard.flat_map(|hard| hard.iter().map(|(key, _)| key)).collect();
    columns.extend(keys.into_iter().filter(|key| !spoken_for.contains(key)).cloned().map(Column::Key));
    columns
}

/// The key that the column of a resource shows.
fn shown(resource: &str, charged: Charged) -> Option<String> {
    charged.keys(resource).into_iter().next()
}

fn look(column: &Column) -> sheet::Column {
    let (width, format) = match column {
        Column::Cpu | Column::Memory => (14, Format::General),
        Column::Project | Column::DisplayName => (24, Format::General),
        Column::Namespaces | Column::Selector => (32, Format::General),
        _ => (0, Format::General),
    };
    sheet::Column { width, format }
}

fn cell(
    project: &ProjectQuota,
    cluster: Option<&str>,
    hard: &Amounts,
    column: &Column,
    charged: Charged,
) -> Cell {
    let key = match column {
        Column::Cpu => shown("cpu", charged),
        Column::Memory => shown("memory", charged),
        Column::Key(key) => Some(key.clone()),
        _ => None,
    };
    if let Some(key) = key {
        let Some(amount) = hard.get(&key) else { return Cell::text(NONE) };
        let number = cells::number(column, amount);
        return number.map_or_else(|| Cell::text(cells::text(column, amount)), Cell::Number);
    }
    let of_project = |text: &ProjectQuotaSpec| describe(text, column);
    match column {
        Column::Cluster => Cell::text(cluster.unwrap_or_default()),
        Column::Project => Cell::text(project.metadata.name.as_str()),
        // Said once is enough.
        _ if cluster.is_some() => Cell::Empty,
        _ => Cell::text(of_project(&project.spec).unwrap_or_else(|| NONE.to_owned())),
    }
}

fn describe(spec: &ProjectQuotaSpec, column: &Column) -> Option<String> {
    let several = |names: &[String]| (!names.is_empty()).then(|| names.join(", "));
    match column {
        Column::DisplayName => spec.display_name.clone(),
        Column::ExternalId => spec.external_id.clone(),
        Column::Namespaces => several(&spec.namespaces),
        Column::Selector => spec.namespace_selector.as_ref().map(text::selector),
        Column::Model => Some(spec.model.name().to_owned()),
        Column::Scopes => several(&spec.scopes),
        Column::ScopeSelector => spec.scope_selector.as_ref().map(text::scopes),
        _ => None,
    }
}
