//! Which kinds a question needs: the edge rules, walked from the root's kind before anything is read.

use std::collections::BTreeSet;

use super::{
    Direction, Noise, Query, Scope,
    edges::{self, EdgeRule, Target},
    hubs::{HUB_KINDS, PEER_EDGES},
};
use crate::model::{Kind, ObjectKey, discovery::Discovery, kinds, resource::Resource};

/// A list that a question needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Planned {
    /// What to list.
    pub resource: Resource,
    /// Where; everywhere when `None`.
    pub namespace: Option<String>,
    /// Of whom, for the server to decide.
    pub field_selector: Option<String>,
}

impl Planned {
    /// Everything of a type, in a namespace if the type has namespaces and one is given.
    pub fn new(resource: &Resource, namespace: Option<&str>) -> Self {
        let namespace = namespace.filter(|_| resource.namespaced).map(str::to_owned);
        Self { resource: resource.clone(), namespace, field_selector: None }
    }
}

/// Kinds of the cluster that point into namespaces: a namespace's graph is not whole without them.
const POINTING_INTO_NAMESPACES: &[Kind] = &[
    kinds::VALIDATING_WEBHOOK_CONFIGURATION,
    kinds::MUTATING_WEBHOOK_CONFIGURATION,
    kinds::API_SERVICE,
    kinds::CLUSTER_ROLE_BINDING,
];

/// Edges back along a reference: their source is found by what their target says of it.
const MIRRORED: &[&str] = &["claimed_by", "reserved_for"];

/// Edges that are looked for only where the root is their target: definitions of types are large and few have
/// anything to do with a service; a stateful set and its service are known by their pods anyway.
const FROM_THE_ROOT_ONLY: &[&str] = &["converts_with", "governed_by"];

/// Kinds that run pods.
const WORKLOADS: &[Kind] = &[
    kinds::POD,
    kinds::REPLICA_SET,
    kinds::DEPLOYMENT,
    kinds::STATEFUL_SET,
    kinds::DAEMON_SET,
    kinds::JOB,
    kinds::CRON_JOB,
    kinds::REPLICATION_CONTROLLER,
];

/// Groups that answer with measurements or reviews, not with objects that are stored.
const NOT_STORED: &[&str] = &["metrics.k8s.io", "custom.metrics.k8s.io", "external.metrics.k8s.io"];

/// The lists that a question needs before anything is known. What its answer turns out to refer to beyond them is
/// asked for later, by name or by kind; see [`needs`](super::needs).
///
/// `relations`: edges that rules beyond the built-in families declare, as `(source, target)`; a target of `None`
/// can be any kind.
pub fn plan(
    discovery: &Discovery,
    query: &Query,
    relations: &[(KindName, Option<KindName>)],
    everywhere: bool,
) -> Vec<Planned> {
    let mut lists = BTreeSet::new();
    match &query.scope {
        Scope::Cluster => {
            lists.extend(listable(discovery, query).map(|resource| Planned::new(resource, None)));
        }
        Scope::Namespace(namespace) => {
            lists.extend(namespace_lists(discovery, query, namespace));
        }
        Scope::Objects(roots) if query.to.is_some() => {
            // A path may lead through anything.
            let ends = roots.iter().chain(&query.to);
            for end in ends {
                if everywhere || end.namespace.is_empty() {
                    lists.extend(listable(discovery, query).map(|resource| Planned::new(resource, None)));
                } else {
                    lists.extend(namespace_lists(discovery, query, &end.namespace));
                }
            }
        }
        Scope::Objects(roots) => {
            for root in roots.iter().filter(|_| query.direction != Direction::Dependencies) {
                lists.extend(root_lists(discovery, query, relations, root, everywhere));
            }
        }
    }
    // A list of everything includes the list of a namespace.
    let everywhere: BTreeSet<Resource> = lists
        .iter()
        .filter(|list| list.namespace.is_none() && list.field_selector.is_none())
        .map(|list| list.resource.clone())
        .collect();
    lists.retain(|list| {
        (list.namespace.is_none() && list.field_selector.is_none()) || !everywhere.contains(&list.resource)
    });
    lists.into_iter().collect()
}

/// Group and kind, owned.
pub type KindName = (String, String);

fn namespace_lists<'a>(
    discovery: &'a Discovery,
    query: &'a Query,
    namespace: &'a str,
) -> impl Iterator<Item = Planned> + 'a {
    listable(discovery, query)
        .filter(|resource| {
            resource.namespaced
                || POINTING_INTO_NAMESPACES.iter().any(|kind| kind.is(&resource.group, &resource.kind))
        })
        .map(move |resource| Planned::new(resource, Some(namespace)))
}

/// The types that are worth listing when everything is asked for, one version of each.
fn listable<'a>(discovery: &'a Discovery, query: &'a Query) -> impl Iterator<Item = &'a Resource> {
    discovery.preferred().filter(move |resource| {
        let included = query.include.is_empty()
            || query.include.iter().any(|kind| resource.is_kind(&kind.group, &kind.kind));
        included && is_wanted(query, resource)
    })
}

