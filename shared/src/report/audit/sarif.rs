use std::io::{self, Write};

use serde_json::{Value, json};

use crate::{
    audit::{AuditReport, Finding, RuleDescription, Severity, Verdict},
    report::{Make, Options, Output, json::write_pretty},
};

pub(super) static OUTPUT: Output<AuditReport> =
    Output { name: "sarif", about: "SARIF 2.1.0, for code scanning", make: Make::Plain(render) };

fn render(report: &AuditReport, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let rules: Vec<Value> = report.rules.keys().map(|id| rule(id, report.describe(id))).collect();
    let place = |finding: &Finding| report.rules.keys().position(|id| *id == finding.rule);
    let results = report.findings.iter().filter(|finding| finding.verdict == Verdict::Fail);
    let results: Vec<Value> = results.map(|finding| result(finding, place(finding))).collect();
    let notifications = report.findings.iter().filter(|finding| finding.verdict == Verdict::NotEvaluated);
    let notifications: Vec<Value> = notifications.map(not_evaluated).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "kubectl-audit",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": "https://passmuster.dev",
                "rules": rules,
            }},
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    });
    write_pretty(&log, &mut out)?;
    writeln!(out)?;
    out.flush()
}

fn rule(id: &str, described: Option<RuleDescription>) -> Value {
    let Some(rule) = described else {
        return json!({ "id": id });
    };
    json!({
        "id": id,
        "name": id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.remediation},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {
            "tags": [rule.category.as_str()],
            "security-severity": security_severity(rule.severity),
            "references": rule.references,
        },
    })
}

/// Where a finding is: code scanning wants a file; the object's id stands for it where there is none.
fn result(finding: &Finding, rule: Option<usize>) -> Value {
    let object = finding.object.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": {"text": format!("{object}: {}", finding.message)},
        "locations": [{
            "physicalLocation": {"artifactLocation": {"uri": uri(&object)}},
            "logicalLocations": [{
                "fullyQualifiedName": format!("{object}:{}", finding.path),
                "kind": "resource",
            }],
        }],
        "partialFingerprints": {"passmuster/v1": finding.fingerprint},
    });
    if let Some(object) = result.as_object_mut() {
        if let Some(rule) = rule {
            object.insert("ruleIndex".to_owned(), rule.into());
        }
        if finding.known {
            object.insert("baselineState".to_owned(), "unchanged".into());
        }
        if let Some(exemption) = &finding.exemption {
            let suppression = json!([{"kind": "external", "justification": exemption.reason}]);
            object.insert("suppressions".to_owned(), suppression);
        }
    }
    result
}

fn not_evaluated(finding: &Finding) -> Value {
    json!({
        "level": "warning",
        "message": {"text": format!("{}: not evaluated: {}", finding.rule, finding.message)},
        "associatedRule": {"id": finding.rule},
    })
}

/// A relative reference; what is no part of one is percent-encoded.
fn uri(object: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(object.len());
    for byte in object.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// As code scanning sorts them: critical from 9.0, high from 7.0, medium from 4.0.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "0.0",
    }
}
