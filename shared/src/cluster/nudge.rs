//! Making the quota controller count a quota anew.
//!
//! The controller looks at a quota when it is made, when its `spec.hard` changes, when something that it counts is
//! deleted, and every five minutes; no annotation moves it. So a key that nothing is counted by is put into `spec.hard`
//! and taken out again. That it shows in `status.hard` proves that the controller runs.

use std::time::Duration;

use http::{Method, Request, header};
use kube::client::Body;
use serde_json::{Value, json};

use super::{Connection, Error};
use crate::model::builtin_kinds::builtin;

/// The key: of a type that no server has.
const KEY: &str = "count/nudges.passmuster.dev";
/// How long to wait for the controller.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(200);

/// Makes the controller count a quota, and says what came of it in a line.
pub(super) async fn nudge(connection: &Connection, namespace: &str, name: &str) -> String {
    let quota = format!("{namespace}/{name}");
    let Some(resource) = builtin().by_kind("", "ResourceQuota") else { return quota };
    let path = resource.object_path(Some(namespace), name);
    if let Err(error) = put(connection, &path, json!("0")).await {
        return format!("could not nudge the quota controller about {quota}: {error}");
    }
    let seen = await_key(connection, &path, true).await;
    if let Err(error) = put(connection, &path, Value::Null).await {
        return format!(
            "{KEY} was put into spec.hard of {quota} and could not be removed again ({error}): remove it, it limits nothing"
        );
    }
    match seen {
        Ok(true) => {
            // The second count is of the quota as it was.
            let settled = await_key(connection, &path, false).await;
            match settled {
                Ok(true) => format!("nudged the quota controller about {quota}: it counted anew"),
                _ => format!("nudged the quota controller about {quota}: it counted, and then no more"),
            }
        }
        Ok(false) => format!(
            "nudged the quota controller about {quota}: no answer within {} s, so it does not run or cannot count",
            PATIENCE.as_secs()
        ),
        Err(error) => {
            format!("nudged the quota controller about {quota}, but could not see the answer: {error}")
        }
    }
}

async fn put(connection: &Connection, path: &str, value: Value) -> Result<(), Error> {
    let patch = json!({"spec": {"hard": {KEY: value}}});
    let request = Request::builder()
        .method(Method::PATCH)
        .uri(format!("{path}?fieldManager=kubectl-quota-usage"))
        .header(header::CONTENT_TYPE, "application/merge-patch+json")
        .header(header::ACCEPT, "application/json")
        .body(Body::from(patch.to_string().into_bytes()))
        .map_err(|error| Error::Request(format!("can't patch {path:?}: {error}")))?;
    let answer = connection.in_time(connection.send(request)).await?;
    connection.collect(answer.into_body()).await.map(drop)
}

/// Waits until the key is enforced, or is no more.
async fn await_key(connection: &Connection, path: &str, there: bool) -> Result<bool, Error> {
    let mut waited = Duration::ZERO;
    while waited < PATIENCE {
        let quota: Value = connection.get_json(path).await?;
        let hard = quota.pointer("/status/hard").and_then(Value::as_object);
        if hard.is_some_and(|hard| hard.contains_key(KEY)) == there {
            return Ok(true);
        }
        tokio::time::sleep(PAUSE).await;
        waited += PAUSE;
    }
    Ok(false)
}
