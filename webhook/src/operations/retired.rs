//! Whether the replicas are on their way out for good.

use passmuster::cluster::Error;
use serde_json::Value;

use crate::objects::Objects;

/// What the namespace and the Deployment say of the webhook's future.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Future {
    /// It stays, in the namespace with this uid.
    Stays {
        /// The namespace's uid.
        uid: String,
    },
    /// Nobody will answer any more: a configuration that is left would only do harm.
    Ends,
}

/// Looks at the namespace and, if its name is known, at the Deployment.
pub(super) async fn future(
    objects: &Objects,
    namespace: &str,
    deployment: Option<&str>,
) -> Result<Future, Error> {
    let read = objects.get(&format!("/api/v1/namespaces/{namespace}")).await?;
    let uid = match read.as_ref() {
        Some(namespace) if !ends(namespace) => namespace["metadata"]["uid"].as_str().unwrap_or_default(),
        _ => return Ok(Future::Ends),
    };
    if let Some(name) = deployment {
        let path = format!("/apis/apps/v1/namespaces/{namespace}/deployments/{name}");
        let read = objects.get(&path).await?;
        if read.is_none_or(|deployment| ends(&deployment) || deployment["spec"]["replicas"] == 0) {
            return Ok(Future::Ends);
        }
    }
    Ok(Future::Stays { uid: uid.to_owned() })
}

fn ends(object: &Value) -> bool {
    !object["metadata"]["deletionTimestamp"].is_null()
}
