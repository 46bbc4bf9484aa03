//! What a request asks of the quotas of projects, and what comes of it.

use std::time::Instant;

use passmuster::{
    model::{ObjectMeta, decode, resource::Resource},
    quota::{
        Amounts, ResourceQuota,
        ledger::{Ask, Slot},
        usage::{Charged, Operation, concerns},
    },
};
use serde_json::Value;

use crate::clock::now;

use super::{Ledger, charge::hands_out, group::Reply, shares::more_than, view::State, workload};

/// A request, as far as quotas ask.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// Whether an object is made or changed.
    pub operation: Operation,
    /// Its type.
    pub resource: Resource,
    /// The subresource; empty for the object itself.
    pub subresource: &'a str,
    /// Its namespace; a Namespace's own name for itself.
    pub namespace: &'a str,
    /// Its name, settled.
    pub name: String,
    /// The object as it would be.
    pub object: Value,
    /// The object as it is.
    pub old_object: Option<Value>,
    /// Whether nothing will be stored.
    pub dry_run: bool,
    /// When the answer must be there.
    pub deadline: Instant,
}

/// What comes of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Whether it may go on.
    pub outcome: Outcome,
    /// What the user is to be told, whatever the outcome.
    pub warnings: Vec<String>,
}

/// Whether a request may go on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Outcome {
    /// No quota objects.
    #[default]
    Allowed,
    /// A quota has no room.
    Denied {
        /// The project.
        project: String,
        /// In the API server's words.
        message: String,
    },
    /// It can't be said.
    Unknown {
        /// The project.
        project: String,
        /// Why.
        message: String,
    },
}

/// What is asked of one project.
type Asked = (String, Ask);

/// That the object is not what its type says.
#[derive(Debug, thiserror::Error)]
#[error("the object can't be read as {resource}: {why}")]
pub struct UnreadableObject {
    resource: String,
    why: String,
}

impl Ledger {
    /// Answers a request; what is allowed is reserved, except of a dry run.
    pub async fn answer(&self, question: Question<'_>) -> Result<Answer, UnreadableObject> {
        if let Some(answer) = self.listed(question.deadline).await {
            return Ok(answer);
        }
        let warnings = workload::warnings(self, &question).await;
        let (asked, dry_run, until) = match self.asked(&question)? {
            Ok(asked) => (asked, question.dry_run, question.deadline),
            Err((project, message)) => {
                return Ok(self.refused(
                    &project,
                    Outcome::Denied { project: project.clone(), message },
                    warnings,
                ));
            }
        };
        drop(question);
        let mut answer = Answer { outcome: Outcome::Allowed, warnings };
        let mut reserved: Vec<Asked> = Vec::new();
        for (project, ask) in asked {
            let reply = self.group(&project).ask(ask.clone(), until, dry_run).await;
            let outcome = match reply {
                Reply::Admitted => {
                    reserved.push((project, ask));
                    continue;
                }
                Reply::Denied(message) => Outcome::Denied { project: project.clone(), message },
                Reply::Unknown(message) => Outcome::Unknown { project: project.clone(), message },
            };
            answer = self.refused(&project, outcome, answer.warnings);
            if answer.outcome != Outcome::Allowed {
                // All or nothing.
                for (project, ask) in reserved.iter().filter(|_| !dry_run) {
                    self.group(project).take_back(&ask.slot, &ask.uid);
                }
                break;
            }
        }
        Ok(answer)
    }

    /// Waits until it is known which quotas there are; what comes of it when that takes too long.
    async fn listed(&self, until: Instant) -> Option<Answer> {
        let known = self.view.wait_until(|state| state.knows_quotas().then_some(()));
        if tokio::time::timeout_at(until.into(), known).await.is_ok() {
            return None;
        }
        let message = "status unknown for quota: the quotas of projects are not listed yet".to_owned();
        Some(self.refused("", Outcome::Unknown { project: String::new(), message }, Vec::new()))
    }

    /// What becomes of a refusal: of a quota that only warns, a warning.
    fn refused(&self, project: &str, outcome: Outcome, mut warnings: Vec<String>) -> Answer {
        if !self.view.read(|state| state.is_advisory(project)) {
            return Answer { outcome, warnings };
        }
        match outcome {
            Outcome::Allowed => {}
            Outcome::Denied { message, .. } => warnings.push(format!("{message} (advisory)")),
            Outcome::Unknown { message, .. } => warnings.push(format!("{message}; not counted (advisory)")),
        }
        Answer { outcome: Outcome::Allowed, warnings }
    }

