//! What nodes have, and what pods ask of them and of quotas.

use std::{collections::HashMap, sync::Arc};

use super::Context;
use crate::{
    audit::{
        amounts, api,
        world::{LivePod, Unknown},
    },
    model::kinds,
    quota::Amounts,
};

impl<'w> Context<'w> {
    /// What pods may take of nodes, each kind of node once; empty when there are no nodes.
    pub(crate) fn rooms(&self) -> Result<&[Amounts], Unknown> {
        let nodes = self.all::<api::Node>()?;
        self.is_all(kinds::NODE)?;
        Ok(self.rooms.get_or_init(|| {
            let mut rooms: Vec<Amounts> = Vec::new();
            for node in nodes.filter(|node| !node.status.allocatable.is_empty()) {
                let room = Amounts::from(&node.status.allocatable);
                if !rooms.contains(&room) {
                    rooms.push(room);
                }
            }
            rooms
        }))
    }

    /// What a quota would be charged if all workloads had all their pods.
    pub(crate) fn planned(&self, namespace: &str, quota: &str) -> Option<&amounts::Plan> {
        let planned = self.planned.get_or_init(|| amounts::planned(self));
        planned.get(&(namespace.into(), quota.into()))
    }

    /// What a pod requests, and what it is limited to. Pods of one spec are summed up once.
    pub(crate) fn asked_by(&self, pod: &LivePod) -> Option<&(Amounts, Amounts)> {
        let all = self.asked.get_or_init(|| {
            let mut all = HashMap::new();
            for pod in self.world.store::<LivePod>().all() {
                let sums = || amounts::asked_by(&pod.spec);
                all.entry(Arc::as_ptr(&pod.spec).addr()).or_insert_with(sums);
            }
            all
        });
        all.get(&Arc::as_ptr(&pod.spec).addr())
    }

    /// The pods on a node that are not at their end.
    pub(crate) fn pods_on(&self, node: &str) -> Result<&[&'w LivePod], Unknown> {
        let pods = self.all::<LivePod>()?;
        let all = self.on_nodes.get_or_init(|| {
            let mut all: HashMap<&'w str, Vec<&'w LivePod>> = HashMap::new();
            for pod in pods.filter(|pod| !pod.has_ended() && !pod.node_name.is_empty()) {
                all.entry(&pod.node_name).or_default().push(pod);
            }
            all
        });
        Ok(all.get(node).map(Vec::as_slice).unwrap_or_default())
    }
}
