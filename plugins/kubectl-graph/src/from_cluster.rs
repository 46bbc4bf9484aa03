//! Graphs of a live cluster.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context as _, Result};
use passmuster::{
    cli,
    cluster::{Connection, Error, Found, List, Listed, Live, Question, Reading, connect, load},
    graph::{Document, Graph, Query, Scope, ViewError},
    manifest::{Covered, SnapshotWriter},
    model::{ObjectKey, Skipped, discovery::Discovery},
};

use crate::{
    args::{Common, GraphArgs},
    query::Names,
    relations::Relations,
};

/// A connected cluster and what is asked of it.
pub(crate) struct Session {
    connection: Connection,
    discovery: Discovery,
    question: Question,
}

impl Session {
    /// Connects, learns the types and resolves the arguments.
    pub(crate) async fn open(args: &GraphArgs, common: &Common, run: &cli::Session) -> Result<Self> {
        // One object's graph is many small lists: one connection for all of them. A cluster's is few large ones, and
        // watches stay: more of them than a server lets share a connection would wait for ever.
        let one_connection = !args.all_namespaces && !args.resources.is_empty() && !args.watch;
        let connection = connect(&run.prepare(&common.options.connect, one_connection), &run.env).await?;
        let discovery = Discovery::fetch(&connection).await?;
        let mut names = Names::new(&discovery, &connection.namespace);
        let mut query = names.query(args)?;
        for name in args.resources.iter().flat_map(|name| name.split(['/', ','])).take(1) {
            for warning in discovery.warnings(name) {
                tracing::warn!("{warning}");
            }
        }
        let listed = names.listed;
        if !listed.is_empty() {
            let namespace = (!args.all_namespaces).then_some(connection.namespace.as_str());
            let mut roots = BTreeSet::new();
            for (resource, selector) in listed {
                let mut list = List::of(Reading::new(&resource, None, false), namespace);
                list.label_selector = selector;
                let mut take = |listed: Listed<Found>| {
                    if let Listed::Object((facts, _)) = listed {
                        roots.insert(facts.key);
                    }
                };
                list.read(&connection, &mut take).await?;
            }
            query.scope = Scope::Objects(roots.into_iter().collect());
        }
        let relations = Relations::load(&args.rules)?;
        let question = Question {
            query,
            everywhere: args.all_namespaces,
            relations: relations.by_kind(discovery.preferred()),
            related: relations.pairs(discovery.preferred()),
            whole: args.save.is_some(),
        };
        Ok(Self { connection, discovery, question })
    }

    /// The query, its roots resolved.
    pub(crate) fn query(&self) -> &Query {
        &self.question.query
    }

    /// Reads what the question needs, once.
    pub(crate) async fn document(&self, save: Option<&Path>) -> Result<Document> {
        let Some(path) = save else {
            let loaded = load(&self.connection, &self.discovery, &self.question, None).await;
            return self.view(&loaded.graph, &loaded.skipped);
        };
        let failed = || format!("can't write the snapshot {}", path.display());
        let namespace = match &self.question.query.scope {
            Scope::Namespace(namespace) => Some(namespace.as_str()),
            _ => None,
        };
        let mut writer =
            SnapshotWriter::new(path, &self.connection.cluster, namespace).with_context(failed)?;
        let mut written = Ok(());
        let mut save = |object: &serde_json::Value| {
            if written.is_ok() {
                written = writer.item(object.clone());
            }
        };
        let loaded = load(&self.connection, &self.discovery, &self.question, Some(&mut save)).await;
        written.with_context(failed)?;
        let covered = loaded.graph.covered().map(|(group, kind, namespace)| Covered {
            group: group.to_owned(),
            kind: kind.to_owned(),
            namespace: namespace.map(str::to_owned),
        });
        writer.finish(covered.collect(), loaded.skipped.clone()).with_context(failed)?;
        self.view(&loaded.graph, &loaded.skipped)
    }

    /// The answer when there is none.
    pub(crate) fn nothing(&self, skipped: Vec<Skipped>) -> Document {
        Document { cluster: self.connection.cluster.clone(), skipped, ..Document::default() }
    }

    /// Starts to follow the cluster.
    pub(crate) async fn follow(&self) -> Live {
        Live::start(self.connection.clone(), self.discovery.clone(), self.question.clone()).await
    }

    /// The answer out of a graph; what is asked for and not there is an error as the API server words it.
    pub(crate) fn view(&self, graph: &Graph, skipped: &[Skipped]) -> Result<Document> {
        graph.view(&self.question.query, &self.connection.cluster, skipped).map_err(|error| match error {
            ViewError::NoRoot(keys) => {
                cli::Failures(keys.iter().map(|key| self.not_there(key, skipped).into()).collect()).into()
            }
            ViewError::NoGoal(key) => self.not_there(&key, skipped).into(),
            ViewError::NoPath(..) => error.into(),
        })
    }

    /// Why an object is not there.
    fn not_there(&self, key: &ObjectKey, skipped: &[Skipped]) -> Error {
        let resource = self.discovery.by_kind(&key.group, &key.kind);
        let resource = resource.map_or_else(|| key.kind.to_string(), ToString::to_string);
        // What could not be read may be there.
        unread(skipped, &resource, key).map_or_else(|| not_found(&resource, key), Error::from)
    }
}

/// Why an object was not read, if that is why it is not there: when it was asked for by name, or its kind was.
fn unread<'a>(skipped: &'a [Skipped], resource: &str, key: &ObjectKey) -> Option<&'a Skipped> {
    let of_kind = |skipped: &&Skipped| {
        let namespace = skipped.namespace.as_deref();
        skipped.resource == resource && namespace.is_none_or(|namespace| *namespace == *key.namespace)
    };
    let named = format!("{resource} {:?} ", key.name);
    let all = || skipped.iter().filter(of_kind);
    all().find(|skipped| skipped.message.starts_with(&named)).or_else(|| all().next())
}

fn not_found(resource: &str, key: &ObjectKey) -> Error {
    let message = format!("{resource} {:?} not found", key.name);
    passmuster::cluster::ApiStatus::from_event(404, "NotFound", &message).into()
}
