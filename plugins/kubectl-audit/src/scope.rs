//! Which objects are asked about.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use passmuster::{
    audit::World,
    model::{Labels, ObjectKey, ObjectMeta, Selector, builtin_kinds::builtin, discovery::Discovery},
    resource_args::{self, Roots},
};

use crate::args::{AuditArgs, Common};

/// The objects that a run is about.
pub(crate) struct Scope {
    /// One namespace, and nothing that has none.
    namespace: Option<String>,
    what: What,
}

enum What {
    Everything,
    /// Objects by group, kind and name.
    Objects(Vec<ObjectKey>),
    /// All objects of these kinds with these labels.
    Kinds(BTreeSet<(String, String)>, Selector),
}

impl Scope {
    /// Of files: everything, unless a namespace or objects are named.
    pub(crate) fn of_files(args: &AuditArgs, common: &Common, world: &World) -> Result<Self> {
        let namespace = common.options.connect.namespace.clone().filter(|_| !args.all_namespaces);
        let scope = Self::of(args, builtin(), namespace)?;
        if let What::Objects(keys) = &scope.what {
            for key in keys {
                if !world.keys().any(|other| scope.is(key, &other)) {
                    bail!("{} {:?} not found", key.kind, key.name);
                }
            }
        }
        Ok(scope)
    }

    /// Of a cluster: a namespace, or everything with `-A`.
    pub(crate) fn of_cluster(args: &AuditArgs, discovery: &Discovery, namespace: &str) -> Result<Self> {
        let namespace = (!args.all_namespaces).then(|| namespace.to_owned());
        Self::of(args, discovery, namespace)
    }

    fn of(args: &AuditArgs, discovery: &Discovery, namespace: Option<String>) -> Result<Self> {
        let what = match resource_args::parse(&args.resources, args.selector.as_deref(), "kubectl audit")? {
            Roots::All => What::Everything,
            Roots::Objects(objects) => {
                let mut keys = Vec::new();
                for object in objects {
                    let resource = discovery.resolve(&object.resource)?;
                    let (group, kind) = (resource.group.as_str(), resource.kind.as_str());
                    keys.push(ObjectKey::new(group, kind, "", object.name.as_str()));
                }
                What::Objects(keys)
            }
            Roots::Types { types, selector } => {
                let mut kinds = BTreeSet::new();
                for name in &types {
                    let found = discovery.lookup(name)?;
                    kinds.extend(found.into_iter().map(|it| (it.group.clone(), it.kind.clone())));
                }
                What::Kinds(kinds, Selector::parse(&selector.unwrap_or_default())?)
            }
        };
        Ok(Self { namespace, what })
    }

    /// The namespace that is asked about; all when there is none.
    pub(crate) fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The objects that are named, with the namespace they are looked for in.
    pub(crate) fn named(&self) -> impl Iterator<Item = &ObjectKey> {
        match &self.what {
            What::Objects(keys) => keys.iter(),
            _ => [].iter(),
        }
    }

    /// Whether an object is asked about.
    pub(crate) fn has(&self, key: &ObjectKey, metadata: &ObjectMeta) -> bool {
        match &self.what {
            What::Everything => self.is_here(key),
            What::Objects(keys) => keys.iter().any(|wanted| self.is(wanted, key)),
            What::Kinds(kinds, selector) => {
                let kind = (key.group.to_string(), key.kind.to_string());
                (key.namespace.is_empty() || self.is_here(key))
                    && kinds.contains(&kind)
                    && selector.matches(&Labels::from(&metadata.labels))
            }
        }
    }

    pub(crate) fn is(&self, wanted: &ObjectKey, key: &ObjectKey) -> bool {
        wanted.group == key.group
            && wanted.kind == key.kind
            && wanted.name == key.name
            && (key.namespace.is_empty() || self.is_here(key))
    }

    /// A namespace is where it is itself.
    fn is_here(&self, key: &ObjectKey) -> bool {
        let own = &*key.kind == "Namespace" && key.group.is_empty();
        let place = if own { &key.name } else { &key.namespace };
        self.namespace.as_deref().is_none_or(|namespace| namespace == &**place)
    }
}
