//! What a request would have stored.

use std::{cell::LazyCell, collections::BTreeSet, sync::Arc};

use passmuster::{
    audit::Subject,
    model::{
        Kind,
        resource::{Resource, group_version},
    },
};
use serde_json::{Value, json};

use crate::{
    admission::{Failure, Operation, Raw, Request},
    kinds::kind_of,
    objects::Objects,
};

/// The object as it is stored. It is read when somebody asks for it, which of a change without defects nobody does.
type Stored<'r> = LazyCell<Result<Subject, Failure>, Box<dyn FnOnce() -> Result<Subject, Failure> + 'r>>;

/// The object as it would be, and as it is.
#[derive(Debug)]
pub(super) struct Change<'r> {
    /// The object's kind; of a scale, that of what is scaled.
    pub(super) kind: String,
    /// Its group.
    pub(super) group: String,
    /// The object as it would be stored.
    pub(super) new: Subject,
    /// The object as it is stored, where it is.
    old: Option<Stored<'r>>,
    /// A part of the object is changed by itself: defects that the rest of it has are not asked about.
    pub(super) partly: bool,
}

impl Change<'_> {
    /// The object as it is stored, where it is.
    pub(super) fn stored(&self) -> Result<Option<&Subject>, Failure> {
        self.old.as_ref().map(|old| LazyCell::force(old).as_ref().map_err(Clone::clone)).transpose()
    }
}

/// What a request would change; none where rules have nothing to say of it. `whole` are the kinds that rules want whole.
pub(super) async fn change<'r>(
    request: &'r Request<'_>,
    objects: &Objects,
    whole: &'r BTreeSet<Kind>,
) -> Result<Option<Change<'r>>, Failure> {
    if matches!(request.operation, Operation::Delete | Operation::Connect) {
        return Ok(None);
    }
    let Some(object) = request.object else { return Ok(None) };
    let partly = match request.sub_resource.as_str() {
        "" => false,
        "ephemeralcontainers" | "resize" => true,
        "scale" => return scale(request, object, objects, whole).await,
        _ => return Ok(None),
    };
    // What the client wrote, before the API server converted it.
    let written = request.request_kind.as_ref().filter(|kind| !partly && kind.group == request.kind.group);
    let written = written.unwrap_or(&request.kind);
    let version: Arc<str> = group_version(&written.group, &written.version).into();
    let kind = request.kind.kind.as_str();
    let new = of_text(&version, kind, object, whole)?;
    let old =
        request.old_object.map(|old| Stored::new(Box::new(move || of_text(&version, kind, old, whole))));
    Ok(Some(Change {
        kind: kind.to_owned(),
        group: request.kind.group.as_str().to_owned(),
        new,
        old,
        partly,
    }))
}

/// A scale says how many there shall be, and nothing of what they are: that is read.
async fn scale<'r>(
    request: &Request<'_>,
    scale: Raw<'_>,
    objects: &Objects,
    whole: &'r BTreeSet<Kind>,
) -> Result<Option<Change<'r>>, Failure> {
    let resource = &request.resource;
    let Some(kind) = kind_of(&resource.group, &resource.resource) else { return Ok(None) };
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
    let version: Arc<str> = of.api_version().into();
    Ok(Some(Change {
        kind: kind.to_owned(),
        new: subject(&version, kind, object, whole)?,
        old: Some(Stored::new(Box::new(move || subject(&version, kind, old, whole)))),
        group: of.group,
        partly: true,
    }))
}

fn subject(
    version: &Arc<str>,
    kind: &str,
    object: Value,
    whole: &BTreeSet<Kind>,
) -> Result<Subject, Failure> {
    Subject::read(version, kind, object, whole.clone()).map_err(unreadable)
}

fn of_text(
    version: &Arc<str>,
    kind: &str,
    object: Raw<'_>,
    whole: &BTreeSet<Kind>,
) -> Result<Subject, Failure> {
    Subject::read_text(version, kind, object.json(), whole.clone()).map_err(unreadable)
}

fn read(raw: Raw<'_>) -> Result<Value, Failure> {
    raw.read().map_err(unreadable)
}

/// The API server has read it before: what is unreadable to us is a defect of ours.
fn unreadable(error: impl std::fmt::Display) -> Failure {
    Failure::Internal(format!("the object can't be read: {error}"))
}
