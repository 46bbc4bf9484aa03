//! Relations beyond the built-in families: the popular custom resources', and the user's own.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    sync::Arc,
};

use anyhow::{Context as _, Result, bail};
use passmuster::{
    cluster,
    graph::{
        KindName,
        edges::families,
        rules::{KindScope, RuleSet},
    },
    model::resource::Resource,
};

/// The rules in force.
pub(crate) struct Relations {
    rules: RuleSet,
}

impl Relations {
    /// The popular custom resources' rules, and those of these files.
    pub(crate) fn load(files: &[PathBuf]) -> Result<Self> {
        let mut rules = RuleSet::popular();
        for file in files {
            let name = file.display().to_string();
            let text = fs::read_to_string(file).with_context(|| format!("can't read the rules {name}"))?;
            rules.add(&name, &text)?;
        }
        Ok(Self { rules })
    }

    /// That these are edge types that some family or rule makes: of a mistyped one the answer would say nothing.
    pub(crate) fn check_edge_types<'a>(&self, named: impl IntoIterator<Item = &'a String>) -> Result<()> {
        let built_in = families().flat_map(|family| family.edges).map(|rule| rule.edge);
        let known: BTreeSet<&str> = built_in.chain(self.rules.edge_types()).collect();
        for name in named {
            if !known.contains(name.as_str()) {
                let known: Vec<&str> = known.into_iter().collect();
                bail!("unknown edge type {name:?}; there are {}", known.join(", "));
            }
        }
        Ok(())
    }

    /// What the rules say of a kind.
    pub(crate) fn for_kind(&self, group: &str, kind: &str) -> Option<cluster::Relations> {
        let rules = self.rules.for_kind(group, kind)?;
        Some(Arc::new(move |object, facts| rules.apply(object, facts)))
    }

    /// What the rules say, for each of these types of which they say something.
    pub(crate) fn by_kind<'a>(
        &self,
        types: impl Iterator<Item = &'a Resource>,
    ) -> BTreeMap<KindName, cluster::Relations> {
        types
            .filter_map(|resource| {
                let relation = self.for_kind(&resource.group, &resource.kind)?;
                Some(((resource.group.clone(), resource.kind.clone()), relation))
            })
            .collect()
    }

    /// The edges that the rules can make between these types.
    pub(crate) fn pairs<'a>(
        &self,
        types: impl Iterator<Item = &'a Resource>,
    ) -> Vec<(KindName, Option<KindName>)> {
        types
            .filter_map(|resource| Some((resource, self.rules.for_kind(&resource.group, &resource.kind)?)))
            .flat_map(|(resource, rules)| {
                let source = (resource.group.clone(), resource.kind.clone());
                rules.targets().into_iter().map(move |target| (source.clone(), target))
            })
            .collect()
    }

    /// Where the objects of custom kinds live, as far as the rules say.
    pub(crate) fn scopes(&self) -> Vec<KindScope> {
        self.rules.scopes()
    }
}
