use std::fmt;

use super::AuditPolicy;
use crate::{
    API_VERSION,
    audit::{catalogue::find, custom_rules::CustomRules, selection::check_words},
};

/// What is wrong with a policy, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyProblem {
    /// The field, as `spec.exemptions[0].until`.
    pub field: String,
    /// What is wrong with it, and what would be right.
    pub message: String,
}

impl fmt::Display for PolicyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

/// Everything that is wrong with a policy.
pub(super) fn problems(policy: &AuditPolicy) -> Vec<PolicyProblem> {
    let mut all = Vec::new();
    let mut wrong = |field: String, message: String| all.push(PolicyProblem { field, message });
    for (field, is, wanted) in
        [("apiVersion", &policy.api_version, API_VERSION), ("kind", &policy.kind, AuditPolicy::KIND.kind)]
    {
        if is != wanted {
            wrong(field.to_owned(), format!("expected {wanted}, found {is:?}"));
        }
    }
    let spec = &policy.spec;
    let custom: Vec<&str> = spec.custom_rules.iter().map(|rule| rule.id.as_str()).collect();
    for (at, rules) in spec.rules.iter().enumerate() {
        for (field, words) in [("select", &rules.select), ("ignore", &rules.ignore)] {
            for (place, word) in words.iter().enumerate() {
                if let Err(error) = check_words([word], &custom) {
                    wrong(format!("spec.rules[{at}].{field}[{place}]"), error.to_string());
                }
            }
        }
    }
    let unknown = |rule: &&String| find(rule).is_none() && !custom.contains(&rule.as_str());
    for rule in spec.severities.keys().filter(unknown) {
        wrong(format!("spec.severities.{rule}"), format!("there is no rule {rule:?}"));
    }
    for (at, exempt) in spec.exemptions.iter().enumerate() {
        let at = format!("spec.exemptions[{at}]");
        if exempt.rules.is_empty() {
            wrong(
                format!("{at}.rules"),
                "say which rules: an exemption from everything hides everything".to_owned(),
            );
        }
        for (place, word) in exempt.rules.iter().enumerate() {
            if let Err(error) = check_words([word], &custom) {
                wrong(format!("{at}.rules[{place}]"), error.to_string());
            }
        }
        if exempt.reason.trim().is_empty() {
            wrong(format!("{at}.reason"), "say why".to_owned());
        }
        if let Some(Err(())) = exempt.last_day() {
            let until = exempt.until.as_deref().unwrap_or_default();
            wrong(format!("{at}.until"), format!("{until:?} is no date such as 2027-03-31"));
        }
    }
    if let Some(standard) = &spec.pod_security {
        if !matches!(standard.level.as_str(), "privileged" | "baseline" | "restricted") {
            let message = format!("{:?} is no level: choose baseline or restricted", standard.level);
            wrong("spec.podSecurity.level".to_owned(), message);
        }
        let version = standard.version.as_str();
        if version != "latest" && version.parse::<crate::audit::KubernetesVersion>().is_err() {
            let message = format!("{version:?} is no version: expected latest or something like v1.36");
            wrong("spec.podSecurity.version".to_owned(), message);
        }
    }
    if let Err(custom) = CustomRules::compile(spec) {
        all.extend(custom);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_names_its_field() {
        let text = "
apiVersion: passmuster.dev/v1alpha1
kind: AuditPolicy
metadata: {name: p}
spec:
  rules: [{select: [no-such-rule], action: Deny}]
  severities: {nothing: high}
  exemptions:
  - {rules: [], reason: ''}
  - {rules: [pss], reason: because, until: soon}
  podSecurity: {level: strict, version: newest}
";
        let fields = |text: &str| match AuditPolicy::parse(text) {
            Err(super::super::PolicyError::Invalid(all)) => {
                all.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(
            fields(text),
            [
                "spec.rules[0].select[0]",
                "spec.severities.nothing",
                "spec.exemptions[0].rules",
                "spec.exemptions[0].reason",
                "spec.exemptions[1].until",
                "spec.podSecurity.level",
                "spec.podSecurity.version",
            ]
        );
        assert!(AuditPolicy::parse("spec: {nonsense: 1}").is_err());
    }
}
