use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::glob::matches;
use crate::{
    audit::{
        exemption::day,
        finding::{Exemption, Finding},
    },
    model::{ObjectKey, Time},
};

/// What does not count, why, and until when. Everything that is left out matches.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicyExemption {
    /// Ids, categories, severities or frameworks; at least one.
    pub rules: Vec<String>,
    /// Namespaces; `team-*` is every one that begins so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub namespaces: Vec<String>,
    /// Object ids, as `Deployment.apps/shop/web`; `*` stands for any text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<String>,
    /// Names of containers; `*` stands for any text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<String>,
    /// Who makes the request; such an exemption holds at admission alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<String>,
    /// Why it does not count.
    pub reason: String,
    /// Who said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The last day that it holds, as 2027-03-31.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// Whether a text is as one of some patterns; without any, every text is.
fn any(patterns: &[String], text: &str) -> bool {
    patterns.is_empty() || patterns.iter().any(|pattern| matches(pattern, text))
}

impl PolicyExemption {
    /// The last day, if the text is one.
    pub(super) fn last_day(&self) -> Option<Result<jiff::civil::Date, ()>> {
        self.until.as_ref().map(|until| until.parse().map_err(|_| ()))
    }

    /// Whether its last day is over.
    pub(crate) fn is_expired(&self, now: Option<Time>) -> bool {
        match (self.last_day(), now.and_then(day)) {
            (Some(Ok(until)), Some(today)) => today > until,
            // A day that is none exempts from nothing.
            (Some(Err(())), _) => true,
            _ => false,
        }
    }

    /// Whether it is about a finding. A finding that is about no object is about no namespace either. `named` tells which
    /// words name the finding's rule.
    pub(super) fn covers(
        &self,
        named: &dyn Fn(&str) -> bool,
        finding: &Finding,
        user: Option<&str>,
        now: Option<Time>,
    ) -> bool {
        let Some(object) = &finding.object else {
            return false;
        };
        self.rules.iter().any(|word| named(word))
            && self.is_about(object)
            && any(&self.containers, finding.container.as_deref().unwrap_or_default())
            && (self.users.is_empty() || user.is_some_and(|user| any(&self.users, user)))
            && !self.is_expired(now)
    }

    /// Whether it is about an object, by its namespace and its name.
    pub(super) fn is_about(&self, object: &ObjectKey) -> bool {
        any(&self.namespaces, &object.namespace)
            && (self.objects.is_empty() || any(&self.objects, &object.to_string()))
    }

    pub(super) fn told(&self, source: &str) -> Exemption {
        Exemption {
            reason: self.reason.clone(),
            owner: self.owner.clone(),
            until: self.until.clone(),
            source: source.to_owned(),
        }
    }
}
