use std::collections::{BTreeMap, HashMap};

use super::{ContainerView, Role, Workload};
use crate::{
    audit::{
        api::{self, PodSpec},
        world::{LivePod, World},
    },
    graph::edges::group_of,
    model::{Kind, ObjectKey, ObjectMeta, kinds},
};

/// The pods of a workload, or one pod that nothing makes: what they are made of, and those that there are.
#[derive(Debug, Clone)]
pub(crate) struct PodView<'w> {
    /// Whom findings are about: the workload at the top, even where only its name is known.
    pub(crate) owner: ObjectKey,
    /// The workload that holds the spec.
    pub(crate) workload: Workload<'w>,
    /// Metadata of the pods: their labels and annotations.
    pub(crate) metadata: &'w ObjectMeta,
    /// What they are.
    pub(crate) spec: &'w PodSpec,
    /// The live pods, by name; none in files.
    pub(crate) pods: Vec<&'w LivePod>,
    at: &'static str,
}

impl<'w> PodView<'w> {
    /// The pods that a workload makes.
    pub(crate) fn of(workload: Workload<'w>) -> Option<Self> {
        let template = workload.template()?;
        Some(Self {
            owner: workload.key(),
            workload,
            metadata: template.metadata,
            spec: template.spec,
            pods: Vec::new(),
            at: template.at,
        })
    }

    /// Namespace of the pods.
    pub(crate) fn namespace(&self) -> &'w str {
        &self.workload.metadata().namespace
    }

    /// Labels of the pods.
    pub(crate) fn labels(&self) -> &'w BTreeMap<String, String> {
        &self.metadata.labels
    }

    /// Path of a field of the spec; of the spec itself when that is empty.
    pub(crate) fn path(&self, field: &str) -> String {
        let dot = if field.is_empty() { "" } else { "." };
        format!("{}{dot}{field}", self.at)
    }

    /// Path of a field of the pods' metadata.
    pub(crate) fn metadata_path(&self, field: &str) -> String {
        let at = self.at.strip_suffix("spec").unwrap_or_default();
        format!("{at}metadata.{field}")
    }

    /// How many pods there are to be at a time, where the workload says so.
    pub(crate) fn replicas(&self) -> Option<i32> {
        self.workload.replicas()
    }

    /// Where the spec stands in the workload.
    pub(crate) fn at(&self) -> &'static str {
        self.at
    }

    /// Init containers and sidecars in their order, then the containers, then those that were added to debug.
    pub(crate) fn containers(&self) -> impl Iterator<Item = ContainerView<'w>> + use<'w> {
        containers_of(self.spec, self.at)
    }

    /// The containers that run as long as the pod does.
    pub(crate) fn running_containers(&self) -> impl Iterator<Item = ContainerView<'w>> + use<'w> {
        self.containers().filter(|container| container.role.keeps_running())
    }

    /// The service account that the pods run as.
    pub(crate) fn service_account(&self) -> &'w str {
        let spec = self.spec;
        let named = [&spec.service_account_name, &spec.service_account];
        named.into_iter().find(|name| !name.is_empty()).map_or("default", String::as_str)
    }

    /// Whether the pods run Windows, as far as they say.
    pub(crate) fn is_windows(&self) -> bool {
        self.spec.os.as_ref().is_some_and(|os| os.name == "windows")
    }

    /// Whether it is a pod that the kubelet made of a file: nobody can change it through the API server.
    pub(crate) fn is_mirror(&self) -> bool {
        matches!(self.workload, Workload::Pod(pod) if pod.is_mirror())
    }

    /// Whether a workload makes no pods now: scaled to nothing, or suspended.
    pub(crate) fn is_idle(&self) -> bool {
        let suspended = match self.workload {
            Workload::Job(job) => job.spec.suspend == Some(true),
            Workload::CronJob(job) => job.spec.suspend == Some(true),
            _ => false,
        };
        suspended || self.replicas() == Some(0)
    }
}

/// All containers of a spec that stands at this path, in the order in which the kubelet starts them.
pub(crate) fn containers_of<'w>(
    spec: &'w PodSpec,
    at: &'static str,
) -> impl Iterator<Item = ContainerView<'w>> + use<'w> {
    let init = spec.init_containers.iter().enumerate().map(move |(index, container)| {
        let role =
            if container.restart_policy.as_deref() == Some("Always") { Role::Sidecar } else { Role::Init };
        ContainerView::new(container, role, at, index)
    });
    let main = spec.containers.iter().enumerate();
    let main = main.map(move |(index, container)| ContainerView::new(container, Role::Main, at, index));
    let ephemeral = spec
        .ephemeral_containers
        .iter()
        .enumerate()
        .map(move |(index, container)| ContainerView::new(&container.common, Role::Ephemeral, at, index));
    init.chain(main).chain(ephemeral)
}

/// Every workload and every pod by itself, whoever made it and whether it has ended.
pub(crate) fn every_view(world: &World) -> Vec<PodView<'_>> {
    let pods = world.store::<LivePod>().all().map(Workload::Pod);
    workloads(world).chain(pods).filter_map(PodView::of).collect()
}

