//! From arguments to a query.

use anyhow::{Context as _, Result, bail};
use passmuster::{
    graph::{Direction, KindFilter, Only, Query, Scope},
    model::{ObjectKey, discovery::Discovery},
    resource_args::{self, Roots},
};

use crate::args::GraphArgs;

/// The types that objects are asked by, and where.
pub(crate) struct Names<'a> {
    pub(crate) discovery: &'a Discovery,
    /// Where objects of types with namespaces are looked for.
    pub(crate) namespace: &'a str,
    /// Types whose objects are roots, each as a label selector would pick them.
    pub(crate) listed: Vec<(passmuster::model::resource::Resource, Option<String>)>,
}

impl<'a> Names<'a> {
    pub(crate) fn new(discovery: &'a Discovery, namespace: &'a str) -> Self {
        Self { discovery, namespace, listed: Vec::new() }
    }

    /// The query that the arguments ask for; types without names are left in `listed`.
    pub(crate) fn query(&mut self, args: &GraphArgs) -> Result<Query> {
        let roots = resource_args::parse(&args.resources, args.selector.as_deref(), "kubectl graph")?;
        let scope = match roots {
            Roots::All if args.all_namespaces => Scope::Cluster,
            Roots::All => Scope::Namespace(self.namespace.to_owned()),
            Roots::Objects(objects) => {
                let keys = objects.iter().map(|object| self.key(&object.resource, &object.name));
                Scope::Objects(keys.collect::<Result<_>>()?)
            }
            Roots::Types { types, selector } => {
                for name in &types {
                    let found = self.discovery.lookup(name)?;
                    self.listed
                        .extend(found.into_iter().map(|resource| (resource.clone(), selector.clone())));
                }
                Scope::Objects(Vec::new())
            }
        };
        let to = args.to.as_deref().map(|to| {
            let Some((resource, name)) = to.split_once('/') else {
                bail!("--to takes TYPE/NAME, not {to:?}")
            };
            self.key(resource, name)
        });
        if args.to.is_some() && !matches!(scope, Scope::Objects(_)) {
            bail!("--to needs an object to start from");
        }
        Ok(Query {
            scope,
            direction: match (args.dependents, args.dependencies) {
                (true, _) => Direction::Dependents,
                (_, true) => Direction::Dependencies,
                _ => Direction::Both,
            },
            depth: args.depth,
            include: self.kinds(&args.include)?,
            exclude: self.kinds(&args.exclude)?,
            edges: args.edges.clone(),
            exclude_edges: args.exclude_edges.clone(),
            show: args.show.iter().flat_map(|hidden| hidden.noises()).copied().collect(),
            to: to.transpose()?,
            only: match (args.missing, args.unused) {
                (true, _) => Only::Missing,
                (_, true) => Only::Unused,
                _ => Only::All,
            },
        })
    }

    fn key(&self, resource: &str, name: &str) -> Result<ObjectKey> {
        let resource = self.discovery.resolve(resource)?;
        let namespace = if resource.namespaced { self.namespace } else { "" };
        Ok(ObjectKey::new(resource.group.as_str(), resource.kind.as_str(), namespace, name))
    }

    fn kinds(&self, names: &[String]) -> Result<Vec<KindFilter>> {
        let mut kinds = Vec::new();
        for name in names {
            let found =
                self.discovery.lookup(name).with_context(|| format!("--include or --exclude {name}"))?;
            kinds.extend(
                found.into_iter().map(|resource| KindFilter {
                    group: resource.group.clone(),
                    kind: resource.kind.clone(),
                }),
            );
        }
        Ok(kinds)
    }
}
