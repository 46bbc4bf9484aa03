//! The rules of a run: those that are built in, and those that a policy adds.

use std::{collections::BTreeSet, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    catalogue::Entry,
    custom_rules::{CompiledRule, CustomRules},
    engine::kinds_needed,
    policy::AuditPolicySpec,
    rule::{Admission, Category},
    selection::{UnknownRule, check_words, is_named, is_wanted},
    severity::Severity,
};
use crate::model::Kind;

/// What a rule says of itself, for reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleDescription {
    /// Id: kebab-case, names the defect.
    pub id: String,
    /// How bad a finding is.
    pub severity: Severity,
    /// What it is about.
    pub category: Category,
    /// What it may do on admission.
    pub admission: Admission,
    /// The defect, in one sentence.
    pub summary: String,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub remediation: String,
    /// Where else it is written.
    pub references: Vec<String>,
}

/// The rules of a run. Both lists are sorted by id.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    entries: Vec<&'static Entry>,
    custom: Vec<Arc<CompiledRule>>,
    /// Ids of all rules of the policy, whether they run or not: exemptions may name them.
    names: Arc<BTreeSet<String>>,
}

impl Rules {
    /// Rules that are built in, and no others.
    pub fn built_in(entries: &[&'static Entry]) -> Self {
        Self { entries: entries.to_vec(), ..Self::default() }
    }

    /// The rules that `select` names, all when it is empty, without those that `ignore` names; of those, the ones that
    /// the policy names too. `custom` are the policy's own rules.
    pub fn select(
        select: &[String],
        ignore: &[String],
        custom: &CustomRules,
        policy: Option<&AuditPolicySpec>,
    ) -> Result<Self, UnknownRule> {
        let ids: Vec<&str> = custom.all().iter().map(|rule| rule.id()).collect();
        check_words(select.iter().chain(ignore), &ids)?;
        for rules in policy.iter().flat_map(|policy| &policy.rules) {
            check_words(rules.select.iter().chain(&rules.ignore), &ids)?;
        }
        let wanted = |named: &dyn Fn(&str) -> bool| {
            let in_policy = policy.is_none_or(|policy| {
                let mut rules = policy.rules.iter();
                policy.rules.is_empty() || rules.any(|it| is_wanted(&it.select, &it.ignore, named))
            });
            in_policy && is_wanted(select, ignore, named)
        };
        let entries = super::catalogue().iter().filter(|entry| wanted(&|word| is_named(entry, word)));
        let chosen = custom.all().iter().filter(|rule| wanted(&|word| rule.is_named(word)));
        Ok(Self {
            entries: entries.collect(),
            custom: chosen.cloned().collect(),
            names: Arc::new(ids.into_iter().map(str::to_owned).collect()),
        })
    }

    /// Those of the policy, and no others.
    #[must_use]
    pub fn without_built_in(&self) -> Self {
        Self { entries: Vec::new(), ..self.clone() }
    }

    /// One rule of a policy, and no others.
    pub(super) fn of_custom(rule: &Arc<CompiledRule>) -> Self {
        Self { custom: vec![Arc::clone(rule)], ..Self::default() }
    }

    /// Those that are built in.
    pub fn entries(&self) -> &[&'static Entry] {
        &self.entries
    }

    /// Those of the policy.
    pub fn custom(&self) -> &[Arc<CompiledRule>] {
        &self.custom
    }

    /// The kinds that must be read for these rules to be evaluated.
    pub fn kinds(&self) -> BTreeSet<Kind> {
        let mut kinds = kinds_needed(&self.entries);
        for kind in self.custom.iter().flat_map(|rule| rule.kinds()) {
            if !kinds.iter().any(|other| other.is(kind.group, kind.kind)) {
                kinds.insert(kind);
            }
        }
        kinds
    }

    /// The kinds of which whole objects must be kept: see [`World::keeping`](super::World::keeping).
    pub fn whole(&self) -> BTreeSet<Kind> {
        self.custom.iter().flat_map(|rule| rule.whole()).collect()
    }

    /// What all of them say of themselves, sorted by id.
    pub fn described(&self) -> Vec<RuleDescription> {
        let built_in = self.entries.iter().map(|entry| entry.describe());
        let mut all: Vec<_> = built_in.chain(self.custom.iter().map(|rule| rule.describe())).collect();
        all.sort_by(|one, other| one.id.cmp(&other.id));
        all
    }

    /// Ids of the policy's rules.
    pub(super) fn names(&self) -> &Arc<BTreeSet<String>> {
        &self.names
    }

    /// Those that are asked for.
    pub(super) fn retained(
        &self,
        entry: impl Fn(&Entry) -> bool,
        custom: impl Fn(&CompiledRule) -> bool,
    ) -> Self {
        Self {
            entries: self.entries.iter().copied().filter(|it| entry(it)).collect(),
            custom: self.custom.iter().filter(|it| custom(it)).cloned().collect(),
            names: Arc::clone(&self.names),
        }
    }
}
