//! Graphs of manifests and snapshots: no cluster needed.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use passmuster::{
    cli::Failures,
    graph::{Document, Graph, NodeId, Noise, Query, Scope, ViewError, edges, rules::KindScope},
    manifest::{self, Inputs, Saved, SavedSnapshot, Scopes, SnapshotHeader, Templates},
    model::{
        Labels, ObjectKey, Selector, Skipped, builtin_kinds::builtin, discovery::Discovery,
        resource::Resource,
    },
};
use serde_json::Value;

use crate::{args::GraphArgs, query::Names, relations::Relations};

/// Objects from files, indexed.
pub(crate) struct Objects {
    graph: Graph,
    discovery: Discovery,
    skipped: Vec<Skipped>,
    cluster: String,
    labels: Vec<(ObjectKey, Labels)>,
}

impl Objects {
    /// Reads the files or the kustomization that the arguments name.
    pub(crate) fn from_manifests(args: &GraphArgs, namespace: &str) -> Result<Self> {
        let inputs = Inputs {
            files: args.filename.clone(),
            kustomize: args.kustomize.clone(),
            recursive: args.recursive,
            keep_data: false,
        };
        let cluster = inputs.kustomize.iter().chain(&inputs.files).cloned().collect::<Vec<_>>().join(",");
        let mut objects = Self::empty(cluster);
        let relations = Relations::load(&args.rules)?;
        let mut scopes = Scopes::new(namespace);
        for KindScope { group, kind, namespaced } in relations.scopes() {
            scopes.declare(&group, &kind, namespaced);
            objects.graph.declare_scope(&group, &kind, namespaced);
        }
        let mut templates = Templates::default();
        let mut stdin = std::io::stdin().lock();
        let skipped = manifest::read(&inputs, &mut stdin, scopes, &mut |document| {
            templates.observe(&document.object);
            objects.add(document.object, &relations, &document.origin.to_string());
        })?;
        objects.skipped.extend(skipped);
        for pod in templates.into_pods() {
            objects.add(pod, &relations, "template");
        }
        objects.graph.cover_everything();
        objects.assume_ambient();
        Ok(objects)
    }

    /// Reads a snapshot.
    pub(crate) fn from_snapshot(file: &str, relations: &Relations) -> Result<Self> {
        let Saved::Snapshot(snapshot) = Saved::open(file)? else {
            bail!("{file}: expected a snapshot, found a graph: kubectl graph diff compares those");
        };
        Self::of_snapshot(snapshot, relations)
    }

    /// Reads an opened snapshot.
    pub(crate) fn of_snapshot(snapshot: SavedSnapshot, relations: &Relations) -> Result<Self> {
        let mut objects = Self::empty(String::new());
        let header: SnapshotHeader = snapshot.read(&mut |document| {
            objects.add(document.object, relations, &document.origin.to_string());
        })?;
        for covered in &header.covered {
            objects.graph.cover(&covered.group, &covered.kind, covered.namespace.as_deref());
        }
        objects.cluster = header.cluster;
        objects.skipped.extend(header.skipped);
        Ok(objects)
    }

    fn empty(cluster: String) -> Self {
        let discovery = builtin().clone();
        let mut graph = Graph::new();
        for resource in &discovery.resources {
            graph.declare_scope(&resource.group, &resource.kind, resource.namespaced);
        }
        Self { graph, discovery, skipped: Vec::new(), cluster, labels: Vec::new() }
    }

    fn add(&mut self, object: Value, relations: &Relations, origin: &str) {
        let text = |field: &str| object.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (api_version, kind) = (text("apiVersion"), text("kind"));
        let group = edges::group_of(&api_version).to_owned();
        let related = relations.for_kind(&group, &kind).map(|relation| (relation, object.clone()));
        match edges::facts_of(object, &group, &kind, &api_version.as_str().into()) {
            Ok(mut facts) => {
                if let Some((relation, object)) = related {
                    relation(&object, &mut facts);
                }
                self.know(&group, &kind, &api_version, !facts.key.namespace.is_empty());
                self.labels.push((facts.key.clone(), facts.labels.clone()));
                self.graph.apply(facts);
            }
            Err(error) => self.skipped.push(Skipped {
                resource: origin.to_owned(),
                namespace: None,
                reason: "Invalid".to_owned(),
                message: format!("{kind}: {error}"),
            }),
        }
    }

