//! What rules read of a cluster, folded into a [`World`] while it arrives.

mod usage;
mod watched;

use std::{cell::RefCell, collections::BTreeSet};

pub use watched::{Sighted, Watched};

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

/// Types of secrets that rules tell apart. Metadata does not say them, and nothing but metadata is asked for; but the
/// server can be asked for those of one type.
const SECRET_TYPES: &[&str] = &[
    "kubernetes.io/service-account-token",
    "kubernetes.io/tls",
    "kubernetes.io/dockerconfigjson",
    "kubernetes.io/dockercfg",
];

/// What to read.
#[derive(Debug, Clone, Default)]
pub struct AuditQuestion {
    /// The kinds that the rules need.
    pub kinds: BTreeSet<Kind>,
    /// These namespaces alone; all when there is none here. Kinds of the whole cluster are read as a whole.
    pub namespaces: Vec<String>,
    /// Those of them whose objects are kept whole, and so are read as JSON: see [`World::keeping`].
    pub whole: BTreeSet<Kind>,
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
    let mut world = World::of_cluster().keeping(question.whole.clone());
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
                let secrets = kind == kinds::SECRET;
                let whole = question.whole.iter().any(|it| it.is(kind.group, kind.kind));
                let json = json || secrets || whole || !builtin;
                let raw = Raw { resource: resource.clone(), metadata_only, json };
                let namespace = namespace.map(String::as_str);
                if secrets {
                    read_secrets(connection, &raw, namespace, state).await;
                } else {
                    read(connection, List::of(raw, namespace), None, state).await;
                }
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

/// Secrets, type by type. What a type can't be read of is unknown of all.
async fn read_secrets(
    connection: &Connection,
    raw: &Raw,
    namespace: Option<&str>,
    state: &RefCell<State<'_>>,
) {
    for of_type in SECRET_TYPES {
        let mut list = List::of(raw.clone(), namespace);
        list.field_selector = Some(format!("type={of_type}"));
        read(connection, list, Some(of_type), state).await;
    }
    let mut list = List::of(raw.clone(), namespace);
    list.field_selector =
        Some(SECRET_TYPES.iter().map(|of_type| format!("type!={of_type}")).collect::<Vec<_>>().join(","));
    read(connection, list, None, state).await;
}

/// Reads one list. `of_type` is what its objects say nothing of, and the list does.
async fn read(
    connection: &Connection,
    mut list: List<Raw>,
    of_type: Option<&str>,
    state: &RefCell<State<'_>>,
) {
    let Resource { group, kind, .. } = list.reading.resource.clone();
    let name = list.reading.resource.to_string();
    let namespace = list.namespace.clone();
    let namespace = namespace.as_deref();
    if kind == "Event" {
        list.field_selector = Some("type=Warning".to_owned());
    }
    let mut take = |listed: Listed<Object>| {
        let State { world, skipped, save } = &mut *state.borrow_mut();
        let taken = match listed {
            Listed::Object(Object::Protobuf(bytes)) => world.take_protobuf(&group, &kind, &bytes),
            Listed::Object(Object::Json(mut value)) => {
                if let (Some(of_type), Value::Object(object)) = (of_type, &mut value) {
                    object.insert("type".into(), of_type.into());
                }
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
