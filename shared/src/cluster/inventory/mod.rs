//! What one cluster says of quotas, of the pods under them and of its nodes, folded while it is read.

mod lists;
mod pods;

use futures::future::{OptionFuture, join4};

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
        Box::pin(pods::pods(connection, question)),
        Box::pin(async { futures::join!(lists::quotas(connection, namespace), lists::nodes(connection)) }),
        Box::pin(async {
            futures::join!(lists::namespaces(connection, namespace), lists::projects(connection))
        }),
        Box::pin(OptionFuture::from(question.metrics.then(|| pod_metrics(connection, namespace)))),
    )
    .await;

    let mut inventory = Inventory { projects, skipped: unread, ..Inventory::default() };
    let mut told = |read: &str, error: &Error| inventory.skipped.push(error.skipped(read, namespace));
    if let (Err(error), Err(_)) = (&pods, &quotas) {
        return Err(error.clone());
    }
    let (mut of_quotas, mut of_nodes, mut of_namespaces) = Default::default();
    keep(quotas, &mut of_quotas, |error| told("resourcequotas", error));
    keep(nodes, &mut of_nodes, |error| told("nodes", error));
    keep(namespaces, &mut of_namespaces, |error| told("namespaces", error));
    let (mut of_pods, mut of_metrics) = (pods::Folded::default(), Vec::new());
    keep(pods, &mut of_pods, |error| told("pods", error));
    keep(metrics.unwrap_or_else(|| Ok(Vec::new())), &mut of_metrics, |error| told(METRICS_API, error));

    (inventory.quotas, inventory.nodes) = (of_quotas, of_nodes);
    let pods::Folded { pods, keys, unread } = of_pods;
    (inventory.pods, inventory.pod_keys) = (pods, keys);
    inventory.skipped.extend(unread);
    inventory.place(&of_namespaces, &question.by, question.project_mark.as_ref());
    let wanted = Wanted::by(&question.by);
    for metrics in of_metrics {
        inventory.totals_of(&metrics.namespace, &metrics.pod, wanted).now.add_all(&metrics.usage);
    }
    inventory.skipped.sort();
    inventory.skipped.dedup();
    Ok(inventory)
}

fn keep<T>(read: Result<T, Error>, into: &mut T, told: impl FnOnce(&Error)) {
    match read {
        Ok(found) => *into = found,
        Err(error) => told(&error),
    }
}

/// A record of an object that can't be read.
fn invalid(resource: &impl ToString, message: String) -> Skipped {
    Skipped { resource: resource.to_string(), namespace: None, reason: "Invalid".to_owned(), message }
}
