use std::io::{self, Write};

use crate::{
    audit::{AuditReport, Finding, Verdict},
    report::{Make, Options, Output},
    text::{neutral, width},
};

pub(super) static OUTPUT: Output<AuditReport> = Output {
    name: "wide",
    about: "a line for each finding, with field and fingerprint",
    make: Make::Plain(render),
};

const HEADERS: [&str; 6] = ["SEVERITY", "RULE", "OBJECT", "CONTAINER", "FINGERPRINT", "FIELD AND MESSAGE"];

fn render(report: &AuditReport, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let rows: Vec<[String; 6]> = report.findings.iter().map(cells).collect();
    let mut widths = HEADERS.map(width);
    for row in &rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = width(cell).max(*widest);
        }
    }
    let mut line = |cells: &[&str]| -> io::Result<()> {
        let mut text = String::new();
        for (at, cell) in cells.iter().enumerate() {
            text.push_str(cell);
            if at + 1 < cells.len() {
                let pad = widths.get(at).copied().unwrap_or_default().saturating_sub(width(cell)) + 3;
                text.extend(std::iter::repeat_n(' ', pad));
            }
        }
        writeln!(out, "{text}")
    };
    if options.headers && !rows.is_empty() {
        line(&HEADERS)?;
    }
    for row in &rows {
        line(&row.each_ref().map(String::as_str))?;
    }
    out.flush()
}

fn cells(finding: &Finding) -> [String; 6] {
    let dash = |text: String| if text.is_empty() { "-".to_owned() } else { neutral(&text).into_owned() };
    let path = if finding.path.is_empty() { String::new() } else { format!("{}: ", finding.path) };
    let mark = match (finding.verdict, &finding.exemption, finding.known) {
        (Verdict::NotEvaluated, ..) => "not evaluated: ".to_owned(),
        (_, Some(exemption), _) => format!("exempt ({}): ", exemption.reason),
        (_, _, true) => "in the baseline: ".to_owned(),
        _ => String::new(),
    };
    [
        finding.severity.to_string(),
        dash(finding.rule.to_string()),
        dash(finding.object.as_ref().map(ToString::to_string).unwrap_or_default()),
        dash(finding.container.clone().unwrap_or_default()),
        dash(finding.fingerprint.clone()),
        dash(format!("{mark}{path}{}", finding.message)),
    ]
}
