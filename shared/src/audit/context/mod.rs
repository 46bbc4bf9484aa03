//! What a check may ask. Every answer is three-valued: what was not read is [`Unknown`], never "not there".

mod network;
mod rbac;
mod selectors;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, OnceLock},
};

use selectors::Selectors;

use super::{
    amounts,
    api::{self, Event, HorizontalPodAutoscaler, Moment as _, NetworkPolicy, PodDisruptionBudget, Service},
    consumers::Consumers,
    kubernetes_version::KubernetesVersion,
    network::{Claims, Slices},
    rbac::{Permissions, takeover::Takeover},
    references::Named,
    settings::{Parameters, Settings},
    subject::{PodView, Units},
    unseen::of_templates,
    usage::Usage,
    world::{Custom, LivePod, Object, POD_KINDS, Unknown, World},
};
use crate::{
    graph::edges::group_of,
    manifest::exists_in_every_cluster,
    model::{Kind, Labels, ObjectKey, Selector, Time, kinds},
    quota::Amounts,
};

/// What rollouts need at most, by namespace and quota.
type Planned = BTreeMap<(Box<str>, Box<str>), Amounts>;

/// The objects, what they are asked in the light of, and indexes over them that are made when first asked for.
#[derive(Debug)]
pub(crate) struct Context<'w> {
    world: &'w World,
    settings: &'w Settings,
    units: OnceLock<Units<'w>>,
    units_by_namespace: OnceLock<HashMap<&'w str, Vec<usize>>>,
    units_by_label: OnceLock<Selectors>,
    services: OnceLock<Vec<(&'w Service, Selector)>>,
    services_by_label: OnceLock<Selectors>,
    autoscalers: OnceLock<HashMap<ObjectKey, Vec<&'w HorizontalPodAutoscaler>>>,
    events: OnceLock<HashMap<ObjectKey, Vec<&'w Event>>>,
    consumers: OnceLock<Consumers<'w>>,
    permissions: OnceLock<Result<Permissions<'w>, Unknown>>,
    takeover: OnceLock<Result<Takeover, Unknown>>,
    bound_cluster_roles: OnceLock<Result<BTreeSet<&'w str>, Unknown>>,
    accounts_of_pods: OnceLock<BTreeMap<(&'w str, &'w str), Vec<usize>>>,
    pod_namespaces: OnceLock<BTreeSet<&'w str>>,
    slices: OnceLock<Slices<'w>>,
    claims: OnceLock<Claims<'w>>,
    ingress_services: OnceLock<BTreeSet<(&'w str, &'w str)>>,
    named: OnceLock<Named<'w>>,
    rooms: OnceLock<Vec<Amounts>>,
    on_nodes: OnceLock<HashMap<&'w str, Vec<&'w LivePod>>>,
    planned: OnceLock<Planned>,
    /// By address of the spec.
    asked: OnceLock<HashMap<usize, (Amounts, Amounts)>>,
}

impl<'w> Context<'w> {
    /// Asks about these objects.
    pub(crate) fn new(world: &'w World, settings: &'w Settings) -> Self {
        Self {
            world,
            settings,
            units: OnceLock::new(),
            units_by_namespace: OnceLock::new(),
            units_by_label: OnceLock::new(),
            services: OnceLock::new(),
            services_by_label: OnceLock::new(),
            autoscalers: OnceLock::new(),
            events: OnceLock::new(),
            consumers: OnceLock::new(),
            permissions: OnceLock::new(),
            takeover: OnceLock::new(),
            bound_cluster_roles: OnceLock::new(),
            accounts_of_pods: OnceLock::new(),
            pod_namespaces: OnceLock::new(),
            slices: OnceLock::new(),
            claims: OnceLock::new(),
            ingress_services: OnceLock::new(),
            named: OnceLock::new(),
            rooms: OnceLock::new(),
            on_nodes: OnceLock::new(),
            planned: OnceLock::new(),
            asked: OnceLock::new(),
        }
    }

