//! Exemptions that stand on objects: `passmuster.dev/exempt`, one to a line.
//!
//! ```yaml
//! metadata:
//!   annotations:
//!     passmuster.dev/exempt: |
//!       privileged-container/agent=needs the device; until=2027-03-31; owner=storage
//!       writable-root-filesystem=vendor image
//! ```
//!
//! An exemption names a rule, where it matters a container, and a reason. It holds on its last day and not after. The
//! same lines hold for `kubectl audit` and at admission.

use std::collections::BTreeMap;

use super::finding::{Exemption, Finding};
use crate::model::Time;

/// The annotation.
pub const ANNOTATION: &str = "passmuster.dev/exempt";

/// One line of the annotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exempt {
    /// The line, as it stands there.
    pub(crate) line: String,
    pub(crate) rule: String,
    /// The container, where it is for one alone.
    pub(crate) container: Option<String>,
    pub(crate) reason: String,
    pub(crate) owner: Option<String>,
    /// The last day.
    pub(crate) until: Option<jiff::civil::Date>,
}

/// The exemptions of an annotation, and the lines that are none, each with what is wrong with it. `is_rule` tells
/// whether there is a rule of an id.
pub(crate) fn parse(text: &str, is_rule: &dyn Fn(&str) -> bool) -> (Vec<Exempt>, Vec<(String, String)>) {
    let (mut all, mut wrong) = (Vec::new(), Vec::new());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match exempt(line, is_rule) {
            Ok(exempt) => all.push(exempt),
            Err(why) => wrong.push((line.to_owned(), why)),
        }
    }
    (all, wrong)
}

fn exempt(line: &str, is_rule: &dyn Fn(&str) -> bool) -> Result<Exempt, String> {
    let mut parts = line.split(';').map(str::trim);
    let first = parts.next().unwrap_or_default();
    let (rule, reason) = first.split_once('=').ok_or("expected RULE=REASON")?;
    let (rule, container) = match rule.trim().split_once('/') {
        Some((rule, container)) => (rule, Some(container.to_owned())),
        None => (rule.trim(), None),
    };
    let reason = reason.trim();
    if !is_rule(rule) {
        return Err(format!("there is no rule {rule:?}"));
    }
    if reason.is_empty() {
        return Err("the reason is missing".to_owned());
    }
    let (mut owner, mut until) = (None, None);
    for part in parts.filter(|part| !part.is_empty()) {
        match part.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
            Some(("until", day)) => {
                until = Some(day.parse().map_err(|_| format!("until={day} is no date such as 2027-03-31"))?);
            }
            Some(("owner", who)) if !who.is_empty() => owner = Some(who.to_owned()),
            _ => return Err(format!("{part:?} is neither until=DATE nor owner=NAME")),
        }
    }
    let rule = rule.to_owned();
    Ok(Exempt { line: line.to_owned(), rule, container, reason: reason.to_owned(), owner, until })
}

impl Exempt {
    /// Whether its last day is over.
    pub(crate) fn is_expired(&self, now: Option<Time>) -> bool {
        match (self.until, now.and_then(day)) {
            (Some(until), Some(today)) => today > until,
            _ => false,
        }
    }

    /// Whether it is about a finding.
    pub(crate) fn covers(&self, finding: &Finding) -> bool {
        let container = self.container.as_deref();
        self.rule == finding.rule && (container.is_none() || container == finding.container.as_deref())
    }

    pub(crate) fn told(&self) -> Exemption {
        Exemption {
            reason: self.reason.clone(),
            owner: self.owner.clone(),
            until: self.until.map(|day| day.to_string()),
            source: "annotation".to_owned(),
        }
    }
}

/// The day of a moment, in UTC.
pub(crate) fn day(time: Time) -> Option<jiff::civil::Date> {
    let moment = jiff::Timestamp::new(time.seconds, 0).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(moment).date())
}

/// The annotation among these.
pub(crate) fn annotation(annotations: &BTreeMap<String, String>) -> Option<&str> {
    annotations.get(ANNOTATION).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::find;

    fn parse(text: &str) -> (Vec<Exempt>, Vec<(String, String)>) {
        super::parse(text, &|rule| find(rule).is_some())
    }

    #[test]
    fn lines() {
        let (all, wrong) = parse(
            "privileged-container/agent=needs the device; until=2027-03-31; owner=storage\n\n privileged-container = x \n\
             no-such-rule=x\nprivileged-container\nprivileged-container=\nprivileged-container=a; until=soon\n\
             privileged-container=a; what",
        );
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].container.as_deref(), all[0].owner.as_deref()), (Some("agent"), Some("storage")));
        assert_eq!((all[1].reason.as_str(), all[1].until), ("x", None));
        let why: Vec<&str> = wrong.iter().map(|(_, why)| why.as_str()).collect();
        assert_eq!(
            why,
            [
                "there is no rule \"no-such-rule\"",
                "expected RULE=REASON",
                "the reason is missing",
                "until=soon is no date such as 2027-03-31",
                "\"what\" is neither until=DATE nor owner=NAME",
            ]
        );
    }

    #[test]
    fn the_last_day_counts() {
        let (all, _) = parse("privileged-container=x; until=2026-11-28");
        let at = |text: &str| {
            let time: jiff::Timestamp = text.parse().unwrap();
            Some(Time { seconds: time.as_second(), nanos: 0 })
        };
        assert!(!all[0].is_expired(at("2026-11-28T23:59:59Z")));
        assert!(all[0].is_expired(at("2026-11-29T00:00:00Z")));
        assert!(!all[0].is_expired(None));
    }
}