fn is_wanted(query: &Query, resource: &Resource) -> bool {
    let event = resource.kind == "Event" && matches!(resource.group.as_str(), "" | "events.k8s.io");
    // Both groups serve the same events; component statuses are measured at each request.
    let endpoints = kinds::ENDPOINTS.is(&resource.group, &resource.kind);
    let hidden = event && (resource.group == "events.k8s.io" || !query.show.contains(&Noise::Event))
        || endpoints && !query.show.contains(&Noise::Endpoints);
    let measured = resource.is_kind("", "ComponentStatus") || NOT_STORED.contains(&resource.group.as_str());
    let excluded = query.exclude.iter().any(|kind| resource.is_kind(&kind.group, &kind.kind));
    resource.supports("list") && !(hidden || measured || excluded)
}

/// The lists around one root: of the kinds that can belong to it or need it, as far as the depth allows.
fn root_lists(
    discovery: &Discovery,
    query: &Query,
    relations: &[(KindName, Option<KindName>)],
    root: &ObjectKey,
    everywhere: bool,
) -> Vec<Planned> {
    let root_kind: KindName = (root.group.to_string(), root.kind.to_string());
    let namespace = (!everywhere && !root.namespace.is_empty()).then_some(&*root.namespace);
    let mut lists = Vec::new();
    if !is_builtin(&root_kind) {
        // Anything may be owned by a custom resource: its children are found by looking at everything.
        lists.extend(
            listable(discovery, query)
                .filter(|resource| resource.namespaced)
                .map(|resource| Planned::new(resource, namespace)),
        );
    }
    for (group, kind) in sources_of(query, relations, root_kind) {
        let Some(resource) = discovery.by_kind(&group, &kind).filter(|resource| is_wanted(query, resource))
        else {
            continue;
        };
        let mut list = Planned::new(resource, namespace);
        if kinds::NODE.is(&root.group, &root.kind) && kinds::POD.is(&group, &kind) {
            list.field_selector = Some(format!("spec.nodeName={}", root.name));
        }
        lists.push(list);
    }
    lists
}

fn is_builtin(kind: &KindName) -> bool {
    crate::model::builtin_kinds::builtin().by_kind(&kind.0, &kind.1).is_some()
}

/// The kinds whose objects can reach an object of this kind along edges: against the edges, hubs not crossed.
fn sources_of(
    query: &Query,
    relations: &[(KindName, Option<KindName>)],
    root: KindName,
) -> BTreeSet<KindName> {
    let mut found = BTreeSet::new();
    let mut family = BTreeSet::from([root.clone()]);
    let mut level: Vec<KindName> = vec![root];
    let mut steps = 0;
    while !level.is_empty() && query.depth.is_none_or(|depth| steps < depth) {
        let mut next = Vec::new();
        for target in &level {
            let hub = steps > 0 && HUB_KINDS.iter().any(|kind| kind.is(&target.0, &target.1));
            if hub {
                continue;
            }
            let in_family = family.contains(target);
            for rule in edges::families().flat_map(|family| family.edges) {
                // What a pod owns it also names, and is found that way.
                if rule.edge == "owned_by" && kinds::POD.is(&target.0, &target.1) {
                    continue;
                }
                let mirrored = MIRRORED.contains(&rule.edge);
                if mirrored || FROM_THE_ROOT_ONLY.contains(&rule.edge) && steps > 0 {
                    continue;
                }
                let named = query.edges.iter().any(|edge| edge == rule.edge);
                if !query.wants_edge(rule.edge) || (PEER_EDGES.contains(&rule.edge) && !named) {
                    continue;
                }
                if touches(rule, target, steps == 0 && may_be_named(rule, target)) {
                    let source: KindName = (rule.source.group.to_owned(), rule.source.kind.to_owned());
                    if rule.edge == "owned_by" && in_family {
                        family.insert(source.clone());
                    }
                    next.push(source);
                }
            }
            next.extend(
                relations
                    .iter()
                    .filter(|(_, to)| to.as_ref().map_or(in_family, |to| to == target))
                    .map(|(from, _)| from.clone()),
            );
        }
        level = next.into_iter().filter(|kind| found.insert(kind.clone())).collect();
        level.sort();
        level.dedup();
        steps += 1;
    }
    found
}

/// Whether a field that can name anything is worth looking at for objects of this kind. Scalers name workloads;
/// parameters, certificates and the like are never workloads. Built-in kinds have the owners that they are known to
/// have: what a controller of another's makes is looked for from its own object.
fn may_be_named(rule: &EdgeRule, (group, kind): &KindName) -> bool {
    let workload = WORKLOADS.iter().any(|workload| workload.is(group, kind));
    match rule.edge {
        "owned_by" => false,
        "scales" => workload || !is_builtin(&(group.clone(), kind.clone())),
        _ => !workload,
    }
}

/// Whether a rule's field can name or select objects of a kind.
fn touches(rule: &EdgeRule, (group, kind): &KindName, any: bool) -> bool {
    match rule.target {
        Target::Kind(target) => target.is(group, kind),
        Target::OneOf(targets) => targets.iter().any(|target| target.is(group, kind)),
        Target::Any => any,
    }
}
