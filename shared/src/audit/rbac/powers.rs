//! Rights that are more than they look, and how a role that gives them is told of.

use super::AnyRole;
use crate::audit::{api::PolicyRule, findings::Findings, rule::Outcome};

/// Verbs, the group, and resources that one may not have them on without a word.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) verbs: &'static [&'static str],
    pub(crate) group: &'static str,
    /// With their subresource: `pods/exec`.
    pub(crate) resources: &'static [&'static str],
}

impl PolicyRule {
    /// What of this it allows with every object, as `get, list secrets; create pods/exec`.
    pub(crate) fn gives(&self, wanted: &[Wanted]) -> Option<String> {
        let mut parts: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
        for want in wanted.iter().filter(|want| self.has_group(want.group)) {
            for resource in want.resources {
                let allowed = |verb: &&&str| self.allows_on_all(verb, want.group, resource);
                let verbs: Vec<&str> = want.verbs.iter().filter(allowed).copied().collect();
                match parts.last_mut() {
                    _ if verbs.is_empty() => {}
                    // One name in two groups, as events have it, is told once.
                    Some((same, resources)) if *same == verbs => {
                        if !resources.contains(resource) {
                            resources.push(resource);
                        }
                    }
                    _ => parts.push((verbs, vec![resource])),
                }
            }
        }
        let told =
            parts.iter().map(|(verbs, resources)| format!("{} {}", verbs.join(", "), resources.join(", ")));
        (!parts.is_empty()).then(|| told.collect::<Vec<_>>().join("; "))
    }
}

/// Tells of every rule of a role that gives any of this. A rule about everything is the matter of `role-wildcard`.
#[expect(clippy::unnecessary_wraps, reason = "it is the whole check of many rules")]
pub(crate) fn report<R: AnyRole>(role: &R, wanted: &[Wanted], out: &mut Findings<'_>) -> Outcome {
    for (at, rule) in role.judged().filter(|(_, rule)| !rule.is_about_everything()) {
        if let Some(told) = rule.gives(wanted) {
            out.fail(format!("rules[{at}]"), format!("may {told}"));
        }
    }
    Ok(())
}
