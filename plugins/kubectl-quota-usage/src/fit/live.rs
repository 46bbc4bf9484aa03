//! What there is in the cluster that objects have to fit into.

use std::collections::BTreeSet;

use anyhow::Result;
use passmuster::{
    cli::now,
    cluster::{
        Charges, ChargesQuestion, Connection, Error, Listed, Metadata, Typed, Whole, charges, collect, get,
        metadata_of, projects, resource_quotas,
    },
    graph::edges::group_of,
    model::{ObjectMeta, Skipped, Time, builtin_kinds::builtin, discovery::Discovery, resource::Resource},
    quota::{
        ResourceQuota,
        counted::keys_of,
        fit::{Account, Autoscaler, LimitRange, QuotaFit, Room, RoomyNode, Wanted, World, accounts, fit},
        owner::Owners,
        project::{Membership, Model, Project},
        usage::{Charged, Pod, recount},
        verify::quota_spec,
    },
};
use serde_json::{Value, json};

use super::{Files, FitArgs, Unread, namespaces, not_found, scaler, type_and_name};

/// Types whose contents are never asked for.
const SECRETIVE: [&str; 2] = ["Secret", "ConfigMap"];

/// Whether the objects fit into the cluster.
pub(super) async fn answer(
    args: &FitArgs,
    connection: &Connection,
    mut files: Files,
    at: String,
) -> Result<QuotaFit> {
    let discovery = Discovery::fetch(connection).await?;
    let mut skipped = std::mem::take(&mut files.skipped);
    let mut wanted: Vec<Wanted> = Vec::new();
    for argument in &args.resources {
        wanted.push(named(connection, &discovery, argument, args.replicas).await?);
    }
    for object in &files.objects {
        let live = live(connection, &discovery, object).await?;
        wanted.push(Wanted { object: with_replicas(object.clone(), live.as_ref()), live, autoscaler: None });
    }
    let objects: Vec<Value> = wanted.iter().map(|wanted| wanted.object.clone()).collect();
    let here = namespaces(&objects);
    let now = now();

    let (owning, everywhere) = concerned(connection, &discovery, &here, &mut skipped).await;
    let only = here.iter().next().filter(|_| here.len() == 1 && !everywhere).map(String::as_str);
    let mut quotas = resource_quotas(connection, only).await?;
    quotas.retain(|quota| quota.metadata.as_ref().is_some_and(|metadata| here.contains(&metadata.namespace)));
    replace(&mut quotas, std::mem::take(&mut files.quotas));
    let mut keys = keys_of(&quotas);
    for (project, _) in &owning {
        keys.extend(project.hard.iter().map(|(key, _)| key.clone()));
    }
    let question = ChargesQuestion { namespace: only, pods: true, limit_ranges: true, owners: true };
    let mut charges = charges(connection, &discovery, &keys, question).await;
    charges.settle(now);
    skipped.append(&mut charges.skipped);

    let mut owners = Owners::default();
    charges.owners.iter().for_each(|(_, owner)| owners.learn(owner));
    let mut all = accounts(&quotas, &charges.objects, &charges.devices, now);
    all.extend(
        owning
            .iter()
            .filter_map(|(project, members)| of_project(connection, project, members, &charges, now)),
    );
    let mut limit_ranges: Vec<LimitRange> = charges.limit_ranges.iter().map(LimitRange::read).collect();
    for range in files.limit_ranges.iter().map(LimitRange::read) {
        limit_ranges.retain(|other| (&other.namespace, &other.name) != (&range.namespace, &range.name));
        limit_ranges.push(range);
    }
    limit_ranges.sort_by(|one, other| (&one.namespace, &one.name).cmp(&(&other.namespace, &other.name)));
    let mut classes = files.classes.clone();
    for object in of_classes(connection, &objects, &quotas, &mut skipped).await {
        classes.observe(&object);
    }
    let scalers = autoscalers(connection, only, &mut skipped).await;
    for wanted in &mut wanted {
        wanted.autoscaler =
            scaler(&files.autoscalers, &wanted.object).or_else(|| scaler(&scalers, &wanted.object));
    }
    let room = if args.no_nodes { None } else { room(connection, only, &charges, &mut skipped, now).await };
    let world = World {
        accounts: all,
        objects: &charges.objects,
        devices: &charges.devices,
        limit_ranges,
        classes,
        owners: &owners,
        room,
        types: &discovery,
        now,
    };
    skipped.sort();
    skipped.dedup();
    Ok(fit(&world, &wanted).read(Some(at), Some(connection.cluster.clone()), Vec::new(), skipped))
}

