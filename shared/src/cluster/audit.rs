//! What rules read of a cluster, folded into a [`World`] while it arrives.

mod usage;

use std::{cell::RefCell, collections::BTreeSet};

use futures::{StreamExt as _, stream};
use serde_json::Value;

use super::{Connection, List, Listed, SkipReason, load::unavailable, reading::Decode};
use crate::{
    audit::{KubernetesVersion, World},
    manifest::redact,
    model::{
        DecodeError, Kind, Skipped, builtin_kinds::builtin, discovery::Discovery, kinds, resource::Resource,
    },
};

/// Requests in flight.
const AT_ONCE: usize = 8;

/// Kinds of which metadata is all that is ever asked for.
const METADATA_ONLY: &[Kind] = &[kinds::SECRET, kinds::CONFIG_MAP];

/// What to read.
#[derive(Debug, Clone, Default)]
pub struct AuditQuestion {
    /// The kinds that the rules need.
    pub kinds: BTreeSet<Kind>,
    /// These namespaces alone; all when there is none here. Kinds of the whole cluster are read as a whole.
    pub namespaces: Vec<String>,
    /// Whether to ask what pods and nodes use now.
    pub usage: bool,
    /// Whether to ask every node's kubelet how full volumes are.
    pub volumes: bool,
}

/// What was read, and what could not be.
#[derive(Debug)]
pub struct Audited {
    /// The objects.
    pub world: World,
    /// What could not be read. Sorted.
    pub skipped: Vec<Skipped>,
}

/// Where whole objects go, for a snapshot.
pub type AuditSaver<'a> = &'a mut (dyn FnMut(Value) + 'a);

/// How objects are asked for: as protobuf where the kind is built in and nobody wants the whole of it.
#[derive(Debug, Clone)]
struct Raw {
    resource: Resource,
    metadata_only: bool,
    json: bool,
}

/// One object as it came.
enum Object {
    Protobuf(Box<[u8]>),
    Json(Value),
}

impl Decode for Raw {
    type Object = Object;

    fn resource(&self) -> &Resource {
        &self.resource
    }

    fn accept(&self, list: &str) -> String {
        let json = if self.metadata_only {
            format!("application/json;as=PartialObjectMetadata{list};g=meta.k8s.io;v=v1")
        } else {
            "application/json".to_owned()
        };
        let protobuf = json.replace("application/json", "application/vnd.kubernetes.protobuf");
        if self.json { json } else { format!("{protobuf},{json}") }
    }

    fn protobuf(&self, bytes: &[u8]) -> Result<Object, DecodeError> {
        Ok(Object::Protobuf(bytes.into()))
    }

    fn json(&self, mut value: Value) -> Result<Object, DecodeError> {
        if let Value::Object(object) = &mut value {
            object.insert("apiVersion".into(), self.resource.api_version().into());
            object.insert("kind".into(), self.resource.kind.as_str().into());
        }
        redact(&mut value);
        Ok(Object::Json(value))
    }
}

struct State<'a> {
    world: World,
    skipped: Vec<Skipped>,
    save: Option<AuditSaver<'a>>,
}

/// Reads the kinds that rules need. What can't be read is skipped and told, and known to be unknown.
pub async fn audit(
    connection: &Connection,
    discovery: &Discovery,
    question: &AuditQuestion,
    save: Option<AuditSaver<'_>>,
) -> Audited {
    let version = kubernetes_version(connection).await;
    let mut world = World::of_cluster();
    world.version = version;
    let mut lists = Vec::new();
    for kind in &question.kinds {
        match discovery.by_kind(kind.group, kind.kind) {
            None => world.coverage.cover(kind.group, kind.kind, None),
            Some(resource) if resource.namespaced && !question.namespaces.is_empty() => {
                lists.extend(question.namespaces.iter().map(|namespace| (*kind, resource, Some(namespace))));
            }
            Some(resource) => lists.push((*kind, resource, None)),
        }
    }
    for missed in unavailable(discovery) {
        for kind in &question.kinds {
            if missed.resource.split('/').next() == Some(kind.group) {
                world.coverage.miss(kind.group, kind.kind, &missed);
            }
        }
    }
    let json = save.is_some();
    let used = async {
        if question.usage {
            Some(usage::read(connection, &question.namespaces, question.volumes).await)
        } else {
            None
        }
    };
    let state = RefCell::new(State { world, skipped: unavailable(discovery), save });
    let read_all = stream::iter(lists)
        .map(|(kind, resource, namespace)| {
            let state = &state;
            async move {
                let metadata_only = METADATA_ONLY.contains(&kind);
                let builtin = builtin().by_kind(kind.group, kind.kind).is_some();
                let raw = Raw { resource: resource.clone(), metadata_only, json: json || !builtin };
                read(connection, raw, namespace.map(String::as_str), state).await;
            }
        })
        .buffer_unordered(AT_ONCE)
        .collect::<()>();
    let ((), used) = futures::join!(read_all, used);
    let State { mut world, mut skipped, mut save } = state.into_inner();
    if let Some(used) = used {
        for missed in &used.skipped {
            world.coverage.miss(kinds::POD_METRICS.group, kinds::POD_METRICS.kind, missed);
        }
        if let (Some(usage), Some(save)) = (&used.usage, &mut save) {
            for document in usage.documents() {
                save(document);
            }
        }
        world.usage = used.usage;
        skipped.extend(used.skipped.into_iter().chain(used.volumes_skipped));
    }
    skipped.sort();
    skipped.dedup();
    Audited { world, skipped }
}

async fn read(connection: &Connection, raw: Raw, namespace: Option<&str>, state: &RefCell<State<'_>>) {
    let Resource { group, kind, .. } = raw.resource.clone();
    let name = raw.resource.to_string();
    let mut list = List::of(raw, namespace);
    if kind == "Event" {
        list.field_selector = Some("type=Warning".to_owned());
    }
    let mut take = |listed: Listed<Object>| {
        let State { world, skipped, save } = &mut *state.borrow_mut();
        let taken = match listed {
            Listed::Object(Object::Protobuf(bytes)) => world.take_protobuf(&group, &kind, &bytes),
            Listed::Object(Object::Json(value)) => {
                if let Some(save) = save {
                    save(value.clone());
                }
                world.take_live(&group, &kind, value)
            }
            Listed::Unreadable(why) => return skipped.push(invalid(&name, why)),
            // What came before will come again, or is gone since: its verdicts are of a moment ago.
            Listed::Anew => return,
        };
        if let Err(error) = taken {
            skipped.push(invalid(&name, error.to_string()));
        }
    };
    let read = list.read(connection, &mut take).await;
    let State { world, skipped, .. } = &mut *state.borrow_mut();
    match read {
        Ok(_) => world.coverage.cover(&group, &kind, namespace),
        // Discovery is a moment old: a type that is gone has no objects.
        Err(error) if error.reason() == SkipReason::NotFound => world.coverage.cover(&group, &kind, None),
        Err(error) => {
            let missed = error.skipped(&name, namespace);
            world.coverage.miss(&group, &kind, &missed);
            skipped.push(missed);
        }
    }
}

fn invalid(resource: &str, message: String) -> Skipped {
    Skipped { resource: resource.to_owned(), namespace: None, reason: "Invalid".to_owned(), message }
}

/// The version of the server, asked by itself.
pub async fn kubernetes_version(connection: &Connection) -> Option<KubernetesVersion> {
    let answer = connection.get_bytes("/version", "application/json").await.ok()?;
    let version: Value = serde_json::from_slice(&answer.body).ok()?;
    version.get("gitVersion")?.as_str()?.parse().ok()
}
