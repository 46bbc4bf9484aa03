use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::{
    audit::pod_security::{Change, NamespaceVerdict, PodSecurityReport, WorkloadVerdict},
    report::{Make, Options, Output},
    text::neutral,
};

pub(super) static OUTPUT: Output<PodSecurityReport> = Output {
    name: "table",
    about: "by namespace, what would be refused and why; the default",
    make: Make::Plain(render),
};

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default();
const GREEN: Style = AnsiColor::Green.on_default();

fn render(report: &PodSecurityReport, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let summary = &report.summary;
    writeln!(
        out,
        "If every namespace enforced {}: {} of {} workloads and {} of {} pods would be refused, in {} of {} namespaces",
        report.policy,
        summary.workloads_refused,
        summary.workloads,
        summary.pods_refused,
        summary.pods,
        summary.namespaces_refused,
        summary.namespaces,
    )?;
    if let Some(upgrade) = &report.upgrade {
        writeln!(
            out,
            "With {upgrade} instead: {} more refused, {} more admitted",
            summary.newly_refused, summary.newly_admitted
        )?;
    }
    for namespace in &report.namespaces {
        self::namespace(namespace, options, &mut out)?;
    }
    for unread in &report.unread {
        writeln!(out, "\nnot known: {}", neutral(unread))?;
    }
    out.flush()
}

fn namespace(namespace: &NamespaceVerdict, options: &Options, out: &mut impl Write) -> io::Result<()> {
    let now = namespace.current.as_ref().map(|current| format!(" (enforces {} now)", current.enforce));
    let style = if namespace.refused == 0 { GREEN } else { RED };
    let text = if namespace.refused == 0 {
        format!("all {} workloads pass", namespace.workloads)
    } else {
        format!(
            "{} of {} workloads refused, up to {} passes",
            namespace.refused, namespace.workloads, namespace.possible
        )
    };
    let name = neutral(&namespace.namespace);
    let now = now.unwrap_or_default();
    if options.colour {
        writeln!(out, "\n{BOLD}{name}{BOLD:#}{now}: {style}{text}{style:#}")?;
    } else {
        writeln!(out, "\n{name}{now}: {text}")?;
    }
    for verdict in &namespace.verdicts {
        workload(verdict, out)?;
    }
    Ok(())
}

/// A workload that would be refused, or whose verdict an upgrade changes.
fn workload(verdict: &WorkloadVerdict, out: &mut impl Write) -> io::Result<()> {
    let object = verdict.object.short();
    if let Some(message) = &verdict.message {
        writeln!(out, "  {}: {}", neutral(&object), neutral(message))?;
    }
    for pods in &verdict.differing {
        let more = if pods.count > 1 { format!(" and {} more", pods.count - 1) } else { String::new() };
        let line = format!("{object}, pod {}{more}: {}", pods.first, pods.message);
        writeln!(out, "  {}", neutral(&line))?;
    }
    if let Some(change) = &verdict.change {
        let what = match change {
            Change::NewlyRefused { message } => format!("refused after the upgrade: {message}"),
            Change::NewlyAdmitted => "admitted after the upgrade".to_owned(),
            Change::OtherReasons { message } => {
                format!("refused for something else after the upgrade: {message}")
            }
        };
        writeln!(out, "  {}: {}", neutral(&object), neutral(&what))?;
    }
    Ok(())
}
