//! Single objects of the API server, by their paths: read, created, replaced, deleted.

use http::{Method, Request, header};
use kube::client::Body;
use passmuster::cluster::{Connection, Error};
use serde_json::{Value, json};

/// Whose fields they are that the webhook writes.
pub const MANAGER: &str = "passmuster";

/// The objects of a cluster.
#[derive(Debug, Clone)]
pub struct Objects {
    connection: Connection,
}

/// What became of a write that others may have been faster with.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// What is stored now.
    Stored(Value),
    /// Somebody else wrote meanwhile, or deleted: read again, and decide again.
    Conflict,
}

impl Objects {
    /// Those that this connection reaches, each request within its time limit.
    pub fn new(connection: Connection) -> Self {
        Self { connection }
    }

    /// The object at a path, none when there is no such object.
    pub async fn get(&self, path: &str) -> Result<Option<Value>, Error> {
        match self.send(&Method::GET, path, None).await {
            Ok(object) => Ok(Some(object)),
            Err(error) if code(&error) == Some(404) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Creates an object in the collection at a path.
    pub async fn create(&self, collection: &str, object: &Value) -> Result<Written, Error> {
        written(self.send(&Method::POST, &managed(collection), Some(object)).await, &[409])
    }

    /// Replaces the object at a path; with a `resourceVersion` in its metadata it must still have that.
    pub async fn replace(&self, path: &str, object: &Value) -> Result<Written, Error> {
        written(self.send(&Method::PUT, &managed(path), Some(object)).await, &[404, 409])
    }

    /// Deletes the object at a path, if it is there and still in the version of `seen`.
    pub async fn delete(&self, path: &str, seen: &Value) -> Result<(), Error> {
        let metadata = &seen["metadata"];
        let options = json!({
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "preconditions": {"uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"]},
        });
        written(self.send(&Method::DELETE, path, Some(&options)).await, &[404, 409]).map(drop)
    }

    async fn send(&self, method: &Method, path: &str, body: Option<&Value>) -> Result<Value, Error> {
        let mut request =
            Request::builder().method(method).uri(path).header(header::ACCEPT, "application/json");
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string().into_bytes()));
        let request =
            request.body(body).map_err(|error| Error::Request(format!("can't ask for {path:?}: {error}")))?;
        let answer = self.connection.in_time(async {
            let (_, body) = self.connection.send(request).await?.into_parts();
            self.connection.collect(body).await
        });
        serde_json::from_slice(&answer.await?).map_err(|error| Error::decode(path, error))
    }
}

fn managed(path: &str) -> String {
    format!("{path}?fieldManager={MANAGER}")
}

fn code(error: &Error) -> Option<u16> {
    error.status().map(|status| status.code)
}

fn written(sent: Result<Value, Error>, conflicts: &[u16]) -> Result<Written, Error> {
    match sent {
        Ok(stored) => Ok(Written::Stored(stored)),
        Err(error) if code(&error).is_some_and(|code| conflicts.contains(&code)) => Ok(Written::Conflict),
        Err(error) => Err(error),
    }
}
