use std::io;

use crate::{
    audit::{AuditReport, Finding, Verdict},
    quota::sheet::{Cell, Csv, Sheet, write_csv},
    report::{Make, Options, Output},
    text::neutral,
};

pub(super) static OUTPUT: Output<AuditReport> =
    Output { name: "csv", about: "the findings for spreadsheets and programs", make: Make::Plain(render) };

const HEADERS: [&str; 10] = [
    "severity",
    "rule",
    "verdict",
    "object",
    "container",
    "path",
    "message",
    "remediation",
    "fingerprint",
    "exemption",
];

fn render(report: &AuditReport, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let text =
        |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(neutral(text).into_owned()) };
    let mut sheet = Sheet::default();
    if options.headers {
        sheet.rows.push(HEADERS.iter().map(|header| text(header)).collect());
    }
    sheet
        .rows
        .extend(report.findings.iter().map(|finding| cells(finding).iter().map(|it| text(it)).collect()));
    write_csv(&sheet, Csv::default(), out)
}

fn cells(finding: &Finding) -> [String; 10] {
    [
        finding.severity.to_string(),
        finding.rule.to_string(),
        match finding.verdict {
            Verdict::Fail => "fail".to_owned(),
            Verdict::NotEvaluated => "not-evaluated".to_owned(),
        },
        finding.object.as_ref().map(ToString::to_string).unwrap_or_default(),
        finding.container.clone().unwrap_or_default(),
        finding.path.clone(),
        finding.message.clone(),
        finding.remediation.to_string(),
        finding.fingerprint.clone(),
        finding.exemption.as_ref().map(|exemption| exemption.reason.clone()).unwrap_or_default(),
    ]
}
