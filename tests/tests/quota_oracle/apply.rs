//! Puts generated objects into a namespace and lets happen to them what is to happen.

use http::Method;
use passmuster_tests::{ControlPlane, Error};
use serde_json::{Value, json};

/// An object, and what becomes of it.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) object: Value,
    pub(crate) steps: Vec<Step>,
    /// Name of the pod that owns it.
    pub(crate) owner: Option<String>,
}

/// Something that happens to an object.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// It is changed.
    Patch(Value),
    /// Its status is written.
    Status(Value),
    /// It is resized.
    Resize(Value),
    /// It is deleted, with so many seconds to end in.
    Delete(u32),
}

impl Item {
    /// Its name.
    pub(crate) fn name(&self) -> &str {
        self.object["metadata"]["name"].as_str().unwrap()
    }

    /// Creates it. `Err` is what the server has against it.
    pub(crate) fn create(&self, plane: &ControlPlane, namespace: &str) -> Result<Value, Error> {
        let mut object = self.object.clone();
        object["metadata"]["namespace"] = json!(namespace);
        if let Some(pod) = &self.owner {
            let path = format!("/api/v1/namespaces/{namespace}/pods/{pod}");
            let uid = plane.api().get(&path).map_or(json!("gone"), |pod| pod["metadata"]["uid"].clone());
            object["metadata"]["ownerReferences"] =
                json!([{"apiVersion": "v1", "kind": "Pod", "name": pod, "uid": uid, "controller": true}]);
        }
        plane.create(&object)
    }

    /// Lets everything happen to it. `Err` is what the server has against one of the steps.
    pub(crate) fn happen(&self, plane: &ControlPlane, namespace: &str) -> Vec<Result<(), Error>> {
        let mut object = self.object.clone();
        object["metadata"]["namespace"] = json!(namespace);
        let Ok(path) = plane.path_of(&object) else { return Vec::new() };
        let done = self.steps.iter().map(|step| match step {
            Step::Patch(patch) => plane.api().patch(&path, patch).map(drop),
            Step::Status(status) => {
                plane.api().patch(&format!("{path}/status"), &json!({"status": status})).map(drop)
            }
            Step::Resize(patch) => merge(plane, &format!("{path}/resize"), patch),
            Step::Delete(grace) => {
                let options = json!({"gracePeriodSeconds": grace}).to_string();
                send(plane, &Method::DELETE, &path, "application/json", options)
            }
        });
        done.collect()
    }
}

/// Merges a patch whose lists are merged by name.
fn merge(plane: &ControlPlane, path: &str, patch: &Value) -> Result<(), Error> {
    send(plane, &Method::PATCH, path, "application/strategic-merge-patch+json", patch.to_string())
}

fn send(
    plane: &ControlPlane,
    method: &Method,
    path: &str,
    content_type: &str,
    body: String,
) -> Result<(), Error> {
    let answer = plane.api().send(method, path, &[("content-type", content_type)], body)?;
    if answer.status < 400 {
        return Ok(());
    }
    let (method, path, status) = (method.to_string(), path.to_owned(), answer.status);
    Err(Error::Status { method, path, status, body: String::from_utf8_lossy(&answer.body).into_owned() })
}
