use std::{borrow::Cow, collections::BTreeMap};

use super::{Subject, judged, speaks, subject};
use crate::{
    audit::{catalogue::Entry, custom_rules::CompiledRule, rule::Admission, rule_set::Rules},
    model::Kind,
};

/// The rules of a policy that have anything to say of one object at admission, sorted out once by the kind of object
/// that they are about: of some two hundred, hardly half are about any one kind.
#[derive(Debug, Clone, Default)]
pub struct Admitted {
    all: Rules,
    /// By kind and group.
    about: BTreeMap<&'static str, Vec<(Kind, Rules)>>,
}

impl Admitted {
    /// Of these rules those that have anything to say of one object at admission.
    pub fn new(rules: &Rules) -> Self {
        let asks = |rule: &CompiledRule| {
            rule.related_kinds().any(|kind| super::needs::NEVER.iter().any(|it| it.is(kind.group, kind.kind)))
        };
        let all = rules.retained(speaks, |rule| rule.describe().admission != Admission::Never && !asks(rule));
        let mut about: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for kind in judged(&all) {
            about.entry(kind.kind).or_default().push((kind, only(&all, kind.group, kind.kind)));
        }
        Self { all, about }
    }

    /// All of them.
    pub fn all(&self) -> &Rules {
        &self.all
    }

    /// Those that are about a subject's kind.
    pub fn of(&self, subject: &Subject) -> Cow<'_, Rules> {
        let (group, kind) = subject.group_and_kind();
        let known = self.about.get(kind).into_iter().flatten().find(|(known, _)| known.is(group, kind));
        known.map_or_else(|| Cow::Owned(only(&self.all, group, kind)), |(_, rules)| Cow::Borrowed(rules))
    }
}

fn only(rules: &Rules, group: &str, kind: &str) -> Rules {
    rules.retained(|entry: &Entry| subject::is_about(entry, group, kind), |_| true)
}
