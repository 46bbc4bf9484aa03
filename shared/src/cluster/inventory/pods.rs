//! Pods, by thousands: each is added to its group's sums as it arrives, and dropped.

use std::collections::HashMap;

use super::{
    super::{Connection, Error, List, Listed, Typed},
    InventoryQuestion, invalid,
    lists::{builtin, owners},
};
use crate::{
    model::{ObjectMeta, Skipped, kinds},
    quota::{
        Dimension,
        inventory::{PodKey, Pods, Wanted},
        owner::Owners,
        usage::{Pod, pod_limits, pod_requests},
    },
};

/// What stays of pods.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// Their groups' sums.
    pub(super) pods: Pods,
    /// The group of each, by namespace and name, where that is asked for.
    pub(super) keys: HashMap<(String, String), PodKey>,
    /// What could not be read on the way.
    pub(super) unread: Vec<Skipped>,
}

/// Reads the pods that hold what they ask for. What has ended holds nothing, and the server need not send it.
pub(super) async fn pods(
    connection: &Connection,
    question: &InventoryQuestion,
    namespace: Option<&str>,
) -> Result<Folded, Error> {
    let wanted = Wanted::by(&question.by);
    let (owners, missed) =
        if wanted.owner { owners(connection, namespace).await } else { (Owners::default(), Vec::new()) };
    let resource = builtin(kinds::POD);
    let mut list = List::of(Typed::<Pod>::new(&resource), namespace);
    list.label_selector.clone_from(&question.selector);
    list.field_selector = Some("status.phase!=Succeeded,status.phase!=Failed".to_owned());
    let keep_keys = (question.pods || question.metrics) && wanted.within_namespaces();
    let mut folded = Folded::default();
    let mut take = |listed: Listed<Pod>| match listed {
        Listed::Object(pod) if pod.has_ended(question.now) => {}
        Listed::Object(pod) => {
            let (requests, limits) = (pod_requests(&pod), pod_limits(&pod));
            let node = pod.spec.map(|spec| spec.node_name).unwrap_or_default();
            let metadata = pod.metadata.unwrap_or_default();
            let key = key(&metadata, node, &question.by, wanted, &owners);
            if keep_keys {
                folded.keys.insert((metadata.namespace, metadata.name), key.clone());
            }
            let totals = folded.pods.of(key);
            totals.pods += 1;
            totals.requests.add_all(&requests);
            totals.limits.add_all(&limits);
        }
        Listed::Unreadable(why) => folded.unread.push(invalid(&resource, why)),
        Listed::Anew => folded = Folded::default(),
    };
    list.read(connection, &mut take).await?;
    folded.unread.extend(missed);
    Ok(folded)
}

fn key(metadata: &ObjectMeta, node: String, by: &[Dimension], wanted: Wanted, owners: &Owners) -> PodKey {
    let labels = by.iter().filter_map(|dimension| match dimension {
        Dimension::Label(key) => Some(metadata.labels.get(key).cloned().unwrap_or_default()),
        _ => None,
    });
    PodKey {
        namespace: metadata.namespace.clone(),
        node: if wanted.node { node } else { String::new() },
        owner: if wanted.owner { owners.of(metadata).to_string() } else { String::new() },
        pod: if wanted.pod { metadata.name.clone() } else { String::new() },
        labels: labels.collect(),
    }
}