    /// All objects. Checks ask the methods below instead, which know what was not read.
    pub(super) fn world(&self) -> &'w World {
        self.world
    }

    /// What a run takes for granted.
    pub(super) fn settings(&self) -> &'w Settings {
        self.settings
    }

    /// Whether the objects are live; files have no status that means anything.
    pub(crate) fn is_live(&self) -> bool {
        self.world.live
    }

    /// Whether the data of config maps, and the keys of secrets, are there: of files only, never of a cluster.
    pub(crate) fn has_data(&self) -> bool {
        self.world.has_data
    }

    /// That the data of config maps was read.
    pub(crate) fn data(&self) -> Result<(), Unknown> {
        let unread = || Unknown("the data of config maps was not read".to_owned());
        self.world.has_data.then_some(()).ok_or_else(unread)
    }

    /// The time.
    pub(crate) fn now(&self) -> Result<Time, Unknown> {
        self.settings.now.ok_or_else(|| Unknown("the time is not known".to_owned()))
    }

    /// The version of Kubernetes that the objects are for.
    pub(crate) fn version(&self) -> KubernetesVersion {
        self.settings.version
    }

    /// Thresholds and lists.
    pub(crate) fn parameters(&self) -> &'w Parameters {
        &self.settings.parameters
    }

    /// The object of this name, if there is one. `""` is the namespace of objects of the whole cluster.
    pub(crate) fn get<T: Object>(&self, namespace: &str, name: &str) -> Result<Option<&'w T>, Unknown> {
        let found = self.world.store::<T>().get(namespace, name);
        if found.is_none() {
            self.is_absent(T::KIND, namespace, name)?;
        }
        Ok(found)
    }

    /// Whether there is an object of this name; those that every cluster has need not be in files.
    pub(crate) fn exists<T: Object>(&self, namespace: &str, name: &str) -> Result<bool, Unknown> {
        if self.world.store::<T>().get(namespace, name).is_some() {
            return Ok(true);
        }
        let key = ObjectKey::new(T::KIND.group, T::KIND.kind, namespace, name);
        if !self.world.live && exists_in_every_cluster(&key) {
            return Ok(true);
        }
        self.is_absent(T::KIND, namespace, name)?;
        Ok(false)
    }

    /// All objects of a kind in a namespace, by name.
    pub(crate) fn within<T: Object>(
        &self,
        namespace: &str,
    ) -> Result<impl Iterator<Item = &'w T> + use<'w, T>, Unknown> {
        self.covered(T::KIND, namespace)?;
        Ok(self.world.store::<T>().within(namespace))
    }

    /// All objects of a kind, by namespace and name.
    pub(crate) fn all<T: Object>(&self) -> Result<impl Iterator<Item = &'w T> + use<'w, T>, Unknown> {
        self.world.coverage.check(T::KIND, None)?;
        Ok(self.world.store::<T>().all())
    }

    /// All objects of a kind that is not built in, by namespace and name.
    pub(crate) fn custom(
        &self,
        kind: Kind,
    ) -> Result<impl Iterator<Item = (&'w ObjectKey, &'w Custom)> + use<'w>, Unknown> {
        self.world.coverage.check(kind, None)?;
        Ok(self.world.custom(kind))
    }

    /// The pods that were read, folded into their workloads, sorted by owner. Of what was not read nothing is known.
    pub(crate) fn units(&self) -> &[PodView<'w>] {
        &self.folded().all
    }

    fn folded(&self) -> &Units<'w> {
        self.units.get_or_init(|| Units::of(self.world))
    }

    /// The same, of one namespace.
    pub(crate) fn units_within(&self, namespace: &str) -> Result<Vec<&PodView<'w>>, Unknown> {
        for kind in POD_KINDS {
            self.covered(*kind, namespace)?;
        }
        let units = &self.folded().all;
        let index = self.units_by_namespace.get_or_init(|| {
            let mut index: HashMap<&str, Vec<usize>> = HashMap::new();
            for (at, unit) in units.iter().enumerate() {
                index.entry(unit.namespace()).or_default().push(at);
            }
            index
        });
        let found = index.get(namespace).map(Vec::as_slice).unwrap_or_default();
        Ok(found.iter().filter_map(|at| units.get(*at)).collect())
    }

    /// The pods of a workload, or a pod that nothing makes; none when it is not there.
    pub(crate) fn unit(&self, owner: &ObjectKey) -> Option<&PodView<'w>> {
        self.folded().get(owner)
    }

    /// The pods of a namespace that have these labels, by workload.
    pub(crate) fn selected(
        &self,
        namespace: &str,
        selector: &Selector,
    ) -> Result<Vec<&PodView<'w>>, Unknown> {
        for kind in POD_KINDS {
            self.covered(*kind, namespace)?;
        }
        let units = &self.folded().all;
        let index = self
            .units_by_label
            .get_or_init(|| Selectors::of_labels(units.iter().map(|unit| (unit.namespace(), unit.labels()))));
        let found = index.candidates_for(namespace, &of_templates(selector));
        let view = |at: usize| units.get(at).filter(|unit| unit.is_selected_by(selector));
        let found: Vec<_> = found.into_iter().filter_map(view).collect();
        if found.is_empty() {
            self.no_other_pods(Some(namespace))?;
        }
        Ok(found)
    }

    /// The services that select these pods, by name.
    pub(crate) fn services_of(&self, pods: &PodView<'_>) -> Result<Vec<&'w Service>, Unknown> {
        let namespace = pods.namespace();
        self.covered(kinds::SERVICE, namespace)?;
        let services = self.services.get_or_init(|| {
            let all = self.world.store::<Service>().all();
            let selecting = all
                .filter(|service| !service.spec.selector.is_empty() && service.spec.r#type != "ExternalName");
            selecting.map(|service| (service, Selector::labels(&service.spec.selector))).collect()
        });
        let index = self.services_by_label.get_or_init(|| {
            let own = services.iter().map(|(service, selector)| (service, of_templates(selector)));
            let own: Vec<_> = own.collect();
            let each = own.iter();
            Selectors::of_selectors(
                each.map(|(service, selector)| (service.metadata.namespace.as_str(), selector)),
            )
        });
        let labels = Labels::from(pods.labels());
        let found = index.candidates_of(namespace, &labels).into_iter().filter_map(|at| services.get(at));
        let matching = found.filter(|(_, selector)| pods.is_selected_by(selector));
        Ok(matching.map(|(service, _)| *service).collect())
    }

    /// The network policies that select these pods, by name.
    pub(crate) fn policies_of(&self, pods: &PodView<'_>) -> Result<Vec<&'w NetworkPolicy>, Unknown> {
        let all = self.within::<NetworkPolicy>(pods.namespace())?;
        // An empty selector, and one that is left out, select every pod of the namespace.
        let selects =
            |policy: &&NetworkPolicy| pods.is_selected_by(&Selector::from(&policy.spec.pod_selector));
        Ok(all.filter(selects).collect())
    }

    /// The disruption budgets that select these pods, by name. A selector that is left out selects nothing, an empty
    /// one everything.
    pub(crate) fn budgets_of(&self, pods: &PodView<'_>) -> Result<Vec<&'w PodDisruptionBudget>, Unknown> {
        let all = self.within::<PodDisruptionBudget>(pods.namespace())?;
        let selects = |budget: &&PodDisruptionBudget| {
            budget
                .spec
                .selector
                .as_ref()
                .is_some_and(|selector| pods.is_selected_by(&Selector::from(selector)))
        };
        Ok(all.filter(selects).collect())
    }

    /// The autoscalers that scale a workload.
    pub(crate) fn autoscalers_of(
        &self,
        workload: &ObjectKey,
    ) -> Result<&[&'w HorizontalPodAutoscaler], Unknown> {
        self.covered(kinds::HORIZONTAL_POD_AUTOSCALER, &workload.namespace)?;
        let all = self.autoscalers.get_or_init(|| {
            let mut all: HashMap<ObjectKey, Vec<&'w HorizontalPodAutoscaler>> = HashMap::new();
            for autoscaler in self.world.store::<HorizontalPodAutoscaler>().all() {
                let target = &autoscaler.spec.scale_target_ref;
                let group = group_of(&target.api_version);
                let namespace = autoscaler.metadata.namespace.as_str();
                let key = ObjectKey::new(group, target.kind.as_str(), namespace, target.name.as_str());
                all.entry(key).or_default().push(autoscaler);
            }
            all
        });
        Ok(all.get(workload).map(Vec::as_slice).unwrap_or_default())
    }

    /// The events about an object, oldest first.
    pub(crate) fn events_of(&self, object: &ObjectKey) -> Result<&[&'w Event], Unknown> {
        self.covered(kinds::EVENT, &object.namespace)?;
        let all = self.events.get_or_init(|| {
            let mut all: HashMap<ObjectKey, Vec<&'w Event>> = HashMap::new();
            for event in self.world.store::<Event>().all() {
                let about = &event.involved_object;
                let group = group_of(&about.api_version);
                let namespace = about.namespace.as_str();
                let key = ObjectKey::new(group, about.kind.as_str(), namespace, about.name.as_str());
                all.entry(key).or_default().push(event);
            }
            let last = |event: &&Event| event.last_timestamp.known().or(event.event_time.known());
            #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
            for events in all.values_mut() {
                events.sort_by_key(last);
            }
            all
        });
        Ok(all.get(object).map(Vec::as_slice).unwrap_or_default())
    }

    /// Who uses which secret and which config map, of all that was read.
    pub(crate) fn consumers(&self) -> &Consumers<'w> {
        self.consumers.get_or_init(|| Consumers::of(self.world, self.units()))
    }

    /// What containers, nodes and volumes use now.
    pub(crate) fn usage(&self) -> Result<&'w Usage, Unknown> {
        self.world.usage.as_ref().ok_or_else(|| {
            let missed = self.world.coverage.missed(kinds::POD_METRICS);
            missed.unwrap_or_else(|| Unknown("what pods and nodes use was not read".to_owned()))
        })
    }

    /// Every config map, secret and claim that any pod refers to. Pods of a namespace must have been read.
    pub(crate) fn named(&self, namespace: &str) -> Result<&Named<'w>, Unknown> {
        for kind in POD_KINDS {
            self.covered(*kind, namespace)?;
        }
        Ok(self.named.get_or_init(|| Named::by(self.units())))
    }

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
    pub(crate) fn planned(&self, namespace: &str, quota: &str) -> Amounts {
        let planned = self.planned.get_or_init(|| amounts::planned(self));
        planned.get(&(namespace.into(), quota.into())).cloned().unwrap_or_default()
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

    /// The labels of a namespace.
    pub(crate) fn namespace_labels(&self, name: &str) -> Result<Labels, Unknown> {
        let found = self.get::<api::Namespace>("", name)?;
        let own = found.map(|namespace| Labels::from(&namespace.metadata.labels));
        own.ok_or_else(|| Unknown(format!("Namespace/{name} was not read")))
    }

    /// Whether all objects of a kind were read.
    pub(crate) fn covered_everywhere(&self, kind: Kind) -> Result<(), Unknown> {
        self.world.coverage.check(kind, None)
    }

    /// Whether objects of a kind were read in a namespace; `""` for kinds of the whole cluster.
    pub(crate) fn covered(&self, kind: Kind, namespace: &str) -> Result<(), Unknown> {
        self.world.coverage.check(kind, kind.namespaced.then_some(namespace))
    }
}
