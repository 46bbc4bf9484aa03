//! What would change, for people.

use std::io::{self, Write as _};

use anyhow::Result;
use passmuster::{
    quota::project::{Action, Change},
    text::{neutral, width},
};

const HEADINGS: [&str; 5] = ["PROJECT", "ACTION", "FIELD", "OLD", "NEW"];

/// A line for each field that becomes another, and for each project of which none does; and on standard error how many.
pub(super) fn changes(changes: &[Change], headers: bool) -> Result<()> {
    let mut rows: Vec<[String; 5]> = Vec::new();
    if headers && !changes.is_empty() {
        rows.push(HEADINGS.map(str::to_owned));
    }
    for change in changes {
        let name = neutral(&change.name).into_owned();
        let action = change.action.name().to_owned();
        if change.fields.is_empty() {
            rows.push([name, action, "-".into(), "-".into(), "-".into()]);
            continue;
        }
        for field in &change.fields {
            let shown = |value: &Option<String>| {
                value.as_deref().map_or_else(|| "-".to_owned(), |text| neutral(text).into_owned())
            };
            rows.push([
                name.clone(),
                action.clone(),
                neutral(&field.field).into_owned(),
                shown(&field.old),
                shown(&field.new),
            ]);
        }
    }
    let mut widths = [0; 5];
    for row in &rows {
        for (column, text) in widths.iter_mut().zip(row) {
            *column = (*column).max(width(text));
        }
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    for row in &rows {
        let mut line = String::new();
        for (text, column) in row.iter().zip(widths) {
            line.push_str(text);
            line.extend(std::iter::repeat_n(' ', column + 3 - width(text)));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    out.flush()?;
    writeln!(io::stderr(), "{}", summary(changes))?;
    Ok(())
}

fn summary(changes: &[Change]) -> String {
    let counted: Vec<String> = [Action::Added, Action::Changed, Action::Removed, Action::Unchanged]
        .into_iter()
        .filter_map(|action| {
            let count = changes.iter().filter(|change| change.action == action).count();
            (count > 0).then(|| format!("{count} {}", action.name()))
        })
        .collect();
    let differs = changes.iter().any(|change| change.action != Action::Unchanged);
    match (counted.is_empty(), differs) {
        (true, _) => "No projects found.".to_owned(),
        (_, false) => format!("{}: nothing to change.", counted.join(", ")),
        _ => format!("{}. Nothing is written yet: --apply does.", counted.join(", ")),
    }
}
