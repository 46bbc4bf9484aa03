//! What the kubeconfig and the cluster have to offer, or nothing when they don't answer quickly.

use std::time::Duration;

use clap::{Arg, Args, Command, FromArgMatches};
use futures::FutureExt;
use serde::Deserialize;

use super::{answer::Candidate, line::Line};
use crate::{
    cli::{block_on, program::Program},
    cluster::{ConnectOptions, Connection, Env, Error, connect, contexts},
    model::{discovery::Discovery, resource::Resource},
};

/// How long a person waits for a completion, everything together.
const PATIENCE: Duration = Duration::from_millis(1500);
/// More names than anyone reads.
const MOST_NAMES: usize = 500;
/// Names without the objects.
const NAMES_ONLY: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/// The cluster that the line is about.
pub(super) struct Cluster<'a> {
    options: ConnectOptions,
    everywhere: bool,
    env: &'a Env,
}

#[derive(Deserialize)]
struct Names {
    #[serde(default)]
    items: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    name: String,
}

impl<'a> Cluster<'a> {
    /// The cluster that the connection flags of the line name.
    pub(super) fn of(program: &Program, line: &Line<'_>, env: &'a Env) -> Self {
        let parser = ConnectOptions::augment_args(Command::new("line").no_binary_name(true));
        let known = |flag: &Arg| parser.get_arguments().any(|arg| arg.get_id() == flag.get_id());
        let flags = line.flags.iter().filter(|(flag, _)| known(flag));
        let flags: Vec<String> =
            flags.filter_map(|(flag, value)| Some(format!("--{}={value}", flag.get_long()?))).collect();
        let matches = parser.ignore_errors(true).try_get_matches_from(flags).ok();
        let options =
            matches.and_then(|matches| ConnectOptions::from_arg_matches(&matches).ok()).unwrap_or_default();
        // What the first of several clusters has, the others are likely to have too.
        let first = || Some(line.value("contexts")?.split(',').next()?.to_owned());
        let context = options.context.clone().or_else(first);
        Self {
            options: ConnectOptions {
                user_agent: Some(format!("kubectl_complete-{}", program.name)),
                http2: true,
                context,
                ..options
            },
            everywhere: line.value("all_namespaces") == Some("true"),
            env,
        }
    }

    /// The kubeconfig's contexts, each with its cluster.
    pub(super) fn contexts(&self) -> Vec<Candidate> {
        self.of_contexts(|context| Some((context.name, context.cluster)))
    }

    /// The clusters that contexts name.
    pub(super) fn clusters(&self) -> Vec<Candidate> {
        self.of_contexts(|context| Some((context.cluster, String::new())))
    }

    /// The users that contexts name.
    pub(super) fn users(&self) -> Vec<Candidate> {
        self.of_contexts(|context| Some((context.user?, String::new())))
    }

    fn of_contexts(
        &self,
        pick: impl Fn(crate::cluster::ContextEntry) -> Option<(String, String)>,
    ) -> Vec<Candidate> {
        let entries = contexts(&self.options, self.env).unwrap_or_default();
        let picked = entries.into_iter().filter_map(pick).filter(|(value, _)| !value.is_empty());
        let mut candidates: Vec<Candidate> =
            picked.map(|(value, help)| Candidate::new(value, help)).collect();
        candidates.sort();
        candidates.dedup();
        candidates
    }

    /// The cluster's namespaces.
    pub(super) fn namespaces(&self) -> Vec<Candidate> {
        let namespaces =
            self.ask(|connection| async move { names(&connection, "/api/v1/namespaces").await }.boxed());
        namespaces.into_iter().map(|name| Candidate::new(name, "")).collect()
    }

    /// The types that can be read.
    pub(super) fn types(&self) -> Discovery {
        self.ask(|connection| async move { Discovery::fetch(&connection).await }.boxed())
    }

    /// The names of a type's objects, where the line looks. Without a namespace names are not unique: none then.
    pub(super) fn names(&self, types: &str) -> Vec<String> {
        if self.everywhere {
            return Vec::new();
        }
        let types = types.to_owned();
        self.ask(|connection| {
            async move {
                let discovery = Discovery::fetch(&connection).await?;
                let types: Vec<&Resource> =
                    types.split(',').filter_map(|name| discovery.resolve(name).ok()).collect();
                let mut all = Vec::new();
                for resource in types {
                    all.extend(names(&connection, &resource.path(Some(&connection.namespace))).await?);
                }
                Ok(all)
            }
            .boxed()
        })
    }

    /// Connects and asks; nothing, when that fails or takes too long.
    fn ask<T: Default>(
        &self,
        question: impl FnOnce(Connection) -> futures::future::BoxFuture<'static, Result<T, Error>>,
    ) -> T {
        // Nobody can answer a credential plugin's question while the shell completes.
        let env = self.env.clone().with_stdin_taken();
        let work = async {
            let answer = async { question(connect(&self.options, &env).await?).await };
            tokio::time::timeout(PATIENCE, answer).await
        };
        match block_on(work) {
            Ok(Ok(Ok(answer))) => answer,
            _ => T::default(),
        }
    }
}

async fn names(connection: &Connection, path: &str) -> Result<Vec<String>, Error> {
    let path = format!("{path}?limit={MOST_NAMES}");
    let answer = connection.get_bytes(&path, NAMES_ONLY).await?;
    let list: Names = serde_json::from_slice(&answer.body).map_err(|error| Error::decode(path, error))?;
    Ok(list.items.into_iter().map(|item| item.metadata.name).filter(|name| !name.is_empty()).collect())
}
