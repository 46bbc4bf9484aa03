//! What one cluster says of quotas, of the pods under them and of its nodes, folded while it is read.

mod each;
mod lists;
mod pods;

use futures::future::{OptionFuture, join4};

use each::or_each;

use super::{Connection, Error, metrics::METRICS_API, pod_metrics};
use crate::{
    model::{Skipped, Time},
    quota::{
        Dimension,
        inventory::{Inventory, Wanted},
        project::MarkOn,
    },
};

/// What is asked of a cluster.
#[derive(Debug, Clone, Default)]
pub struct InventoryQuestion {
    /// What rows will be put together by.
    pub by: Vec<Dimension>,
    /// One namespace; all when there is none here.
    pub namespace: Option<String>,
    /// Only pods with these labels.
    pub selector: Option<String>,
    /// The label or annotation of namespaces that tells the project.
    pub project_mark: Option<(MarkOn, String)>,
    /// Whether to ask what pods use now.
    pub metrics: bool,
    /// Whether it will be asked which group a pod belongs to.
    pub pods: bool,
    /// The time: pods that were to be gone by now are not charged.
    pub now: Time,
}

/// Reads a cluster. What can't be read is told in the inventory; when that is both the quotas and the pods there is
/// nothing left to say, and the failure is the cluster's.
pub async fn inventory(connection: &Connection, question: &InventoryQuestion) -> Result<Inventory, Error> {
    let namespace = question.namespace.as_deref();
    let (pods, (quotas, nodes), (namespaces, (projects, unread)), metrics) = join4(
        Box::pin(pods::pods(connection, question, namespace)),
        Box::pin(async { futures::join!(lists::quotas(connection, namespace), lists::nodes(connection)) }),
        Box::pin(async {
            futures::join!(lists::namespaces(connection, namespace), lists::projects(connection))
        }),
        Box::pin(OptionFuture::from(question.metrics.then(|| pod_metrics(connection, namespace)))),
    )
    .await;

    let mut inventory = Inventory { projects, skipped: unread, ..Inventory::default() };
    let told = &mut inventory.skipped;
    let of_namespaces = kept(namespaces, "namespaces", namespace, told);
    // In one namespace there are no parts to fall back to.
    let parts = if namespace.is_none() { &of_namespaces[..] } else { &[] };
    let pods = Box::pin(or_each(pods, "pods", parts, told, async |within: &str| {
        pods::pods(connection, question, Some(within)).await
    }))
    .await;
    let quotas = Box::pin(or_each(quotas, "resourcequotas", parts, told, async |within: &str| {
        lists::quotas(connection, Some(within)).await
    }))
    .await;
    if let (Err(error), Err(_)) = (&pods, &quotas) {
        return Err(error.clone());
    }
    inventory.pods_unread = pods.is_err();
    inventory.quotas = kept(quotas, "resourcequotas", namespace, told).into_iter().flatten().collect();
    inventory.nodes = kept(nodes, "nodes", namespace, told);
    for pods::Folded { pods, keys, unread } in kept(pods, "pods", namespace, told) {
        inventory.pods.add_all(pods);
        inventory.pod_keys.extend(keys);
        told.extend(unread);
    }
    let metrics = kept(metrics.unwrap_or_else(|| Ok(Vec::new())), METRICS_API, namespace, told);
    inventory.place(&of_namespaces, &question.by, question.project_mark.as_ref());
    let wanted = Wanted::by(&question.by);
    for metrics in metrics {
        inventory.totals_of(&metrics.namespace, &metrics.pod, wanted).now.add_all(&metrics.usage());
    }
    inventory.skipped.sort();
    inventory.skipped.dedup();
    Ok(inventory)
}

/// What was read; nothing, and that it could not be, where it was not.
fn kept<T: Default>(
    read: Result<T, Error>,
    resource: &str,
    namespace: Option<&str>,
    skipped: &mut Vec<Skipped>,
) -> T {
    read.unwrap_or_else(|error| {
        skipped.push(error.skipped(resource, namespace));
        T::default()
    })
}

/// A record of an object that can't be read.
fn invalid(resource: &impl ToString, message: String) -> Skipped {
    Skipped { resource: resource.to_string(), namespace: None, reason: "Invalid".to_owned(), message }
}
