//! The status of ProjectQuotas: written by one replica, at most once a second, and only when it changes.

use std::{sync::Arc, time::Duration};

use passmuster::quota::project::{Condition, ProjectQuotaStatus};
use serde_json::Value;

use crate::clock::now;

use super::{
    Leads, shares,
    store::Store,
    view::{State, View},
};

/// How often it is looked at.
const TICK: Duration = Duration::from_secs(1);

/// Keeps the status of all quotas, for as long as it is polled.
pub(super) async fn run(store: Store, view: Arc<View>, leads: Leads) {
    loop {
        tokio::time::sleep(TICK).await;
        if !leads() {
            continue;
        }
        let stale = view
            .read(|state| state.tracked.keys().filter_map(|name| write_for(state, name)).collect::<Vec<_>>());
        for (name, object) in stale {
            match store.put_status(&name, &object).await {
                // Who was faster is seen soon, and compared again.
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(project = name, %error, "the status of a quota can't be written");
                }
            }
        }
    }
}

/// The object with its status as it should be, when it is not.
fn write_for(state: &State, name: &str) -> Option<(String, Value)> {
    let tracked = state.tracked.get(name)?;
    let book = state.books.get(name).map(|seen| seen.book.clone()).unwrap_or_default();
    let unseen: Vec<&str> = state.unseen(tracked).collect();
    let stored: ProjectQuotaStatus = tracked
        .object
        .get("status")
        .and_then(|status| serde_json::from_value(status.clone()).ok())
        .unwrap_or_default();
    let mut wanted = if unseen.is_empty() {
        shares::status(state, tracked, &book)
    } else {
        // What is not counted is not told anew.
        stored.clone()
    };
    wanted.conditions =
        vec![condition(&stored, tracked.version.generation, &unseen, state.unreadable.get(name))];
    if wanted == stored {
        return None;
    }
    let mut object = tracked.object.clone();
    let fields = object.as_object_mut()?;
    fields.insert("apiVersion".into(), passmuster::API_VERSION.into());
    fields.insert("kind".into(), passmuster::quota::project::ProjectQuota::KIND.kind.into());
    fields.insert("status".into(), serde_json::to_value(&wanted).ok()?);
    Some((name.to_owned(), object))
}

/// Whether the quota is enforced, and since when.
fn condition(
    stored: &ProjectQuotaStatus,
    generation: i64,
    unseen: &[&str],
    unreadable: Option<&String>,
) -> Condition {
    let (status, reason, message) = match (unreadable, unseen) {
        (Some(why), _) => ("False", "Invalid", why.clone()),
        (None, []) => ("True", "Counted", String::new()),
        (None, unseen) => ("Unknown", "NotListed", format!("not listed yet: {}", unseen.join(", "))),
    };
    let known = stored.conditions.iter().find(|known| known.condition_type == "Ready");
    let since = known.filter(|known| known.status == status).map(|known| known.last_transition_time.clone());
    let now = || serde_json::to_value(passmuster::model::Time { nanos: 0, ..now() });
    let now = || now().ok().and_then(|now| now.as_str().map(str::to_owned)).unwrap_or_default();
    Condition {
        condition_type: "Ready".to_owned(),
        status: status.to_owned(),
        observed_generation: Some(generation),
        last_transition_time: since.unwrap_or_else(now),
        reason: reason.to_owned(),
        message,
    }
}
