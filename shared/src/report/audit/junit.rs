use std::{collections::BTreeMap, io};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::{
    audit::{AuditReport, Finding, Verdict},
    report::{Make, Options, Output},
    text::neutral,
};

pub(super) static OUTPUT: Output<AuditReport> = Output {
    name: "junit",
    about: "JUnit XML: a suite for each rule, a case for each object with a defect",
    make: Make::Plain(render),
};

fn render(report: &AuditReport, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut junit = Report::new("kubectl audit");
    let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        by_rule.entry(&finding.rule).or_default().push(finding);
    }
    for (rule, count) in &report.rules {
        let mut suite = TestSuite::new(rule.as_str());
        let found = by_rule.get(rule.as_str()).map(Vec::as_slice).unwrap_or_default();
        for finding in found {
            suite.add_test_case(case(rule, finding));
        }
        if count.passed > 0 {
            let name = format!("{} objects without the defect", count.passed);
            let mut case = TestCase::new(name, TestCaseStatus::success());
            case.set_classname(rule.as_str());
            suite.add_test_case(case);
        }
        junit.add_test_suite(suite);
    }
    let text = junit.to_string().map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

fn case(rule: &str, finding: &Finding) -> TestCase {
    let counts = finding.counts();
    let mut status =
        if counts { TestCaseStatus::non_success(NonSuccessKind::Failure) } else { TestCaseStatus::skipped() };
    let why = match (&finding.exemption, finding.known, finding.verdict) {
        (Some(exemption), ..) => format!("exempt: {}", exemption.reason),
        (_, true, _) => "in the baseline".to_owned(),
        (.., Verdict::NotEvaluated) => format!("not evaluated: {}", finding.message),
        _ => finding.message.clone(),
    };
    status.set_message(neutral(&why));
    if counts {
        status.set_type(finding.severity.as_str());
        let text = format!("{finding}\n\n{}", finding.remediation);
        status.set_description(text.lines().map(neutral).collect::<Vec<_>>().join("\n"));
    }
    let object = finding.object.as_ref().map(ToString::to_string).unwrap_or_default();
    let container = finding.container.as_deref().map(|name| format!(" [{name}]")).unwrap_or_default();
    let path = if finding.path.is_empty() { String::new() } else { format!(" {}", finding.path) };
    let name = format!("{object}{container}{path}");
    let mut case = TestCase::new(neutral(&name), status);
    case.set_classname(rule);
    case
}
