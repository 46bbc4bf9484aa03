//! The answer as sheets of a spreadsheet.

use super::{Field, Unit, Value};
use crate::quota::{
    QuotaUsage, Row,
    sheet::{Cell, Column, Format, Sheet},
};

/// The rows. With `texts`, amounts stand there twice: as Kubernetes writes them, exactly, and as plain numbers that a
/// spreadsheet can sum; without, as plain numbers only.
pub(in crate::report) fn rows(usage: &QuotaUsage, texts: bool) -> Sheet {
    table("Usage", usage, &usage.rows, &Field::all(usage), texts)
}

/// The totals.
pub(in crate::report) fn totals(usage: &QuotaUsage) -> Sheet {
    let fields: Vec<Field> =
        Field::all(usage).into_iter().filter(|field| *field >= Field::Resource).collect();
    table("Totals", usage, &usage.totals, &fields, false)
}

/// What could not be read.
pub(in crate::report) fn errors(usage: &QuotaUsage) -> Sheet {
    let mut rows =
        vec![["cluster", "context", "what", "namespace", "reason", "message"].map(Cell::from).to_vec()];
    for cluster in &usage.clusters {
        if let Some(error) = &cluster.error {
            let cells = [&cluster.name, &cluster.context, "everything", "", "", error];
            rows.push(cells.map(Cell::from).to_vec());
        }
        for skipped in &cluster.skipped {
            let namespace = skipped.namespace.as_deref().unwrap_or_default();
            let cells = [
                &cluster.name,
                &cluster.context,
                &*skipped.resource,
                namespace,
                &skipped.reason,
                &skipped.message,
            ];
            rows.push(cells.map(Cell::from).to_vec());
        }
    }
    Sheet { name: "Errors".to_owned(), rows, headings: 1, ..Sheet::default() }
}

fn table(name: &str, usage: &QuotaUsage, rows: &[Row], fields: &[Field], texts: bool) -> Sheet {
    let (mut headings, mut columns) = (Vec::new(), Vec::new());
    for field in fields {
        let heading = field.name(usage);
        match kind(*field) {
            Kind::Amount if texts => {
                headings.extend([heading.clone(), format!("{heading}_number")]);
                columns.extend([Format::General, Format::Amount]);
            }
            Kind::Amount => {
                headings.push(heading);
                columns.push(Format::Amount);
            }
            Kind::Rate => {
                headings.push(heading);
                columns.push(Format::Percent);
            }
            Kind::Text => {
                headings.push(heading);
                columns.push(Format::General);
            }
        }
        if *field == Field::Resource {
            headings.push("unit".to_owned());
            columns.push(Format::General);
        }
    }
    let cells = |row: &Row| {
        let mut cells = Vec::with_capacity(headings.len());
        for field in fields {
            match (field.value(row), kind(*field)) {
                (Value::Amount(amount), _) => {
                    if texts {
                        cells.push(Cell::text(amount.to_string()));
                    }
                    cells.push(Cell::from(amount));
                }
                (Value::Nothing, Kind::Amount) if texts => cells.extend([Cell::Empty, Cell::Empty]),
                (Value::Nothing, _) => cells.push(Cell::Empty),
                (Value::Rate(rate), _) => cells.push(Cell::Number(rate.decimal())),
                (Value::Text(text), _) => cells.push(Cell::text(text)),
            }
            if *field == Field::Resource {
                cells.push(Cell::from(Unit::of(&row.resource).name()));
            }
        }
        cells
    };
    let mut sheet = Sheet { name: name.to_owned(), headings: 1, ..Sheet::default() };
    sheet.columns = columns.into_iter().map(|format| Column { width: 0, format }).collect();
    sheet.rows.push(headings.iter().map(|heading| Cell::from(heading.as_str())).collect());
    sheet.rows.extend(rows.iter().map(cells));
    sheet
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Amount,
    Rate,
}

fn kind(field: Field) -> Kind {
    match field {
        Field::Rate | Field::PeakRate | Field::Share => Kind::Rate,
        _ if field < Field::Hard => Kind::Text,
        _ => Kind::Amount,
    }
}
