//! Relations beyond the built-in families: the popular custom resources', and the user's own.

use std::{collections::BTreeMap, fs, path::PathBuf, sync::Arc};

use anyhow::{Context as _, Result};
use passmuster::{
    cluster,
    graph::{
        KindName,
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
