//! One run over many clusters.

use std::time::Duration;

use futures::future::{join, join_all};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::Instant,
};

use super::{
    Asked, Fleet, Member,
    contexts::Contexts,
    identity::{Said, uid},
    turns::{Turn, Turns},
};
use crate::cluster::{ConnectOptions, Connection, Env, Error, connect::connect_in};

/// Questions at once. More only makes each slower.
const QUESTIONS: usize = 16;
/// Credential plugins at once: whole programs, and some of them large.
const PLUGINS: usize = 16;
/// Greetings at once: one small request each, and where nobody answers nothing but time.
const GREETINGS: usize = 128;

impl Fleet<'_> {
    /// Asks each cluster the same question. Sorted by name.
    ///
    /// An error is one of the whole: an unreadable kubeconfig, or contexts that are not in it; nobody was asked then.
    pub async fn ask<T>(
        &self,
        question: impl AsyncFn(Member) -> Result<T, Error>,
    ) -> Result<Vec<Asked<T>>, Error> {
        let contexts = Contexts::of(self)?;
        if !contexts.several {
            return Ok(vec![Box::pin(self.only(&contexts, &question)).await]);
        }
        // Nobody could tell which cluster asks, nor answer all of them at once.
        let env = self.env.clone().with_stdin_unavailable("several clusters are asked at once");
        let run = Run::new(self, contexts, env);
        let each = (0..run.contexts.names.len()).map(|n| run.context(n, &question));
        let answers = join_all(each).await;
        let mut asked = run.together(answers);
        asked.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(asked)
    }

    /// Asks the one cluster, which need not be told from others first.
    async fn only<T>(
        &self,
        contexts: &Contexts,
        question: &impl AsyncFn(Member) -> Result<T, Error>,
    ) -> Asked<T> {
        let mut budget = Budget::of(self.deadline);
        let context = contexts.names.first().cloned().flatten().unwrap_or_default();
        let connecting = connect_in(&contexts.kubeconfig, self.options, self.env);
        let connection = match budget.spend("credentials", connecting).await {
            Ok(connection) => connection,
            Err(error) => {
                let name = (self.names)(&context).unwrap_or_else(|| context.clone());
                return Asked { name, context, also: Vec::new(), uid: None, answer: Err(error) };
            }
        };
        let name = (self.names)(&context).unwrap_or_else(|| connection.cluster.clone());
        let (also, uid_asked) = (Vec::new(), connection.clone());
        let member = Member { name: name.clone(), context: context.clone(), also, uid: None, connection };
        let both = async { Ok(join(question(member), uid(&uid_asked)).await) };
        match budget.spend("answer", both).await {
            Ok((answer, uid)) => Asked { name, context, also: Vec::new(), uid: uid.ok().flatten(), answer },
            Err(error) => Asked { name, context, also: Vec::new(), uid: None, answer: Err(error) },
        }
    }
}

/// What a context that asked, or could not, came back with.
struct Outcome<T> {
    context: usize,
    /// What the cluster was called when it was asked.
    name: Option<String>,
    answer: Result<T, Error>,
}

struct Run<'a> {
    fleet: &'a Fleet<'a>,
    env: Env,
    contexts: Contexts,
    turns: Turns,
    plugins: Semaphore,
    greetings: Semaphore,
    questions: Semaphore,
}

impl<'a> Run<'a> {
    fn new(fleet: &'a Fleet<'a>, contexts: Contexts, env: Env) -> Self {
        Self {
            turns: Turns::new(contexts.names.len()),
            plugins: Semaphore::new(PLUGINS),
            greetings: Semaphore::new(GREETINGS),
            questions: Semaphore::new(QUESTIONS),
            fleet,
            env,
            contexts,
        }
    }

    /// One context from its credentials to its answer; `None` when another asked for it.
    async fn context<T>(
        &self,
        n: usize,
        question: &impl AsyncFn(Member) -> Result<T, Error>,
    ) -> Option<Outcome<T>> {
        let mut budget = Budget::of(self.fleet.deadline);
        let connection = match self.greet(n, &mut budget).await {
            Ok(connection) => connection,
            Err(error) => {
                tracing::info!(context = self.name(n), %error, "no cluster");
                self.turns.failed(n, false);
                return Some(Outcome { context: n, name: None, answer: Err(error) });
            }
        };
        if self.turns.turn(n).await == Turn::Leave {
            return None;
        }
        let _permit = permit(&self.questions).await;
        let also = self.names(&self.turns.same(n));
        let name = self.shown(n, &also);
        let member = Member {
            name: name.clone(),
            context: self.name(n).to_owned(),
            also,
            uid: self.turns.identity(n).uid,
            connection,
        };
        let answer = budget.spend("answer", question(member)).await;
        match &answer {
            Ok(_) => self.turns.answered(n),
            Err(error) => {
                tracing::info!(context = self.name(n), %error, "no answer");
                self.turns.failed(n, matches!(error, Error::Timeout(_)));
            }
        }
        Some(Outcome { context: n, name: Some(name), answer })
    }

