//! Many clusters asked at once, each in its own time.
//!
//! Every context connects and tells which cluster it leads to; contexts of one cluster stand together, and the first of
//! them asks. What goes wrong with one is its own: an [`Asked`] with the error, beside the answers of the others.

mod asking;
mod contexts;
mod identity;
mod turns;

use std::time::Duration;

use super::{ConnectOptions, Connection, Env, Error};

/// How long one of several clusters is waited for when nobody says.
pub const DEADLINE: Duration = Duration::from_secs(15);

/// Which clusters to ask.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Which {
    /// The one that kubectl would ask.
    #[default]
    Current,
    /// Those of these contexts of the kubeconfig.
    Contexts(Vec<String>),
    /// Those of every context of the kubeconfig; where it has none, the one that kubectl would ask.
    All,
}

/// A cluster that is about to be asked.
#[derive(Debug, Clone)]
pub struct Member {
    /// What it is called: its context where several are asked, unless the caller names it otherwise.
    pub name: String,
    /// The context that it is asked by; empty when there is none.
    pub context: String,
    /// Other contexts that lead to it, sorted, as far as is known by now.
    pub also: Vec<String>,
    /// The uid of its namespace `kube-system`, as far as is known by now.
    pub uid: Option<String>,
    /// How to ask it.
    pub connection: Connection,
}

/// A cluster that was asked.
#[derive(Debug, Clone)]
pub struct Asked<T> {
    /// What it is called.
    pub name: String,
    /// The context that it was asked by; empty when there is none.
    pub context: String,
    /// Other contexts that lead to it, sorted.
    pub also: Vec<String>,
    /// The uid of its namespace `kube-system`, where that may be read.
    pub uid: Option<String>,
    /// What came of it.
    pub answer: Result<T, Error>,
}

/// Which clusters to ask, and how.
#[derive(Clone, Copy)]
pub struct Fleet<'a> {
    /// How to connect. Several clusters take no flag that says where or as whom: that is each context's own.
    pub options: &'a ConnectOptions,
    /// The environment.
    pub env: &'a Env,
    /// Which clusters.
    pub which: &'a Which,
    /// How long each may take, from its credentials to its answer; `None` for as long as it takes.
    pub deadline: Option<Duration>,
    /// What to call the cluster of a context, where that is not what the kubeconfig calls it.
    pub names: &'a dyn Fn(&str) -> Option<String>,
}

/// Asks the clusters that `which` says the same `question`, each for no longer than `deadline`. Sorted by name.
///
/// An error is one of the whole: an unreadable kubeconfig, or contexts that are not in it; nobody was asked then.
pub async fn ask<T>(
    options: &ConnectOptions,
    env: &Env,
    which: &Which,
    deadline: impl Into<Option<Duration>>,
    question: impl AsyncFn(Member) -> Result<T, Error>,
) -> Result<Vec<Asked<T>>, Error> {
    Fleet { options, env, which, deadline: deadline.into(), names: &|_| None }.ask(question).await
}
