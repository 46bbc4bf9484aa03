//! What is to be said of a policy's own exemptions: that they are over, or of no use.

use std::borrow::Cow;

use super::{AuditPolicySpec, PolicyExemption};
use crate::{
    audit::{
        catalogue::find,
        engine::{Outcomes, Scope},
        finding::{Fingerprint, Verdict, order},
        findings::Findings,
        world::World,
    },
    model::{ObjectKey, Time},
};

const EXPIRED: &str = "exemption-expired";
const STALE: &str = "exemption-stale";

impl AuditPolicySpec {
    /// Tells of exemptions that are over, and of those that exempt from nothing though there are objects that they are
    /// about and one of their rules ran. Those of users are left out: they are of use at admission alone. Asked once
    /// the policy was applied to the outcomes of this world.
    pub fn tell_of_exemptions(
        &self,
        source: &str,
        world: &World,
        scope: Scope<'_>,
        outcomes: &mut Outcomes,
        now: Option<Time>,
    ) {
        let mut told = Vec::new();
        for (at, exempt) in self.exemptions.iter().enumerate() {
            let rules = exempt.rules.join(", ");
            let path = format!("spec.exemptions[{at}]");
            if exempt.is_expired(now) {
                let until = exempt.until.as_deref().unwrap_or_default();
                told.push((EXPIRED, path, format!("{source}: exemption of {rules} ended on {until}")));
            } else if exempt.users.is_empty() && is_stale(self, exempt, world, scope, outcomes) {
                told.push((STALE, path, format!("{source}: exemption of {rules} exempts from nothing")));
            }
        }
        for (rule, path, message) in told {
            let (Some(entry), Some(count)) = (find(rule), outcomes.rules.get_mut(rule)) else { continue };
            count.failed += 1;
            let mut findings = Findings::new(Cow::Borrowed(entry.id), entry.severity(), None);
            findings
                .fail(path, message)
                .remedy("Remove it from the policy, or say what it is to exempt from.");
            for mut finding in findings.into_found() {
                let mark = Fingerprint::of(rule, None, None, &format!("{source} {}", finding.path), 0);
                finding.fingerprint = mark.to_string();
                if let Some(severity) = self.severities.get(rule) {
                    finding.severity = *severity;
                }
                outcomes.findings.push(finding);
            }
        }
        outcomes.findings.sort_by(order);
    }
}

fn is_stale(
    spec: &AuditPolicySpec,
    exempt: &PolicyExemption,
    world: &World,
    scope: Scope<'_>,
    outcomes: &Outcomes,
) -> bool {
    let is_of =
        |rule: &str| spec.named(rule).is_some_and(|named| exempt.rules.iter().any(|word| named(word)));
    let ran = outcomes.rules.keys().any(|rule| is_of(rule));
    // What could not be evaluated may be what it is for.
    let is_used = outcomes.findings.iter().filter(|finding| is_of(&finding.rule)).any(|finding| {
        let unknown = finding.verdict == Verdict::NotEvaluated && finding.object.is_none();
        let named = spec.named(&finding.rule);
        unknown || named.is_some_and(|named| exempt.covers(&named, finding, None, None))
    });
    let is_about = |key: &ObjectKey| {
        exempt.is_about(key) && world.metadata(key).is_some_and(|metadata| scope(key, metadata))
    };
    ran && !is_used && world.keys().any(|key| is_about(&key))
}
