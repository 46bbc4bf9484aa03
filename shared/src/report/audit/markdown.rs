use std::io::{self, Write};

use crate::{
    audit::{AuditReport, Severity, Verdict},
    report::{Make, Options, Output},
    text::neutral,
};

pub(super) static OUTPUT: Output<AuditReport> =
    Output { name: "markdown", about: "a page for a pull request", make: Make::Plain(render) };

fn render(report: &AuditReport, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let summary = &report.summary;
    writeln!(out, "# Score {} ({})\n", report.score, report.grade)?;
    let place =
        if report.cluster.is_empty() { String::new() } else { format!("{}, ", cell(&report.cluster)) };
    writeln!(out, "{place}Kubernetes {}, {} rules.\n", report.kubernetes_version, report.rules.len())?;
    writeln!(
        out,
        "| critical | high | medium | low | info | passed | not evaluated | exempt | in the baseline |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|---|---|")?;
    for severity in Severity::ALL {
        write!(out, "| {} ", summary.failed.get(&severity).copied().unwrap_or_default())?;
    }
    writeln!(
        out,
        "| {} | {} | {} | {} |",
        summary.passed, summary.not_evaluated, summary.exempt, summary.known
    )?;
    let counting: Vec<_> = report.findings.iter().filter(|finding| finding.counts()).collect();
    if !counting.is_empty() {
        writeln!(
            out,
            "\n## Findings\n\n| severity | rule | object | what | what to do |\n|---|---|---|---|---|"
        )?;
    }
    for finding in counting {
        let object = finding.object.as_ref().map(ToString::to_string).unwrap_or_default();
        let container = finding.container.as_deref().map(|name| format!(" \\[{}\\]", cell(name)));
        writeln!(
            out,
            "| {} | {} | `{}`{} | {} | {} |",
            finding.severity,
            finding.rule,
            cell(&object),
            container.unwrap_or_default(),
            cell(&finding.message),
            cell(finding.remediation.split("\n\n").next().unwrap_or_default()),
        )?;
    }
    let unknown: Vec<_> =
        report.findings.iter().filter(|finding| finding.verdict == Verdict::NotEvaluated).collect();
    if !unknown.is_empty() {
        writeln!(out, "\n## Not evaluated\n\n| rule | object | why |\n|---|---|---|")?;
    }
    for finding in unknown {
        let object = finding.object.as_ref().map(ToString::to_string).unwrap_or_default();
        writeln!(out, "| {} | {} | {} |", finding.rule, cell(&object), cell(&finding.message))?;
    }
    out.flush()
}

/// Text that stays in its cell and is no markup.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in neutral(&text.replace('\n', " ")).chars() {
        if matches!(character, '|' | '<' | '>' | '*' | '_' | '[' | ']' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}
