//! What a check may ask. Every answer is three-valued: what was not read is [`Unknown`], never "not there".

mod capacity;
mod filled;
mod network;
mod rbac;
mod selectors;
mod workloads;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::OnceLock,
};

use selectors::Selectors;

use super::{
    amounts::Plan,
    api::{self, Event, HorizontalPodAutoscaler, Moment as _, Service},
    consumers::Consumers,
    kubernetes_version::KubernetesVersion,
    network::{Claims, Slices},
    rbac::{Permissions, takeover::Takeover},
    references::Named,
    settings::{Parameters, Settings},
    subject::Units,
    usage::Usage,
    world::{Custom, Keys, LivePod, Object, POD_KINDS, Unknown, World},
};
use crate::{
    graph::edges::group_of,
    manifest::exists_in_every_cluster,
    model::{Kind, Labels, ObjectKey, Selector, Time, kinds},
    quota::Amounts,
};

/// What workloads need at most, by namespace and quota.
type Planned = BTreeMap<(Box<str>, Box<str>), Plan>;

/// The objects, what they are asked in the light of, and indexes over them that are made when first asked for.
#[derive(Debug)]
pub(crate) struct Context<'w> {
    world: &'w World,
    settings: &'w Settings,
    keys: Keys,
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
            keys: Keys::default(),
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

    /// All objects of a kind with their keys, by namespace and name: for whoever runs rules over them.
    pub(super) fn keyed<T: Object>(&self) -> impl Iterator<Item = (&ObjectKey, &'w T)> {
        let store = self.world.store::<T>();
        T::keys(&self.keys).get_or_init(|| store.keys()).iter().zip(store.all())
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
