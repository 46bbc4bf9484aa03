//! Relations beyond the built-in families: the popular custom resources', and the user's own.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::Result;
use passmuster::{
    cluster,
    graph::KindName,
    model::resource::Resource,
};

/// The rules in force.
pub struct Relations;

impl Relations {
    /// The popular custom resources' rules, and those of these files.
    pub fn load(_files: &[PathBuf]) -> Result<Self> {
        Ok(Self)
    }

    /// What the rules say of a kind.
    pub fn for_kind(&self, _group: &str, _kind: &str) -> Option<cluster::Relations> {
        None
    }

    /// What the rules say, for each of these types of which they say something.
    pub fn by_kind<'a>(&self, types: impl Iterator<Item = &'a Resource>) -> BTreeMap<KindName, cluster::Relations> {
        types
            .filter_map(|resource| {
                let relation = self.for_kind(&resource.group, &resource.kind)?;
                Some(((resource.group.clone(), resource.kind.clone()), relation))
            })
            .collect()
    }

    /// The edges that the rules can make between these types.
    pub fn pairs<'a>(&self, _types: impl Iterator<Item = &'a Resource>) -> Vec<(KindName, Option<KindName>)> {
        Vec::new()
    }
}
