//! What a request would have stored.

use std::sync::Arc;

use passmuster::model::resource::Resource;
use serde_json::{Value, json};

use super::kind::kind_of;
use crate::{
    admission::{Failure, Operation, Raw, Request},
    objects::Objects,
};

/// The object as it would be, and as it is.
#[derive(Debug)]
pub(super) struct Change {
    /// What the client wrote, before the API server converted it.
    pub(super) api_version: Arc<str>,
    /// The object's kind; of a scale, that of what is scaled.
    pub(super) kind: String,
    /// Its group.
    pub(super) group: String,
    /// The object as it would be stored.
    pub(super) object: Value,
    /// The object as it is stored, where it is.
    pub(super) old: Option<Value>,
    /// A part of the object is changed by itself: defects that the rest of it has are not asked about.
    pub(super) partly: bool,
}

/// What a request would change; none where rules have nothing to say of it.
pub(super) async fn change(
    request: &Request<'_>,
    objects: Option<&Objects>,
) -> Result<Option<Change>, Failure> {
    if matches!(request.operation, Operation::Delete | Operation::Connect) {
        return Ok(None);
    }
    let Some(object) = request.object else { return Ok(None) };
    let partly = match request.sub_resource.as_str() {
        "" => false,
        "ephemeralcontainers" | "resize" => true,
        "scale" => return scale(request, object, objects).await,
        _ => return Ok(None),
    };
    let written = request.request_kind.as_ref().filter(|kind| !partly && kind.group == request.kind.group);
    let kind = written.unwrap_or(&request.kind);
    Ok(Some(Change {
        api_version: api_version(&kind.group, &kind.version).into(),
        kind: request.kind.kind.as_str().to_owned(),
        group: request.kind.group.as_str().to_owned(),
        object: read(object)?,
        old: request.old_object.map(read).transpose()?,
        partly,
    }))
}

/// A scale says how many there shall be, and nothing of what they are: that is read.
async fn scale(
    request: &Request<'_>,
    scale: Raw<'_>,
    objects: Option<&Objects>,
) -> Result<Option<Change>, Failure> {
    let resource = &request.resource;
    let (Some(objects), Some(kind)) = (objects, kind_of(&resource.group, &resource.resource)) else {
        return Ok(None);
    };
    let of = Resource {
        group: resource.group.as_str().to_owned(),
        version: resource.version.as_str().to_owned(),
        kind: kind.to_owned(),
        plural: resource.resource.as_str().to_owned(),
        namespaced: true,
        ..Resource::default()
    };
    let path = of.object_path(Some(request.namespace.as_str()), &request.object_name());
    let found = objects.get(&path).await;
    let found = found.map_err(|error| Failure::Later(format!("reading what is scaled: {error}")))?;
    let Some(old) = found else { return Ok(None) };
    let wanted: Value = read(scale)?;
    let mut object = old.clone();
    if let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut) {
        let replicas = wanted.pointer("/spec/replicas").cloned().unwrap_or_else(|| json!(0));
        spec.insert("replicas".to_owned(), replicas);
    }
    Ok(Some(Change {
        api_version: of.api_version().into(),
        kind: kind.to_owned(),
        group: of.group,
        object,
        old: Some(old),
        partly: true,
    }))
}

fn api_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

/// Without what the API server keeps books with: no rule asks for it, and it can be half of the object.
fn read(raw: Raw<'_>) -> Result<Value, Failure> {
    // The API server has read it before: what is unreadable to us is a defect of ours.
    let mut object: Value =
        raw.read().map_err(|error| Failure::Internal(format!("the object can't be read: {error}")))?;
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.shift_remove("managedFields");
    }
    Ok(object)
}
