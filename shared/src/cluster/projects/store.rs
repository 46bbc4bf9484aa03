//! Our own objects of projects: read whole, written one by one.

use std::time::Duration;

use http::{Method, Request, header};
use kube::client::Body;
use serde_json::{Value, json};

use super::super::{Connection, Error, List, Listed, Whole};
use crate::{
    model::{
        discovery::{Discovery, UnknownType},
        resource::Resource,
    },
    quota::project::ProjectQuota,
};

/// Whose fields they are that this writes.
const MANAGER: &str = "kubectl-quota-usage";
/// How often a server that is too busy is asked again.
const TRIES: u32 = 4;
/// The longest that it may ask to wait.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How objects are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Writing {
    /// Only as far as the server can say whether it would: nothing is stored.
    pub dry_run: bool,
    /// Fields that belong to other field managers are taken over.
    pub force: bool,
}

/// The project quotas of a cluster, to be read and written.
#[derive(Debug, Clone)]
pub struct ProjectQuotas {
    connection: Connection,
    resource: Resource,
}

impl ProjectQuotas {
    /// Those of a cluster; an error when it does not know the kind.
    pub fn new(connection: &Connection, discovery: &Discovery) -> Result<Self, UnknownType> {
        let kind = ProjectQuota::KIND;
        match discovery.by_api_version(crate::API_VERSION, kind.kind) {
            Some(resource) => Ok(Self { connection: connection.clone(), resource: resource.clone() }),
            None => Err(UnknownType { name: format!("projectquotas.{}", kind.group) }),
        }
    }

    /// All of them, sorted by name. One that can't be read is an error: whoever changes what is there must know all of it.
    pub async fn list(&self) -> Result<Vec<ProjectQuota>, Error> {
        let (mut objects, mut unreadable) = (Vec::new(), None);
        let mut take = |listed: Listed<Value>| match listed {
            Listed::Object(object) => match self.read(object) {
                Ok(object) => objects.push(object),
                Err(error) => unreadable = Some(error),
            },
            Listed::Unreadable(message) => {
                unreadable = Some(Error::decode(self.resource.path(None), message));
            }
            Listed::Anew => {
                objects.clear();
                unreadable = None;
            }
        };
        List::of(Whole(self.resource.clone()), None).read(&self.connection, &mut take).await?;
        if let Some(error) = unreadable {
            return Err(error);
        }
        objects.sort_by(|a, b| a.metadata.name.cmp(&b.metadata.name));
        Ok(objects)
    }

    fn read(&self, mut object: Value) -> Result<ProjectQuota, Error> {
        let name = object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default().to_owned();
        // Items of a list do not say what they are.
        if let Value::Object(fields) = &mut object {
            fields.insert("apiVersion".into(), crate::API_VERSION.into());
            fields.insert("kind".into(), ProjectQuota::KIND.kind.into());
        }
        let path = || self.resource.object_path(None, &name);
        serde_json::from_value(object).map_err(|error| Error::decode(path(), error))
    }

    /// Creates or changes an object, and gives what is then stored. With a version in its metadata it must still have that.
    pub async fn apply(&self, object: &ProjectQuota, writing: Writing) -> Result<ProjectQuota, Error> {
        let mut metadata = json!({"name": object.metadata.name});
        if !object.metadata.uid.is_empty() {
            // What was deleted in the meantime is not created again unawares.
            metadata["uid"] = object.metadata.uid.as_str().into();
            metadata["resourceVersion"] = object.metadata.resource_version.as_str().into();
        }
        let body = json!({
            "apiVersion": crate::API_VERSION,
            "kind": ProjectQuota::KIND.kind,
            "metadata": metadata,
            "spec": object.spec,
        });
        let dry_run = if writing.dry_run { "&dryRun=All" } else { "" };
        let parameters =
            format!("?fieldManager={MANAGER}&fieldValidation=Strict&force={}{dry_run}", writing.force);
        let answer = self.send(&Method::PATCH, &object.metadata.name, &parameters, &body).await?;
        self.read(answer)
    }

    /// Deletes an object, in the version that its metadata has.
    pub async fn delete(&self, object: &ProjectQuota, writing: Writing) -> Result<(), Error> {
        let metadata = &object.metadata;
        // Where there is a body, the server reads no options from the address.
        let dry_run: &[&str] = if writing.dry_run { &["All"] } else { &[] };
        let body = json!({
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "dryRun": dry_run,
            "preconditions": {"uid": metadata.uid, "resourceVersion": metadata.resource_version},
        });
        self.send(&Method::DELETE, &metadata.name, "", &body).await.map(drop)
    }

    async fn send(
        &self,
        method: &Method,
        name: &str,
        parameters: &str,
        body: &Value,
    ) -> Result<Value, Error> {
        let path = format!("{}{parameters}", self.resource.object_path(None, name));
        let content =
            if method == Method::PATCH { "application/apply-patch+yaml" } else { "application/json" };
        let mut tried = 0;
        loop {
            tried += 1;
            let request = Request::builder()
                .method(method.clone())
                .uri(&path)
                .header(header::ACCEPT, "application/json")
                .header(header::CONTENT_TYPE, content)
                .body(Body::from(body.to_string().into_bytes()))
                .map_err(|error| Error::Request(format!("can't write {path:?}: {error}")))?;
            let sent = self.connection.in_time(async {
                let (_, body) = self.connection.send(request).await?.into_parts();
                self.connection.collect(body).await
            });
            match sent.await {
                Ok(body) => {
                    return serde_json::from_slice(&body).map_err(|error| Error::decode(&path, error));
                }
                // A server that is too busy has done nothing.
                Err(Error::Api(status)) if status.code == 429 && tried < TRIES => {
                    match status.retry_after.filter(|wait| *wait <= LONGEST_WAIT) {
                        Some(wait) => tokio::time::sleep(wait).await,
                        None => return Err(Error::Api(status)),
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }
}
