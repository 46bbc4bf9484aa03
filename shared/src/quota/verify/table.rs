//! The findings for people.

use std::io::{self, Write};

use serde_json::Value;

use super::QuotaVerification;
use crate::{
    quota::columns::Columns,
    report::{Make, Options, Output, Printable},
    text::counted,
};

/// How many of a finding's objects are named.
const NAMED: usize = 5;

/// The outputs that only this document has.
static OUTPUTS: &[&Output<QuotaVerification>] = &[&TABLE];
static TABLE: Output<QuotaVerification> =
    Output { name: "table", about: "lines for people; the default", make: Make::Plain(table) };

impl Printable for QuotaVerification {
    const DEFAULT: &'static str = "table";

    fn own_outputs() -> &'static [&'static Output<Self>] {
        OUTPUTS
    }

    fn items(&self) -> Box<dyn Iterator<Item = serde_json::Result<Value>> + '_> {
        Box::new(self.findings.iter().map(serde_json::to_value))
    }
}

/// Writes the findings: a line for each, and below it how it came about and what to do.
pub fn table(verification: &QuotaVerification, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let several = verification.clusters.len() > 1;
    let projects = verification.findings.iter().any(|finding| finding.project.is_some());
    let mut columns = Columns::default();
    let mut row = |cells: [&str; 9]| {
        let shown = cells.iter().enumerate();
        columns
            .row(shown.filter(|(n, _)| (several || *n != 0) && (projects || *n != 1)).map(|(_, cell)| *cell));
    };
    if options.headers && !verification.findings.is_empty() {
        row(["CLUSTER", "PROJECT", "NAMESPACE", "QUOTA", "PROBLEM", "RESOURCE", "HARD", "USED", "COUNTED"]);
    }
    for finding in &verification.findings {
        let text = |part: &Option<String>| part.clone().unwrap_or_else(|| "-".to_owned());
        let amount = |part: Option<crate::quantity::Quantity>| {
            part.map_or_else(|| "-".to_owned(), |part| part.to_string())
        };
        let cells = [
            text(&finding.cluster),
            text(&finding.project),
            text(&finding.namespace),
            text(&finding.quota),
            finding.problem.name().to_owned(),
            text(&finding.resource),
            amount(finding.hard),
            amount(finding.used),
            amount(finding.counted),
        ];
        let shown = cells.iter().enumerate();
        columns
            .row(shown.filter(|(n, _)| (several || *n != 0) && (projects || *n != 1)).map(|(_, cell)| cell));
        columns.paragraph(2, "cause:    ", &finding.cause, options.width);
        if !finding.objects.is_empty() {
            let named: Vec<&str> = finding.objects.iter().take(NAMED).map(String::as_str).collect();
            let more = match finding.objects.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            columns.paragraph(2, "objects:  ", &format!("{}{more}", named.join(", ")), options.width);
        }
        columns.paragraph(2, "way out:  ", &finding.remedy, options.width);
    }
    let looked_at = if verification.projects == 0 {
        counted(verification.quotas, "quota")
    } else {
        format!("{} and {}", counted(verification.quotas, "quota"), counted(verification.projects, "project"))
    };
    if verification.findings.is_empty() {
        columns.text(&format!("No problems found in {looked_at}"));
    } else if options.headers {
        columns.text(&format!("{} found in {looked_at}", counted(verification.findings.len(), "problem")));
    }
    out.write_all(columns.render().as_bytes())
}