/// All pods of a world, by workload.
#[derive(Debug, Default)]
pub(crate) struct Units<'w> {
    /// Sorted by owner.
    pub(crate) all: Vec<PodView<'w>>,
    by_owner: HashMap<ObjectKey, usize>,
}

impl<'w> Units<'w> {
    /// Folds the pods of a world into their workloads. What another workload among the objects made is part of that
    /// one; what nothing needs any more (finished jobs, pods at their end, replica sets that were rolled over) is
    /// left out.
    pub(crate) fn of(world: &'w World) -> Self {
        let mut units: BTreeMap<ObjectKey, PodView<'w>> = BTreeMap::new();
        let mut parents: HashMap<ObjectKey, ObjectKey> = HashMap::new();
        for workload in workloads(world) {
            let key = workload.key();
            if let Some(parent) = controller(workload.metadata()) {
                parents.insert(key.clone(), parent);
            }
        }
        for workload in workloads(world) {
            let key = workload.key();
            let top = top(&parents, &key);
            let superseded = top != key && (world_has(world, &top) || workload.replicas() == Some(0));
            if superseded || is_finished(workload) {
                continue;
            }
            if let Some(mut view) = PodView::of(workload) {
                view.owner = top.clone();
                units.entry(top).or_insert(view);
            }
        }
        for pod in world.store::<LivePod>().all() {
            let Some(parent) = controller(&pod.metadata).filter(|_| !pod.is_mirror()) else {
                if let Some(view) = PodView::of(Workload::Pod(pod)).filter(|_| !pod.has_ended()) {
                    let mut view = view;
                    view.pods.push(pod);
                    units.insert(view.owner.clone(), view);
                }
                continue;
            };
            let top = top(&parents, &parent);
            if let Some(view) = units.get_mut(&top) {
                view.pods.push(pod);
            } else if let Some(mut view) = PodView::of(Workload::Pod(pod)).filter(|_| !pod.has_ended()) {
                // Made by something that was not read: its name is all that is known of it.
                view.owner = top.clone();
                view.pods.push(pod);
                units.insert(top, view);
            }
        }
        let all: Vec<PodView<'w>> = units.into_values().collect();
        let by_owner = all.iter().enumerate().map(|(at, view)| (view.owner.clone(), at)).collect();
        Self { all, by_owner }
    }

    /// The pods of a workload.
    pub(crate) fn get(&self, owner: &ObjectKey) -> Option<&PodView<'w>> {
        self.by_owner.get(owner).and_then(|at| self.all.get(*at))
    }
}

/// Every workload, in no order that matters.
fn workloads(world: &World) -> impl Iterator<Item = Workload<'_>> {
    let apps = world.store::<api::Deployment>().all().map(Workload::Deployment);
    let apps = apps.chain(world.store::<api::ReplicaSet>().all().map(Workload::ReplicaSet));
    let apps = apps.chain(world.store::<api::StatefulSet>().all().map(Workload::StatefulSet));
    let apps = apps.chain(world.store::<api::DaemonSet>().all().map(Workload::DaemonSet));
    let old = world.store::<api::ReplicationController>().all().map(Workload::ReplicationController);
    let jobs = world.store::<api::Job>().all().map(Workload::Job);
    let jobs = jobs.chain(world.store::<api::CronJob>().all().map(Workload::CronJob));
    let templates = world.store::<api::PodTemplate>().all().map(Workload::PodTemplate);
    apps.chain(old).chain(jobs).chain(templates)
}

/// Who manages an object, by its own word.
pub(crate) fn controller(metadata: &ObjectMeta) -> Option<ObjectKey> {
    let owner = metadata.controller()?;
    let group = group_of(&owner.api_version);
    let namespace = if owner.kind == "Node" { "" } else { metadata.namespace.as_str() };
    Some(ObjectKey::new(group, owner.kind.as_str(), namespace, owner.name.as_str()))
}

/// The workload at the top. Owners that own each other end the climb.
fn top(parents: &HashMap<ObjectKey, ObjectKey>, key: &ObjectKey) -> ObjectKey {
    let mut at = key;
    for _ in 0..parents.len() {
        match parents.get(at) {
            Some(parent) => at = parent,
            None => break,
        }
    }
    at.clone()
}

/// Whether a workload that holds the template is there itself.
fn world_has(world: &World, key: &ObjectKey) -> bool {
    let (namespace, name) = (&*key.namespace, &*key.name);
    let is = |kind: Kind| kind.is(&key.group, &key.kind);
    (is(kinds::DEPLOYMENT) && world.store::<api::Deployment>().get(namespace, name).is_some())
        || (is(kinds::CRON_JOB) && world.store::<api::CronJob>().get(namespace, name).is_some())
}

fn is_finished(workload: Workload<'_>) -> bool {
    let Workload::Job(job) = workload else {
        return false;
    };
    let ended = |condition: &api::JobCondition| {
        matches!(condition.r#type.as_str(), "Complete" | "Failed") && condition.status == "True"
    };
    job.status.conditions.iter().any(ended)
}