/// A workload that is there, with so many replicas.
async fn named(
    connection: &Connection,
    discovery: &Discovery,
    argument: &str,
    replicas: Option<u32>,
) -> Result<Wanted> {
    let (kind, name) = type_and_name(argument)?;
    let resource = discovery.resolve(kind)?;
    let found = whole(connection, resource, &connection.namespace, name).await?;
    let live = found.ok_or_else(|| not_found(&resource.to_string(), name))?;
    let mut object = live.clone();
    if let (Some(replicas), Some(spec)) = (replicas, object.get_mut("spec").and_then(Value::as_object_mut)) {
        spec.insert("replicas".to_owned(), replicas.into());
    }
    Ok(Wanted { object, live: Some(live), autoscaler: None })
}

async fn whole(
    connection: &Connection,
    resource: &Resource,
    namespace: &str,
    name: &str,
) -> Result<Option<Value>, Error> {
    Ok(match get(connection, &Whole(resource.clone()), namespace, name).await? {
        Some(Listed::Object(object)) => Some(object),
        _ => None,
    })
}

/// The object of the same name that is there.
async fn live(
    connection: &Connection,
    discovery: &Discovery,
    object: &Value,
) -> Result<Option<Value>, Error> {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (name, namespace) = (text("/metadata/name"), text("/metadata/namespace"));
    let Some(resource) = discovery.by_kind(group_of(text("/apiVersion")), text("/kind")) else {
        return Ok(None);
    };
    if name.is_empty() || namespace.is_empty() {
        return Ok(None);
    }
    if SECRETIVE.contains(&resource.kind.as_str()) && resource.group.is_empty() {
        let found = get(connection, &Metadata(resource.clone()), namespace, name).await?;
        return Ok(found.map(|_| json!({"metadata": {"name": name, "namespace": namespace}})));
    }
    whole(connection, resource, namespace, name).await
}

/// What a manifest says nothing of stays as it is: the number of replicas, which autoscaling may have set.
fn with_replicas(mut object: Value, live: Option<&Value>) -> Value {
    let replicas = live.and_then(|live| live.pointer("/spec/replicas")).cloned();
    if let (Some(replicas), Some(spec)) = (replicas, object.get_mut("spec").and_then(Value::as_object_mut)) {
        spec.entry("replicas").or_insert(replicas);
    }
    object
}

/// Quotas of files take the place of those of the same name: what they allow, not what is charged.
fn replace(quotas: &mut Vec<ResourceQuota>, from_files: Vec<ResourceQuota>) {
    let key = |quota: &ResourceQuota| {
        let metadata = quota.metadata.clone().unwrap_or_default();
        (metadata.namespace, metadata.name)
    };
    for mut quota in from_files {
        if let Some(at) = quotas.iter().position(|other| key(other) == key(&quota)) {
            let before = quotas.remove(at);
            quota.status = before.status.map(|mut status| {
                status.hard = quota.spec.clone().unwrap_or_default().hard;
                status
            });
        }
        quotas.push(quota);
    }
}

/// Projects that these namespaces belong to and that are charged for what is there; with all their namespaces. And
/// whether there are any.
async fn concerned(
    connection: &Connection,
    discovery: &Discovery,
    here: &BTreeSet<String>,
    skipped: &mut Unread,
) -> (Vec<(Project, BTreeSet<String>)>, bool) {
    let (all, unread) = projects(connection, discovery).await;
    skipped.extend(unread);
    let Some(resource) = builtin().by_kind("", "Namespace").filter(|_| !all.is_empty()) else {
        return (Vec::new(), false);
    };
    let namespaces: Vec<ObjectMeta> = match metadata_of(connection, resource).await {
        Ok(namespaces) => namespaces,
        Err(error) => {
            skipped.push(error.skipped("namespaces", None));
            return (Vec::new(), false);
        }
    };
    let membership = Membership::new(&all);
    let mut found = Vec::new();
    for project in all.iter().filter(|project| project.model == Model::Usage) {
        let members: BTreeSet<String> = namespaces
            .iter()
            .filter(|namespace| {
                membership.claims(namespace).iter().any(|(claim, _)| std::ptr::eq(*claim, project))
            })
            .map(|namespace| namespace.name.clone())
            .collect();
        if !members.is_disjoint(here) {
            found.push((project.clone(), members));
        }
    }
    let any = !found.is_empty();
    (found, any)
}

