use std::io::{self, Write};

use crate::{
    audit::{AuditReport, Severity},
    report::{Make, Options, Output},
};

pub(super) static OUTPUT: Output<AuditReport> =
    Output { name: "github", about: "annotations of a GitHub workflow", make: Make::Plain(render) };

fn render(report: &AuditReport, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    for finding in report.findings.iter().filter(|finding| finding.counts()) {
        let command = match finding.severity {
            Severity::Critical | Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low | Severity::Info => "notice",
        };
        let title = format!("{} ({})", finding.rule, finding.severity);
        writeln!(out, "::{command} title={}::{}", property(&title), data(&finding.to_string()))?;
    }
    let passed =
        format!("score {} ({}), {} checks passed", report.score, report.grade, report.summary.passed);
    writeln!(out, "::notice title=kubectl audit::{}", data(&passed))?;
    out.flush()
}

/// What ends a workflow command's text is percent-encoded, as its toolkit does.
fn data(text: &str) -> String {
    crate::text::neutral(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")).into_owned()
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
