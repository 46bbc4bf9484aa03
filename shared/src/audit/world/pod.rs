//! Pods as they are kept: ten thousand of them have some hundred specs between them.

use std::{collections::HashMap, hash::BuildHasher as _, sync::Arc};

use prost::Message as _;

use super::store::Object;
use crate::{
    audit::api::{Pod, PodSpec, PodStatus},
    model::ObjectMeta,
};

/// Prefix of the volume that the API server adds for the service account's token; what follows is random.
const TOKEN_VOLUME: &str = "kube-api-access-";

/// A pod, its spec shared with all pods of the same spec.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LivePod {
    pub(crate) metadata: ObjectMeta,
    /// Without what differs from pod to pod: the node, and the random part of the token volume's name.
    pub(crate) spec: Arc<PodSpec>,
    pub(crate) node_name: Box<str>,
    pub(crate) status: PodStatus,
}

impl LivePod {
    /// Whether it is at its end and runs no more.
    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.status.phase.as_str(), "Succeeded" | "Failed")
    }

    /// Whether the kubelet made it of a file on its node: the API server only shows it.
    pub(crate) fn is_mirror(&self) -> bool {
        self.metadata.annotations.contains_key("kubernetes.io/config.mirror")
    }
}

/// What becomes of an object that was read.
pub(super) trait Kept<T> {
    fn kept(self, specs: &mut Specs) -> T;
}

impl<T: Object> Kept<T> for T {
    fn kept(self, _: &mut Specs) -> T {
        self
    }
}

impl Kept<LivePod> for Pod {
    fn kept(self, specs: &mut Specs) -> LivePod {
        let Self { mut metadata, mut spec, status } = self;
        // Nobody reads it, and it can be as long as the pod.
        metadata.annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        let node_name = std::mem::take(&mut spec.node_name).into();
        for volume in &mut spec.volumes {
            shorten(&mut volume.name);
        }
        let containers = spec.containers.iter_mut().chain(&mut spec.init_containers);
        for container in containers.chain(spec.ephemeral_containers.iter_mut().map(|one| &mut one.common)) {
            container.volume_mounts.iter_mut().for_each(|mount| shorten(&mut mount.name));
        }
        LivePod { metadata, spec: specs.share(spec), node_name, status }
    }
}

fn shorten(name: &mut String) {
    if name.starts_with(TOKEN_VOLUME) {
        name.truncate(TOKEN_VOLUME.len() - 1);
    }
}

/// The specs that are there already.
#[derive(Debug, Clone, Default)]
pub(super) struct Specs {
    /// The only one so far, not hashed yet: at admission there is no other.
    first: Option<Arc<PodSpec>>,
    by_hash: HashMap<u64, Vec<Arc<PodSpec>>>,
}

impl Specs {
    fn share(&mut self, spec: PodSpec) -> Arc<PodSpec> {
        match self.first.take() {
            None if self.by_hash.is_empty() => Arc::clone(self.first.insert(Arc::new(spec))),
            None => self.shared(Arc::new(spec)),
            Some(first) => {
                self.shared(first);
                self.shared(Arc::new(spec))
            }
        }
    }

    fn shared(&mut self, spec: Arc<PodSpec>) -> Arc<PodSpec> {
        let hash = self.by_hash.hasher().hash_one(spec.encode_to_vec());
        let same = self.by_hash.entry(hash).or_default();
        if let Some(known) = same.iter().find(|known| ***known == *spec) {
            return Arc::clone(known);
        }
        same.push(Arc::clone(&spec));
        spec
    }

    /// Forgets those that no pod has any more.
    pub(super) fn forget_unused(&mut self) {
        self.first.take_if(|spec| Arc::strong_count(spec) == 1);
        self.by_hash.retain(|_, same| {
            same.retain(|spec| Arc::strong_count(spec) > 1);
            !same.is_empty()
        });
    }
}
