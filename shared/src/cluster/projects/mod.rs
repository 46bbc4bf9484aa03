//! Quotas of projects, read by whatever objects a cluster has for them.

mod store;

pub use store::{ProjectQuotas, Writing};

use futures::future::join_all;
use serde_json::Value;

use super::{Connection, Error, List, Listed, SkipReason, Whole};
use crate::{
    model::{Skipped, discovery::Discovery, resource::Resource},
    quota::project::{Flavour, KindReader, Project, flavours, read},
};

/// The quotas of projects that a cluster has, of every product whose types it serves; sorted by project, then by object.
/// What can't be listed, and objects that are not what their type should be, are told of; the others count.
pub async fn projects(connection: &Connection, discovery: &Discovery) -> (Vec<Project>, Vec<Skipped>) {
    let served = flavours().flat_map(|flavour| flavour.readers.iter().map(move |reader| (flavour, reader)));
    let served = served.filter_map(|(flavour, reader)| {
        let resource = discovery.by_kind(reader.kind.group, reader.kind.kind)?;
        Some(list(connection, flavour, reader, resource))
    });
    let (mut projects, mut skipped) = (Vec::new(), Vec::new());
    for (found, missed) in join_all(served).await {
        projects.extend(found);
        skipped.extend(missed);
    }
    projects.sort_by(|a, b| (&a.name, &a.source).cmp(&(&b.name, &b.source)));
    skipped.sort();
    (projects, skipped)
}

async fn list(
    connection: &Connection,
    flavour: &'static Flavour,
    reader: &'static KindReader,
    resource: &Resource,
) -> (Vec<Project>, Vec<Skipped>) {
    let (mut projects, mut skipped) = (Vec::new(), Vec::new());
    let mut take = |listed: Listed<Value>| match listed {
        Listed::Object(object) => match read(flavour, reader, &object) {
            Ok(found) => projects.extend(found),
            Err(error) => {
                let text =
                    |name: &str| object.pointer(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                let namespace = text("/metadata/namespace");
                skipped.push(Skipped {
                    resource: resource.to_string(),
                    namespace: (!namespace.is_empty()).then_some(namespace),
                    reason: SkipReason::Invalid.as_str().to_owned(),
                    message: format!(
                        "{resource} {:?} is not what it should be: {error}",
                        text("/metadata/name")
                    ),
                });
            }
        },
        Listed::Unreadable(message) => {
            skipped.push(Error::decode(resource.path(None), message).skipped(resource.to_string(), None));
        }
        Listed::Anew => {
            projects.clear();
            skipped.clear();
        }
    };
    let done = List::of(Whole(resource.clone()), None).read(connection, &mut take).await;
    if let Err(error) = done {
        skipped.push(error.skipped(resource.to_string(), None));
    }
    (projects, skipped)
}
