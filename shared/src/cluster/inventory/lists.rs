//! The small lists.

use std::collections::BTreeMap;

use futures::future::join_all;

use super::super::{Connection, Decode, Error, List, Listed, Metadata, Typed, projects as read_projects};
use crate::{
    model::{Kind, ObjectMeta, Skipped, builtin_kinds, discovery::Discovery, kinds, resource::Resource},
    quota::{
        Amounts, QuotaSpec, ResourceQuota,
        inventory::NamespaceQuota,
        node::Node,
        owner::{BETWEEN, Owners},
        project::Project,
    },
};

/// A built-in type, without asking the server for it.
pub(super) fn builtin(kind: Kind) -> Resource {
    builtin_kinds::builtin().by_kind(kind.group, kind.kind).cloned().unwrap_or_default()
}

/// Everything of a list, made smaller one by one as it arrives. An object that can't be read fails it: sums without
/// it would be wrong.
async fn all<R: Decode, T: Send>(
    connection: &Connection,
    list: List<R>,
    make: impl Fn(R::Object) -> T,
) -> Result<Vec<T>, Error> {
    let (mut items, mut unreadable) = (Vec::new(), None);
    let mut take = |listed: Listed<R::Object>| match listed {
        Listed::Object(object) => items.push(make(object)),
        Listed::Unreadable(why) => unreadable = Some(why),
        Listed::Anew => items.clear(),
    };
    list.read(connection, &mut take).await?;
    match unreadable {
        Some(why) => Err(Error::decode(list.reading.resource().path(list.namespace.as_deref()), why)),
        None => Ok(items),
    }
}

pub(super) async fn quotas(
    connection: &Connection,
    namespace: Option<&str>,
) -> Result<Vec<NamespaceQuota>, Error> {
    let list = List::of(Typed::<ResourceQuota>::new(&builtin(kinds::RESOURCE_QUOTA)), namespace);
    let mut quotas = all(connection, list, |quota: ResourceQuota| {
        let metadata = quota.metadata.unwrap_or_default();
        let spec = quota.spec.unwrap_or_default();
        let scopes = scopes(&spec);
        let used = quota.status.unwrap_or_default().used;
        NamespaceQuota { namespace: metadata.namespace, name: metadata.name, scopes, hard: spec.hard, used }
    })
    .await?;
    quotas.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    Ok(quotas)
}

/// The scopes of a quota as one text that says the same of quotas that limit the same objects.
fn scopes(spec: &QuotaSpec) -> String {
    let mut all = spec.scopes.clone();
    for expression in spec.scope_selector.iter().flat_map(|selector| &selector.match_expressions) {
        let mut values = expression.values.clone();
        values.sort();
        all.push(format!("{} {} {}", expression.scope_name, expression.operator, values.join(",")));
    }
    all.sort();
    all.dedup();
    all.join("; ")
}

pub(super) async fn namespaces(
    connection: &Connection,
    namespace: Option<&str>,
) -> Result<Vec<ObjectMeta>, Error> {
    let mut list = List::of(Metadata(builtin(kinds::NAMESPACE)), None);
    list.field_selector = namespace.map(|name| format!("metadata.name={name}"));
    all(connection, list, |metadata| metadata).await
}

/// The quotas of projects, of whatever products the cluster has.
pub(super) async fn projects(connection: &Connection) -> (Vec<Project>, Vec<Skipped>) {
    match Discovery::fetch(connection).await {
        Ok(discovery) => read_projects(connection, &discovery).await,
        Err(error) => (Vec::new(), vec![error.skipped("quotas of projects", None)]),
    }
}

pub(super) async fn nodes(connection: &Connection) -> Result<BTreeMap<String, Amounts>, Error> {
    let list = List::of(Typed::<Node>::new(&builtin(kinds::NODE)), None);
    let nodes = all(connection, list, |node: Node| {
        let allocatable = node.allocatable();
        (node.metadata.unwrap_or_default().name, allocatable)
    });
    Ok(nodes.await?.into_iter().collect())
}

/// Who controls what stands between pods and workloads, and what of it could not be read.
pub(super) async fn owners(connection: &Connection, namespace: Option<&str>) -> (Owners, Vec<Skipped>) {
    let lists = BETWEEN.iter().map(|&(group, kind)| async move {
        let resource = builtin(Kind::namespaced(group, kind));
        let list = List::of(Metadata(resource.clone()), namespace);
        all(connection, list, |metadata| metadata)
            .await
            .map_err(|error| error.skipped(resource.to_string(), namespace))
    });
    let (mut owners, mut skipped) = (Owners::default(), Vec::new());
    for read in join_all(lists).await {
        match read {
            Ok(all) => all.iter().for_each(|metadata| owners.learn(metadata)),
            Err(error) => skipped.push(error),
        }
    }
    (owners, skipped)
}