    /// What a request asks of which projects, in the order in which to ask: those that have no room first, so that
    /// nothing is written in vain. Or what one of them says against it whatever it has left.
    fn asked(
        &self,
        question: &Question<'_>,
    ) -> Result<Result<Vec<Asked>, (String, String)>, UnreadableObject> {
        let resource = question.resource.group_resource();
        let asks = match (resource.as_str(), question.subresource) {
            ("namespaces", "") => Ok(self.asked_by_namespace(question)?),
            ("namespaces", _) => Ok(Vec::new()),
            _ => self.asked_by_object(question, &resource)?,
        };
        let mut asks = match asks {
            Ok(asks) => asks,
            Err(refused) => return Ok(Err(refused)),
        };
        let has_room = |state: &State, (project, ask): &Asked| {
            let (Some(tracked), Some(seen)) = (state.tracked.get(project), state.books.get(project)) else {
                return true;
            };
            let charged = seen.book.charged(&tracked.account, &state.observed);
            seen.book.check(&tracked.account, &state.observed, &charged, ask).is_ok()
        };
        if asks.len() > 1 {
            self.view.read(|state| asks.sort_by_cached_key(|asked| has_room(state, asked)));
        }
        Ok(Ok(asks))
    }

    fn asked_by_object(
        &self,
        question: &Question<'_>,
        resource: &str,
    ) -> Result<Result<Vec<Asked>, (String, String)>, UnreadableObject> {
        let is_member = self.view.read(|state| !state.projects_of(question.namespace).is_empty());
        if !is_member {
            return Ok(Ok(Vec::new()));
        }
        let read = |object: &Value| {
            Charged::from_json(&question.resource, object.clone())
                .map_err(|error| unreadable(resource, &error))
        };
        let new = read(&question.object)?;
        let old = question.old_object.as_ref().map(read).transpose()?;
        let counted = concerns(question.operation, question.subresource, old.as_ref(), &new);
        let allocation = Self::allocation(question, resource)?;
        let uid = new.metadata().map_or("", |metadata| metadata.uid.as_str());
        let slot = Slot::new(resource, question.namespace, question.name.as_str());
        let now = now();
        Ok(self.view.read(|state| {
            let mut asks = Vec::new();
            for project in state.projects_of(question.namespace) {
                let Some(tracked) = state.tracked.get(project) else { continue };
                let account = &tracked.account;
                if let Some((hard, more)) = allocation.as_ref().filter(|_| tracked.is_allocation()) {
                    let place = (question.namespace, question.name.as_str(), uid);
                    let ask =
                        Ask::of_allocation(account, place, hard, old.as_ref().and_then(Charged::metadata));
                    let ask = Ask { more: more.only(|key| ask.more.get(key).is_some()), ..ask };
                    if !ask.more.is_empty() {
                        asks.push((project.to_owned(), ask));
                    }
                } else if counted {
                    match Ask::of(account, (slot.clone(), uid), (old.as_ref(), &new), &state.devices, now) {
                        Ok(Some(ask)) => asks.push((project.to_owned(), ask)),
                        Ok(None) => {}
                        Err(denied) => return Err((project.to_owned(), denied.to_string())),
                    }
                }
            }
            Ok(asks)
        }))
    }

    /// What a ResourceQuota hands out, and how much more than before.
    fn allocation(
        question: &Question<'_>,
        resource: &str,
    ) -> Result<Option<(Amounts, Amounts)>, UnreadableObject> {
        if resource != "resourcequotas" || !question.subresource.is_empty() {
            return Ok(None);
        }
        let read = |object: &Value| {
            let quota = decode::from_json::<ResourceQuota>(object.clone());
            quota.map(|quota| hands_out(&quota)).map_err(|error| unreadable(resource, &error))
        };
        let hard = read(&question.object)?;
        let before = question.old_object.as_ref().map(read).transpose()?.unwrap_or_default();
        let more = more_than(&hard, &before);
        Ok(Some((hard, more)))
    }

    /// A namespace asks of each project that it moves to.
    fn asked_by_namespace(&self, question: &Question<'_>) -> Result<Vec<Asked>, UnreadableObject> {
        #[derive(Default, serde::Deserialize)]
        #[serde(default)]
        struct Named {
            metadata: Option<ObjectMeta>,
        }
        let object: Named =
            decode::from_json(question.object.clone()).map_err(|error| unreadable("namespaces", &error))?;
        let Some(metadata) = object.metadata else { return Ok(Vec::new()) };
        let old: Option<Named> = question
            .old_object
            .clone()
            .map(decode::from_json)
            .transpose()
            .map_err(|error| unreadable("namespaces", &error))?;
        let old = old.and_then(|old| old.metadata);
        let (name, uid) = (metadata.name.clone(), metadata.uid.clone());
        let member = super::tracked::Member::new(metadata);
        Ok(self.view.read(|state| {
            let joins = state.tracked.iter().filter(|(_, tracked)| {
                member.is_of(&tracked.project) && !tracked.account.namespaces.contains(name.as_str())
            });
            let asks = joins.map(|(project, tracked)| {
                (
                    project.clone(),
                    Ask::of_namespace(&tracked.account, &state.observed, (&name, &uid), old.as_ref()),
                )
            });
            asks.filter(|(_, ask)| !ask.more.is_empty()).collect()
        }))
    }
}

fn unreadable(resource: &str, error: &impl ToString) -> UnreadableObject {
    UnreadableObject { resource: resource.to_owned(), why: error.to_string() }
}