/// A project's quota, charged for what is in its namespaces.
fn of_project(
    connection: &Connection,
    project: &Project,
    members: &BTreeSet<String>,
    charges: &Charges,
    now: Time,
) -> Option<Account> {
    let names = [connection.cluster.as_str(), connection.context.as_deref().unwrap_or_default()];
    let spec = quota_spec(project, project.hard_in(&names)?);
    let within =
        |object: &&Charged| object.metadata().is_some_and(|metadata| members.contains(&metadata.namespace));
    let used = recount(&spec, charges.objects.iter().filter(within), &charges.devices, now);
    Some(Account { name: project.quota(), namespaces: members.clone(), spec, used, project: true })
}

/// RuntimeClasses and PriorityClasses, as far as they make a difference.
async fn of_classes(
    connection: &Connection,
    objects: &[Value],
    quotas: &[ResourceQuota],
    skipped: &mut Unread,
) -> Vec<Value> {
    let mut found = Vec::new();
    let runtime = objects.iter().any(|object| object.to_string().contains("\"runtimeClassName\""));
    let by_priority = quotas.iter().filter_map(|quota| quota.spec.as_ref()).any(|spec| {
        let selected = spec.scope_selector.iter().flat_map(|selector| &selector.match_expressions);
        spec.scopes.iter().any(|scope| scope == "PriorityClass")
            || selected.into_iter().any(|one| one.scope_name == "PriorityClass")
    });
    let wanted =
        [("node.k8s.io", "RuntimeClass", runtime), ("scheduling.k8s.io", "PriorityClass", by_priority)];
    for (group, kind, _) in wanted.iter().filter(|(_, _, wanted)| *wanted) {
        let Some(resource) = builtin().by_kind(group, kind) else { continue };
        match collect(connection, Whole(resource.clone()), None, skipped).await {
            Ok(objects) => found.extend(objects.into_iter().map(|mut object| {
                // Items of a list do not say what they are.
                object["kind"] = (*kind).into();
                object
            })),
            Err(error) => skipped.push(error.skipped(resource.to_string(), None)),
        }
    }
    found
}

async fn autoscalers(
    connection: &Connection,
    namespace: Option<&str>,
    skipped: &mut Vec<Skipped>,
) -> Vec<Autoscaler> {
    let Some(resource) = builtin().by_kind("autoscaling", "HorizontalPodAutoscaler") else {
        return Vec::new();
    };
    match collect(connection, Whole(resource.clone()), namespace, skipped).await {
        Ok(objects) => objects
            .into_iter()
            .filter_map(|mut object| {
                object["kind"] = resource.kind.as_str().into();
                Autoscaler::read(&object)
            })
            .collect(),
        Err(error) => {
            skipped.push(error.skipped(resource.to_string(), namespace));
            Vec::new()
        }
    }
}

/// What the nodes have left beside all pods of the cluster.
async fn room(
    connection: &Connection,
    only: Option<&str>,
    charges: &Charges,
    skipped: &mut Unread,
    now: Time,
) -> Option<Room> {
    let (nodes, pods) = (builtin().by_kind("", "Node")?, builtin().by_kind("", "Pod")?);
    let read = match collect(connection, Typed::<RoomyNode>::new(nodes), None, skipped).await {
        Ok(read) => read,
        Err(error) => {
            skipped.push(error.skipped(nodes.to_string(), None));
            return None;
        }
    };
    if only.is_none() {
        let there = charges.objects.iter().filter_map(|object| match object {
            Charged::Pod(pod) => Some(pod.as_ref()),
            _ => None,
        });
        return Some(Room::new(&read, there, now));
    }
    match collect(connection, Typed::<Pod>::new(pods), None, skipped).await {
        Ok(there) => Some(Room::new(&read, &there, now)),
        Err(error) => {
            skipped.push(error.skipped(pods.to_string(), None));
            None
        }
    }
}
