//! How policies stand, written to their status by the replica that leads.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use passmuster::audit::AuditPolicyStatus;
use passmuster::quota::project::Condition;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{
    follow::policies_resource,
    policies::{InForce, Policies, Seen},
};
use crate::{
    clock::now,
    ledger::Leads,
    objects::{Objects, Written},
};

/// How often it is looked whether anything is to be written: also after another replica was elected.
const TICK: Duration = Duration::from_secs(5);
/// Characters of a message.
const MESSAGE: usize = 1000;

/// Keeps the status of all policies, for as long as it is polled.
pub(super) async fn run(
    objects: Objects,
    policies: Arc<Mutex<Policies>>,
    mut in_force: watch::Receiver<Option<Arc<InForce>>>,
    leads: Leads,
) {
    loop {
        if leads() {
            let seen = policies.lock().unwrap_or_else(PoisonError::into_inner).seen().clone();
            for (name, seen) in seen {
                if let Some(condition) = due(&seen)
                    && let Err(error) = write(&objects, &name, &seen, condition).await
                {
                    tracing::debug!(policy = name, %error, "the status of a policy can't be written");
                }
            }
        }
        tokio::select! {
            changed = in_force.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// The condition that is to be written; none when it is stored already.
fn due(seen: &Seen) -> Option<Condition> {
    let (status, reason, message) = match &seen.problem {
        None => ("True", "Valid", "requests are judged by it".to_owned()),
        Some(problem) => ("False", "Invalid", problem.chars().take(MESSAGE).collect()),
    };
    let stored: AuditPolicyStatus = serde_json::from_value(seen.status.clone()).unwrap_or_default();
    let is = stored.conditions.iter().find(|condition| condition.condition_type == "InForce");
    let same = is.is_some_and(|is| {
        is.status == status && is.message == message && is.observed_generation == seen.generation
    });
    let since = is.filter(|is| is.status == status).map(|is| is.last_transition_time.clone());
    (!same).then(|| Condition {
        condition_type: "InForce".to_owned(),
        status: status.to_owned(),
        observed_generation: seen.generation,
        last_transition_time: since.unwrap_or_else(stamp),
        reason: reason.to_owned(),
        message,
    })
}

fn stamp() -> String {
    jiff::Timestamp::from_second(now().seconds).map(|time| time.to_string()).unwrap_or_default()
}

async fn write(
    objects: &Objects,
    name: &str,
    seen: &Seen,
    condition: Condition,
) -> Result<(), passmuster::cluster::Error> {
    let path = policies_resource().object_path(None, name);
    let Some(mut object) = objects.get(&path).await? else { return Ok(()) };
    // What was judged is this generation; of a newer one there will be news.
    if object.pointer("/metadata/generation").and_then(Value::as_i64) != seen.generation {
        return Ok(());
    }
    object["status"] = json!({"observedGeneration": seen.generation, "conditions": [condition]});
    match objects.replace(&format!("{path}/status"), &object).await? {
        Written::Stored(_) | Written::Conflict => Ok(()),
    }
}
