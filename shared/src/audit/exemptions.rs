//! The exemptions that a run meets, and which of them are of use.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    catalogue::find,
    exemption::{Exempt, annotation, parse},
    finding::{Finding, Verdict},
};
use crate::model::{ObjectKey, ObjectMeta, Time};

/// Rules about exemptions. They say what the run found out, after all others.
const EXPIRED: &str = "exemption-expired";
const STALE: &str = "exemption-stale";
const INVALID: &str = "exemption-invalid";

/// Where an exemption stands.
const PATH: &str = "metadata.annotations[passmuster.dev/exempt]";

/// What rules about exemptions say: of each, the objects, where in them, and what.
pub(super) type Told = Vec<(&'static str, Vec<(ObjectKey, String, String)>)>;

/// The exemptions of the objects that were met so far.
#[derive(Debug)]
pub(super) struct Exemptions {
    now: Option<Time>,
    /// Ids of the rules of the policy.
    names: Arc<BTreeSet<String>>,
    of: BTreeMap<ObjectKey, Own>,
}

/// Those of one object.
#[derive(Debug, Default)]
struct Own {
    /// Each with whether it was of use, and whether its rule looked at the object at all.
    exempt: Vec<(Exempt, Use)>,
    wrong: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    NotAsked,
    Stale,
    Used,
}

impl Exemptions {
    pub(super) fn new(now: Option<Time>, names: &Arc<BTreeSet<String>>) -> Self {
        Self { now, names: Arc::clone(names), of: BTreeMap::new() }
    }

    /// Exempts what an object exempts itself from.
    pub(super) fn apply(&mut self, rule: &str, key: &ObjectKey, said: &[&ObjectMeta], found: &mut [Finding]) {
        let mut texts = said.iter().filter_map(|metadata| annotation(&metadata.annotations)).peekable();
        if texts.peek().is_none() {
            return;
        }
        if !self.of.contains_key(key) {
            let mut own = Own::default();
            let mut seen: Vec<&str> = Vec::new();
            for text in texts {
                if seen.contains(&text) {
                    continue;
                }
                seen.push(text);
                let names = &self.names;
                let (exempt, wrong) = parse(text, &|rule| find(rule).is_some() || names.contains(rule));
                own.exempt.extend(exempt.into_iter().map(|exempt| (exempt, Use::NotAsked)));
                own.wrong.extend(wrong);
            }
            self.of.insert(key.clone(), own);
        }
        let now = self.now;
        let exempt = self.of.get_mut(key).into_iter().flat_map(|own| &mut own.exempt);
        for (exempt, used) in exempt.filter(|(exempt, _)| exempt.rule == rule) {
            *used = (*used).max(Use::Stale);
            for finding in found.iter_mut().filter(|finding| exempt.covers(finding)) {
                // Whether it would be of use nobody knows where the rule could not be evaluated.
                *used = Use::Used;
                if finding.verdict == Verdict::Fail && !exempt.is_expired(now) {
                    finding.exemption = Some(exempt.told());
                }
            }
        }
    }

    /// What is to be said of exemptions: expired, of no use, or none at all. `ran` tells whether a rule ran.
    pub(super) fn told(&self, ran: &dyn Fn(&str) -> bool) -> Told {
        let (mut expired, mut stale, mut invalid) = (Vec::new(), Vec::new(), Vec::new());
        for (key, own) in &self.of {
            for (exempt, used) in &own.exempt {
                let told = |message: String| (key.clone(), PATH.to_owned(), message);
                if exempt.is_expired(self.now) {
                    let until = exempt.until.map(|day| day.to_string()).unwrap_or_default();
                    expired.push(told(format!("exemption of {} ended on {until}", exempt.rule)));
                } else if *used == Use::Stale {
                    stale.push(told(format!("exemption of {} exempts from nothing", exempt.rule)));
                }
            }
            for (line, why) in &own.wrong {
                invalid.push((key.clone(), PATH.to_owned(), format!("exemption {line:?}: {why}")));
            }
        }
        let all = [(EXPIRED, expired), (STALE, stale), (INVALID, invalid)];
        all.into_iter().filter(|(id, _)| ran(id)).collect()
    }
}
