//! The exemptions that a run meets, and which of them are of use.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
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
    /// Whether any object has exemptions. Where it is known that none has, nobody looks.
    any: bool,
    now: Option<Time>,
    /// Ids of the rules of the policy.
    names: Arc<BTreeSet<String>>,
    /// Of each object, by the annotation's text: a workload and its template may have different ones.
    of: BTreeMap<ObjectKey, BTreeMap<Box<str>, Own>>,
}

/// Those of one annotation.
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
        Self { any: true, now, names: Arc::clone(names), of: BTreeMap::new() }
    }

    /// Whether there may be any.
    pub(super) fn expecting(self, any: bool) -> Self {
        Self { any, ..self }
    }

    /// Exempts what an object exempts itself from.
    pub(super) fn apply(&mut self, rule: &str, key: &ObjectKey, said: &[&ObjectMeta], found: &mut [Finding]) {
        if !self.any {
            return;
        }
        for text in said.iter().filter_map(|metadata| annotation(&metadata.annotations)) {
            let now = self.now;
            let own = self.own(key, text);
            for (exempt, used) in own.exempt.iter_mut().filter(|(exempt, _)| exempt.rule == rule) {
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
    }

    fn own(&mut self, key: &ObjectKey, text: &str) -> &mut Own {
        let of = self.of.entry(key.clone()).or_default();
        let names = &self.names;
        of.entry(text.into()).or_insert_with(|| {
            let (exempt, wrong) = parse(text, &|rule| find(rule).is_some() || names.contains(rule));
            Own { exempt: exempt.into_iter().map(|exempt| (exempt, Use::NotAsked)).collect(), wrong }
        })
    }

    /// What other rules met, which ran over the same objects.
    pub(super) fn merge(&mut self, others: Self) {
        for (key, texts) in others.of {
            let all = self.of.entry(key).or_default();
            for (text, theirs) in texts {
                match all.entry(text) {
                    Entry::Vacant(entry) => _ = entry.insert(theirs),
                    Entry::Occupied(mut ours) => {
                        // The same text has the same exemptions, in its order.
                        for ((_, ours), (_, theirs)) in ours.get_mut().exempt.iter_mut().zip(theirs.exempt) {
                            *ours = (*ours).max(theirs);
                        }
                    }
                }
            }
        }
    }

    /// What is to be said of exemptions: expired, of no use, or none at all. `ran` tells whether a rule ran.
    pub(super) fn told(&self, ran: &dyn Fn(&str) -> bool) -> Told {
        if self.of.is_empty() {
            return Vec::new();
        }
        let (mut expired, mut stale, mut invalid) = (Vec::new(), Vec::new(), Vec::new());
        for (key, own) in self.of.iter().flat_map(|(key, texts)| texts.values().map(move |own| (key, own))) {
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