    /// Connects, and learns which cluster it is.
    async fn greet(&self, n: usize, budget: &mut Budget) -> Result<Connection, Error> {
        let context = self.contexts.names.get(n).cloned().flatten();
        let options = ConnectOptions { context, ..self.fleet.options.clone() };
        let Said { address, plugin } = Said::of(&self.contexts.kubeconfig, &options, &self.env);
        self.turns.at(n, address);
        let connection = {
            let _permit = if plugin { permit(&self.plugins).await } else { None };
            let connecting = connect_in(&self.contexts.kubeconfig, &options, &self.env);
            budget.spend("credentials", connecting).await?
        };
        let _permit = permit(&self.greetings).await;
        let uid = budget.spend("answer", uid(&connection)).await?;
        self.turns.known(n, uid);
        Ok(connection)
    }

    /// What became of each context, put together by clusters: the first answer, else the first error.
    fn together<T>(&self, outcomes: Vec<Option<Outcome<T>>>) -> Vec<Asked<T>> {
        let mut clusters: Vec<(Vec<usize>, Option<Outcome<T>>)> = Vec::new();
        for (n, outcome) in outcomes.into_iter().enumerate() {
            let own = self.turns.identity(n);
            let is_own = |(contexts, _): &&mut (Vec<usize>, _)| {
                contexts.iter().any(|&other| self.turns.identity(other).is(&own))
            };
            let Some((contexts, best)) = clusters.iter_mut().find(is_own) else {
                clusters.push((vec![n], outcome));
                continue;
            };
            contexts.push(n);
            let has_answer =
                |outcome: &Option<Outcome<T>>| outcome.as_ref().is_some_and(|outcome| outcome.answer.is_ok());
            if best.is_none() || (has_answer(&outcome) && !has_answer(best)) {
                *best = outcome;
            }
        }
        clusters.into_iter().filter_map(|(contexts, best)| Some(self.asked(&contexts, best?))).collect()
    }

    fn asked<T>(&self, contexts: &[usize], outcome: Outcome<T>) -> Asked<T> {
        let Outcome { context, name, answer } = outcome;
        let others: Vec<usize> = contexts.iter().copied().filter(|&other| other != context).collect();
        let also = self.names(&others);
        Asked {
            name: name.unwrap_or_else(|| self.shown(context, &also)),
            context: self.name(context).to_owned(),
            also,
            uid: self.turns.identity(context).uid,
            answer,
        }
    }

    fn name(&self, n: usize) -> &str {
        self.contexts.names.get(n).and_then(Option::as_deref).unwrap_or_default()
    }

    /// What outputs call the cluster of a context: as the caller calls it, or one of its others.
    fn shown(&self, n: usize, also: &[String]) -> String {
        let context = self.name(n);
        let named = |context: &str| (self.fleet.names)(context);
        named(context)
            .or_else(|| also.iter().find_map(|other| named(other)))
            .unwrap_or_else(|| context.to_owned())
    }

    fn names(&self, contexts: &[usize]) -> Vec<String> {
        let mut names: Vec<String> = contexts.iter().map(|&n| self.name(n).to_owned()).collect();
        names.sort();
        names
    }
}

/// A place among those that work; there always comes one, nobody closes the semaphore.
async fn permit(semaphore: &Semaphore) -> Option<SemaphorePermit<'_>> {
    semaphore.acquire().await.ok()
}

/// The time that a context has left, and had. Waiting for others takes nothing of it.
struct Budget {
    left: Option<Duration>,
    whole: Duration,
}

impl Budget {
    fn of(deadline: Option<Duration>) -> Self {
        // Given up a little before, so that the answer of all is there within the time.
        let left = deadline.map(|deadline| deadline.mul_f32(0.95));
        Self { left, whole: deadline.unwrap_or_default() }
    }

    /// Works for no longer than is left; `what` is what was waited for in vain.
    async fn spend<T>(
        &mut self,
        what: &str,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let Some(left) = self.left else { return work.await };
        let start = Instant::now();
        let outcome = tokio::time::timeout(left, work).await;
        self.left = Some(left.saturating_sub(start.elapsed()));
        let late =
            |_| Error::Timeout(format!("context deadline exceeded: no {what} within {:?}", self.whole));
        outcome.map_err(late)?
    }
}
