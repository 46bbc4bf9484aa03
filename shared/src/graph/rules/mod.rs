//! Relations of kinds that no family reads, declared in files: `--rules FILE`, and those of popular custom resources.
//!
//! A rule says which kind holds a field, where the field is (a JSONPath), and what it names or selects. Nothing is
//! executed. docs/rules-file.md describes the format; `popular.yaml` is an example of it.

mod apply;
mod field;
mod file;
mod glob;
mod rule;
mod spec;

pub use file::RuleError;

use std::sync::{Arc, LazyLock};

use serde_json::Value;

use self::rule::Rule;
use super::Facts;

static POPULAR: LazyLock<RuleSet> = LazyLock::new(|| {
    let mut rules = RuleSet::default();
    // A test reads the file: it is right, or there are no rules for popular kinds.
    let _ = rules.add("popular.yaml", include_str!("popular.yaml"));
    rules
});

/// Rules, in the order of their files.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    rules: Vec<Arc<Rule>>,
    kinds: Vec<KindScope>,
}

/// The rules for one kind.
#[derive(Debug, Clone)]
pub struct KindRules {
    rules: Vec<Arc<Rule>>,
}

/// Where the objects of a kind live, as rules say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindScope {
    /// API group; empty for the core group.
    #[serde(default)]
    pub group: String,
    /// Kind.
    pub kind: String,
    /// Whether its objects live in a namespace.
    pub namespaced: bool,
}

impl RuleSet {
    /// The rules of popular custom resources.
    pub fn popular() -> Self {
        POPULAR.clone()
    }

    /// Adds the rules of a file; `name` is what errors call it. After an error nothing was added.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), RuleError> {
        let (rules, kinds) = file::parse(name, text)?;
        self.rules.extend(rules.into_iter().map(Arc::new));
        self.kinds.extend(kinds);
        Ok(())
    }

    /// The rules for a kind, if there are any.
    pub fn for_kind(&self, group: &str, kind: &str) -> Option<KindRules> {
        let rules: Vec<_> = self.rules.iter().filter(|rule| rule.reads(group, kind)).cloned().collect();
        (!rules.is_empty()).then_some(KindRules { rules })
    }

    /// The edge types that the rules make, in their order.
    pub fn edge_types(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| rule.edge.as_ref())
    }

    /// The kinds of which the rules say where they live, each once, sorted: files don't tell, but for definitions.
    pub fn scopes(&self) -> Vec<KindScope> {
        let told = self.rules.iter().flat_map(|rule| rule.scopes());
        let mut scopes: Vec<_> = self.kinds.iter().cloned().chain(told).collect();
        // Stable: what is said first counts, and a list of kinds is said before rules.
        scopes.sort_by(|a, b| (&a.group, &a.kind).cmp(&(&b.group, &b.kind)));
        scopes.dedup_by(|next, first| (&next.group, &next.kind) == (&first.group, &first.kind));
        scopes
    }
}

impl KindRules {
    /// Adds what the rules find in an object to what is known of it.
    pub fn apply(&self, object: &Value, facts: &mut Facts) {
        for rule in &self.rules {
            apply::apply(rule, object, facts);
        }
        facts.settle();
    }

    /// The kinds that the rules can name or select, as group and kind, each once, sorted; `None` is any kind.
    pub fn targets(&self) -> Vec<Option<(String, String)>> {
        let mut targets: Vec<_> = self.rules.iter().map(|rule| rule.target.exact()).collect();
        targets.sort();
        targets.dedup();
        targets
    }
}

#[cfg(test)]
mod popular_tests;
#[cfg(test)]
mod tests;
