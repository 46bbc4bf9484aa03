//! The seam to the server.

use std::time::{Duration, Instant};

use passmuster::{model::resource::Resource, quota::usage};
use serde_json::Value;
use tracing::{Instrument, trace_span};

use super::{Answer, Ledger, Outcome, Question};
use crate::{
    admission::{Decision, Failure, Judge, Judging, Operation, Raw, Request},
    telemetry::SPANS,
};

/// What is left for the way back.
const MARGIN: Duration = Duration::from_millis(100);

impl Judge for Ledger {
    fn judge<'a>(&'a self, request: &'a Request<'a>, deadline: Instant) -> Judging<'a> {
        let judging = async move {
            let Some(question) = self.question(request, deadline)? else { return Ok(Decision::allowed()) };
            match self.answer(question).await {
                Ok(answer) => decision(answer),
                // The API server has read it before: what is unreadable to us is a defect of ours.
                Err(error) => Err(Failure::Internal(error.to_string())),
            }
        };
        Box::pin(judging.instrument(trace_span!(target: SPANS, "quota")))
    }
}

fn decision(answer: Answer) -> Result<Decision, Failure> {
    let decision = match answer.outcome {
        Outcome::Allowed => Decision::allowed(),
        Outcome::Denied { project, message } => {
            Decision::forbidden(message.clone()).because(project, "quota").note("quota", message)
        }
        Outcome::Unknown { message, .. } => return Err(Failure::Later(message)),
    };
    Ok(answer.warnings.into_iter().fold(decision, Decision::warn))
}

impl Ledger {
    /// What a request asks, if it asks anything of quotas.
    fn question<'a>(
        &self,
        request: &'a Request<'a>,
        deadline: Instant,
    ) -> Result<Option<Question<'a>>, Failure> {
        let operation = match request.operation {
            Operation::Create => usage::Operation::Create,
            Operation::Update => usage::Operation::Update,
            // What is deleted is charged until it is seen to be gone; nobody is charged for a connection.
            Operation::Delete | Operation::Connect => return Ok(None),
        };
        let Some(object) = request.object else { return Ok(None) };
        let resource = Resource {
            group: request.resource.group.as_str().to_owned(),
            version: request.resource.version.as_str().to_owned(),
            kind: request.kind.kind.as_str().to_owned(),
            plural: request.resource.resource.as_str().to_owned(),
            ..Resource::default()
        };
        if !self.asks(&resource, request.namespace.as_str()) {
            return Ok(None);
        }
        let read = |raw: Raw<'_>| -> Result<Value, Failure> {
            raw.read().map_err(|error| Failure::Internal(format!("the object can't be read: {error}")))
        };
        Ok(Some(Question {
            operation,
            resource,
            subresource: request.sub_resource.as_str(),
            namespace: request.namespace.as_str(),
            name: request.object_name(),
            object: read(object)?,
            old_object: request.old_object.map(read).transpose()?,
            dry_run: request.dry_run,
            deadline: deadline.checked_sub(MARGIN).unwrap_or(deadline),
        }))
    }

    /// Whether the object need be read at all.
    fn asks(&self, resource: &Resource, namespace: &str) -> bool {
        let is_namespace = resource.group.is_empty() && resource.plural == "namespaces";
        self.view.read(|state| {
            !state.knows_quotas()
                || (is_namespace && !state.tracked.is_empty())
                || !state.projects_of(namespace).is_empty()
        })
    }
}
