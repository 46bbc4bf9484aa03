use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use anstyle::{AnsiColor, Style};

use crate::{
    audit::{AuditReport, Finding, Severity, Verdict},
    report::{Make, Options, Output},
    text::{neutral, truncate, width},
};

pub(super) static OUTPUT: Output<AuditReport> = Output {
    name: "table",
    about: "the score, then what to do, the worst first; the default",
    make: Make::Plain(render),
};

/// Objects that one defect names; `-o wide` has all of them.
const MOST: usize = 8;
const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

fn render(report: &AuditReport, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = Page { out: io::BufWriter::with_capacity(1 << 16, out), options };
    out.summary(report)?;
    let counting = report.findings.iter().filter(|finding| finding.counts());
    let mut groups: BTreeMap<(std::cmp::Reverse<Severity>, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in counting {
        let key = (std::cmp::Reverse(finding.severity), &*finding.rule);
        groups.entry(key).or_default().push(finding);
    }
    for ((severity, rule), findings) in &groups {
        out.group(severity.0, rule, findings)?;
    }
    out.unknown(report)?;
    out.out.flush()
}

struct Page<'a, W: io::Write> {
    out: W,
    options: &'a Options,
}

impl<W: io::Write> Page<'_, W> {
    fn summary(&mut self, report: &AuditReport) -> io::Result<()> {
        let summary = &report.summary;
        let name = neutral(&report.cluster);
        let place = if name.is_empty() { String::new() } else { format!("{name}, ") };
        let head = format!("Score {} ({})", report.score, report.grade);
        let checked: usize = report.rules.len();
        self.line(
            grade_style(&report.grade),
            &head,
            &format!("  {place}Kubernetes {}, {checked} rules", report.kubernetes_version),
        )?;
        let failed = Severity::ALL
            .iter()
            .filter_map(|severity| summary.failed.get(severity).map(|count| format!("{count} {severity}")));
        let mut counts: Vec<String> = failed.collect();
        if counts.is_empty() {
            counts.push("nothing found".to_owned());
        }
        counts.push(format!("{} passed", summary.passed));
        for (count, what) in [
            (summary.not_evaluated, "not evaluated"),
            (summary.exempt, "exempt"),
            (summary.known, "in the baseline"),
        ] {
            if count > 0 {
                counts.push(format!("{count} {what}"));
            }
        }
        self.wrapped("", &counts.join(" · "))
    }

    fn group(&mut self, severity: Severity, rule: &str, findings: &[&Finding]) -> io::Result<()> {
        writeln!(self.out)?;
        let mark = severity.as_str().to_uppercase();
        let count = if findings.len() == 1 { String::new() } else { format!(" ×{}", findings.len()) };
        self.line(severity_style(severity), &mark, &format!("  {rule}{count}"))?;
        for finding in findings.iter().take(MOST) {
            let object = finding.object.as_ref().map(ToString::to_string).unwrap_or_default();
            let container = finding.container.as_deref().map(|name| format!(" [{name}]")).unwrap_or_default();
            let cause = finding.cause.as_deref().map(|cause| format!(" (because of {cause})"));
            let text = format!("{object}{container}: {}{}", finding.message, cause.unwrap_or_default());
            self.wrapped("  ", &neutral(&text))?;
        }
        if findings.len() > MOST {
            writeln!(self.out, "  … and {} more: -o wide shows all", findings.len() - MOST)?;
        }
        if let Some(first) = findings.first() {
            let remedy = first.remediation.split("\n\n").next().unwrap_or_default().replace('\n', " ");
            self.wrapped("  → ", &neutral(&remedy))?;
        }
        Ok(())
    }

    /// What could not be said, each reason once.
    fn unknown(&mut self, report: &AuditReport) -> io::Result<()> {
        let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for finding in report.findings.iter().filter(|it| it.verdict == Verdict::NotEvaluated) {
            let rules = reasons.entry(&finding.message).or_default();
            if !rules.contains(&&*finding.rule) {
                rules.push(&finding.rule);
            }
        }
        if reasons.is_empty() {
            return Ok(());
        }
        writeln!(self.out)?;
        self.line(BOLD, "NOT EVALUATED", "")?;
        for (reason, rules) in reasons.iter().take(2 * MOST) {
            let named = rules.iter().take(4).copied().collect::<Vec<_>>().join(", ");
            let more = rules.len().saturating_sub(4);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            self.wrapped("  ", &neutral(&format!("{reason} ({named}{more})")))?;
        }
        if reasons.len() > 2 * MOST {
            writeln!(self.out, "  … and {} more: -o json has all", reasons.len() - 2 * MOST)?;
        }
        Ok(())
    }

    fn line(&mut self, style: Style, head: &str, rest: &str) -> io::Result<()> {
        let room = self.options.width.map(|columns| columns.saturating_sub(width(head)));
        let rest = room.map_or(rest.into(), |room| truncate(rest, room));
        if self.options.colour {
            writeln!(self.out, "{style}{head}{style:#}{rest}")
        } else {
            writeln!(self.out, "{head}{rest}")
        }
    }

    /// A paragraph, its later lines indented as far as its first one begins.
    fn wrapped(&mut self, first: &str, text: &str) -> io::Result<()> {
        let indent = width(first);
        let room = self.options.width.map_or(usize::MAX, |columns| columns.saturating_sub(indent).max(20));
        let dim = self.options.colour && first.contains('→');
        let (on, off) =
            if dim { (DIM.render().to_string(), DIM.render_reset().to_string()) } else { Default::default() };
        for (n, line) in lines(text, room).iter().enumerate() {
            if n == 0 {
                writeln!(self.out, "{first}{on}{line}{off}")?;
            } else {
                writeln!(self.out, "{:indent$}{on}{line}{off}", "")?;
            }
        }
        Ok(())
    }
}

/// Breaks a text between words; a word that is wider than the room breaks where the room ends.
fn lines(text: &str, room: usize) -> Vec<String> {
    let mut all = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && width(&line) + 1 + width(word) > room {
            all.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        while width(&line) > room {
            let cut = truncate(&line, room + 1);
            let end = cut.len() - "…".len();
            if end == 0 || cut.len() > line.len() {
                break;
            }
            let rest = line.split_off(end);
            all.push(std::mem::replace(&mut line, rest));
        }
    }
    all.push(line);
    all
}

fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Critical => AnsiColor::Red.on_default().bold(),
        Severity::High => AnsiColor::Red.on_default(),
        Severity::Medium => AnsiColor::Yellow.on_default(),
        Severity::Low => AnsiColor::Cyan.on_default(),
        Severity::Info => DIM,
    }
}

fn grade_style(grade: &str) -> Style {
    match grade {
        "A" | "B" => AnsiColor::Green.on_default().bold(),
        "C" | "D" => AnsiColor::Yellow.on_default().bold(),
        _ => AnsiColor::Red.on_default().bold(),
    }
}