    /// A kind that is not built in is known by the objects of it: that is all that files tell.
    fn know(&mut self, group: &str, kind: &str, api_version: &str, namespaced: bool) {
        if self.discovery.by_kind(group, kind).is_some() {
            return;
        }
        let singular = kind.to_lowercase();
        self.discovery.resources.push(Resource {
            group: group.to_owned(),
            version: api_version.rsplit('/').next().unwrap_or_default().to_owned(),
            kind: kind.to_owned(),
            plural: format!("{singular}s"),
            singular,
            namespaced,
            ..Resource::default()
        });
    }

    /// What every cluster has is not missing from manifests.
    fn assume_ambient(&mut self) {
        let nodes: Vec<NodeId> = self.graph.ids().collect();
        for id in nodes {
            let key = self.graph.key(id).clone();
            // And what a controller is told to make will be made: a certificate's secret.
            let made = self.graph.edges_to(id).any(|edge| self.graph.edge_type(&edge).as_ref() == "creates");
            if made || manifest::exists_in_every_cluster(&key) {
                self.graph.assume(&key);
            }
        }
    }

    /// The query that the arguments ask of these objects.
    pub(crate) fn query(&self, args: &GraphArgs, namespace: Option<&str>) -> Result<Query> {
        let mut names = Names::new(&self.discovery, namespace.unwrap_or("default"));
        let mut query = names.query(args)?;
        let listed = names.listed;
        if !listed.is_empty() {
            let mut roots = BTreeSet::new();
            for (resource, selector) in listed {
                let selector = Selector::parse(&selector.unwrap_or_default())?;
                let wanted = self.labels.iter().filter(|(key, labels)| {
                    resource.is_kind(&key.group, &key.kind)
                        && selector.matches(labels)
                        && (args.all_namespaces
                            || namespace.is_none_or(|namespace| *namespace == *key.namespace))
                });
                roots.extend(wanted.map(|(key, _)| key.clone()));
            }
            query.scope = Scope::Objects(roots.into_iter().collect());
        }
        match &mut query.scope {
            Scope::Objects(keys) => {
                keys.iter_mut().chain(&mut query.to).for_each(|key| self.locate(key, namespace));
            }
            // Files are asked for as a whole unless a namespace is named.
            scope if namespace.is_none() => *scope = Scope::Cluster,
            Scope::Namespace(_) | Scope::Cluster => {}
        }
        Ok(query)
    }

    /// Without a namespace to look in, the only object of that kind and name is the one that is meant.
    fn locate(&self, key: &mut ObjectKey, namespace: Option<&str>) {
        if namespace.is_some() || self.graph.find(key).is_some_and(|id| self.graph.is_present(id)) {
            return;
        }
        let alike: Vec<&ObjectKey> = self.alike(key).take(2).collect();
        if let [only] = alike[..] {
            *key = only.clone();
        }
    }

    /// The objects of this kind and name, wherever.
    fn alike(&self, key: &ObjectKey) -> impl Iterator<Item = &ObjectKey> {
        let is =
            |other: &ObjectKey| other.group == key.group && other.kind == key.kind && other.name == key.name;
        self.labels.iter().map(|(other, _)| other).filter(move |other| is(other))
    }

    /// That an object is not where it was looked for.
    fn not_found(&self, key: &ObjectKey) -> anyhow::Error {
        let ObjectKey { kind, name, .. } = key;
        let elsewhere: BTreeSet<&str> = self.alike(key).map(|other| &*other.namespace).collect();
        if elsewhere.is_empty() {
            return anyhow::anyhow!("{kind} {name:?} not found in {}", self.cluster);
        }
        let elsewhere: Vec<&str> = elsewhere.into_iter().collect();
        anyhow::anyhow!(
            "{kind} {name:?} not found in namespace {:?} of {}; it is in {}: choose with -n",
            key.namespace,
            self.cluster,
            elsewhere.join(", ")
        )
    }

    /// The answer to a query.
    pub(crate) fn document(&self, query: &Query) -> Result<Document> {
        self.graph.view(query, &self.cluster, &self.skipped).map_err(|error| match error {
            ViewError::NoRoot(keys) => Failures(keys.iter().map(|key| self.not_found(key)).collect()).into(),
            ViewError::NoGoal(key) => self.not_found(&key),
            ViewError::NoPath(..) => error.into(),
        })
    }
}

/// Everything, for comparing.
pub(crate) fn whole() -> Query {
    Query { show: Noise::ALL.to_vec(), ..Query::default() }
}
