//! Objects of every kind that rules read, by namespace and name.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use prost::Message;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Customs, pod::LivePod};
use crate::{
    audit::api,
    model::{DecodeError, Kind, ObjectKey, ObjectMeta, decode, kinds},
};

/// A kind that rules read.
pub(crate) trait Object: Sized + Send + Sync + 'static {
    /// Group and kind.
    const KIND: Kind;

    /// Its metadata.
    fn metadata(&self) -> &ObjectMeta;

    /// Where objects of the kind are kept.
    fn store(stores: &Stores) -> &Store<Self>;

    /// The same, to change it.
    fn store_mut(stores: &mut Stores) -> &mut Store<Self>;

    /// Where keys of the kind are kept.
    fn keys(keys: &Keys) -> &OnceLock<Vec<ObjectKey>>;

    /// What identifies the object.
    fn key(&self) -> ObjectKey {
        key_of(Self::KIND, self.metadata())
    }
}

/// The key of an object of a kind. An object in a file may have `generateName` alone; its prefix stands for its name.
pub(crate) fn key_of(kind: Kind, metadata: &ObjectMeta) -> ObjectKey {
    let namespace = if kind.namespaced { metadata.namespace.as_str() } else { "" };
    ObjectKey::new(kind.group, kind.kind, namespace, metadata.display_name().as_ref())
}

/// Objects of one kind, sorted by namespace and name. Those of the whole cluster have the namespace "". Copies share
/// what is in a namespace until one of them changes something there.
#[derive(Debug, Clone)]
pub(crate) struct Store<T>(BTreeMap<Box<str>, Arc<Named<T>>>);

/// Objects by name.
type Named<T> = BTreeMap<Box<str>, Arc<T>>;

impl<T> Default for Store<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Store<T> {
    /// The object of this name; `""` is the namespace of objects of the whole cluster.
    pub(crate) fn get(&self, namespace: &str, name: &str) -> Option<&T> {
        self.0.get(namespace)?.get(name).map(AsRef::as_ref)
    }

    /// All of one namespace, by name.
    pub(crate) fn within<'a>(&'a self, namespace: &str) -> impl Iterator<Item = &'a T> + use<'a, T> {
        self.0.get(namespace).into_iter().flat_map(|objects| objects.values()).map(AsRef::as_ref)
    }

    /// All, by namespace and name.
    pub(crate) fn all(&self) -> impl Iterator<Item = &T> {
        self.0.values().flat_map(|objects| objects.values()).map(AsRef::as_ref)
    }

    /// The keys of all, in the same order. They share the texts of kinds and namespaces.
    pub(crate) fn keys(&self) -> Vec<ObjectKey>
    where
        T: Object,
    {
        let (group, kind): (Arc<str>, Arc<str>) = (T::KIND.group.into(), T::KIND.kind.into());
        let mut keys = Vec::new();
        for (namespace, objects) in &self.0 {
            let namespace: Arc<str> = (&**namespace).into();
            for name in objects.keys() {
                keys.push(ObjectKey::new(group.clone(), kind.clone(), namespace.clone(), &**name));
            }
        }
        keys
    }

    /// Whether there is any in a namespace.
    pub(crate) fn has_any(&self, namespace: &str) -> bool {
        self.0.get(namespace).is_some_and(|objects| !objects.is_empty())
    }

    fn extend(&mut self, others: &Self) {
        for (namespace, objects) in &others.0 {
            let all = Arc::make_mut(self.0.entry(namespace.clone()).or_default());
            all.extend(objects.iter().map(|(name, object)| (name.clone(), Arc::clone(object))));
        }
    }

    pub(super) fn insert(&mut self, namespace: &str, name: &str, object: T) {
        let objects = Arc::make_mut(self.0.entry(namespace.into()).or_default());
        objects.insert(name.into(), Arc::new(object));
    }

    pub(super) fn remove(&mut self, namespace: &str, name: &str) {
        if let Some(objects) = self.0.get_mut(namespace) {
            Arc::make_mut(objects).remove(name);
            if objects.is_empty() {
                self.0.remove(namespace);
            }
        }
    }
}

/// What an object is read from.
pub(super) enum Form<'a> {
    /// JSON, or YAML once parsed.
    Json(Value),
    /// Protobuf, without the envelope.
    Protobuf(&'a [u8]),
    /// JSON as it came.
    Text(&'a str),
}

impl Form<'_> {
    fn read<T: Message + Default + DeserializeOwned>(self) -> Result<T, DecodeError> {
        match self {
            Self::Json(value) => decode::from_json(value),
            Self::Protobuf(bytes) => decode::from_protobuf(bytes),
            Self::Text(json) => match decode::from_text(json) {
                Some(read) => Ok(read),
                None => decode::from_json(decode::unmanaged(json)?),
            },
        }
    }
}

/// Declares the kinds: the field that keeps them, the type that they are kept as, the type that they are read as, and
/// the constant that names them.
macro_rules! kinds {
    ($($field:ident: $type:ty, $read:ty, $kind:ident;)*) => {
        /// One store for each kind.
        #[derive(Debug, Clone, Default)]
        pub(crate) struct Stores {
            $(pub(super) $field: Store<$type>,)*
        }

        /// Keys of all objects of each kind, in their order, made when first asked for: every rule asks.
        #[derive(Debug, Default)]
        pub(crate) struct Keys {
            $($field: OnceLock<Vec<ObjectKey>>,)*
        }

        $(impl Object for $type {
            const KIND: Kind = kinds::$kind;

            fn metadata(&self) -> &ObjectMeta {
                &self.metadata
            }

            fn store(stores: &Stores) -> &Store<Self> {
                &stores.$field
            }

            fn store_mut(stores: &mut Stores) -> &mut Store<Self> {
                &mut stores.$field
            }

            fn keys(keys: &Keys) -> &OnceLock<Vec<ObjectKey>> {
                &keys.$field
            }
        })*

        impl Stores {
            /// Metadata of the object of this name, of any kind that rules read.
            pub(super) fn metadata(&self, key: &ObjectKey) -> Option<&ObjectMeta> {
                $(if kinds::$kind.is(&key.group, &key.kind) {
                    return self.$field.get(&key.namespace, &key.name).map(Object::metadata);
                })*
                None
            }
        }

        /// Every kind that rules read, by group and kind.
        pub(crate) const READ: &[Kind] = &[$(kinds::$kind),*];

        impl super::World {
            /// Takes an object of a kind that rules read, and shows its metadata. `false`: no rule reads its kind.
            pub(super) fn take(
                &mut self,
                group: &str,
                kind: &str,
                form: Form<'_>,
                show: impl FnOnce(&ObjectMeta),
            ) -> Result<bool, DecodeError> {
                $(if kinds::$kind.is(group, kind) {
                    let read: $read = form.read()?;
                    show(&read.metadata);
                    self.insert::<$type, $read>(read)?;
                    return Ok(true);
                })*
                Ok(false)
            }

            /// Forgets an object.
            pub fn remove(&mut self, key: &ObjectKey) {
                $(if kinds::$kind.is(&key.group, &key.kind) {
                    self.stores.$field.remove(&key.namespace, &key.name);
                })*
                self.forget_custom(key);
            }

            /// The same objects and these others, which take the place of those of their names. Objects are shared and
            /// no more can be taken.
            pub(crate) fn with(&self, others: &Self) -> Self {
                let mut stores = self.stores.clone();
                $(stores.$field.extend(&others.stores.$field);)*
                let both = |ours: &Customs, theirs: &Customs| {
                    let mut both = ours.clone();
                    for (kind, objects) in theirs {
                        let all = Arc::make_mut(both.entry(kind.clone()).or_default());
                        all.extend(objects.iter().map(|(key, object)| (key.clone(), Arc::clone(object))));
                    }
                    both
                };
                Self {
                    stores,
                    custom: both(&self.custom, &others.custom),
                    whole: both(&self.whole, &others.whole),
                    coverage: self.coverage.clone(),
                    version: self.version,
                    live: self.live,
                    has_data: self.has_data,
                    ..Self::default()
                }
            }

            pub(super) fn builtin_keys(&self) -> impl Iterator<Item = ObjectKey> + '_ {
                std::iter::empty()$(.chain(self.stores.$field.all().map(Object::key)))*
            }

            /// How many objects of a kind there are.
            pub fn count(&self, kind: Kind) -> usize {
                $(if kinds::$kind.is(kind.group, kind.kind) {
                    return self.stores.$field.0.values().map(|objects| objects.len()).sum();
                })*
                let custom = self.custom.get(&(Box::from(kind.group), Box::from(kind.kind)));
                custom.map_or(0, |objects| objects.len())
            }

            /// How many objects there are of the kinds that rules read.
            pub fn len(&self) -> usize {
                0 $(+ self.stores.$field.0.values().map(|objects| objects.len()).sum::<usize>())*
            }
        }
    };
}

kinds! {
    pods: LivePod, api::Pod, POD;
    pod_templates: api::PodTemplate, api::PodTemplate, POD_TEMPLATE;
    replication_controllers: api::ReplicationController, api::ReplicationController, REPLICATION_CONTROLLER;
    services: api::Service, api::Service, SERVICE;
    service_accounts: api::ServiceAccount, api::ServiceAccount, SERVICE_ACCOUNT;
    namespaces: api::Namespace, api::Namespace, NAMESPACE;
    nodes: api::Node, api::Node, NODE;
    persistent_volumes: api::PersistentVolume, api::PersistentVolume, PERSISTENT_VOLUME;
    persistent_volume_claims: api::PersistentVolumeClaim, api::PersistentVolumeClaim, PERSISTENT_VOLUME_CLAIM;
    resource_quotas: api::ResourceQuota, api::ResourceQuota, RESOURCE_QUOTA;
    limit_ranges: api::LimitRange, api::LimitRange, LIMIT_RANGE;
    config_maps: api::ConfigMap, api::ConfigMap, CONFIG_MAP;
    secrets: api::Secret, api::Secret, SECRET;
    events: api::Event, api::Event, EVENT;
    deployments: api::Deployment, api::Deployment, DEPLOYMENT;
    replica_sets: api::ReplicaSet, api::ReplicaSet, REPLICA_SET;
    stateful_sets: api::StatefulSet, api::StatefulSet, STATEFUL_SET;
    daemon_sets: api::DaemonSet, api::DaemonSet, DAEMON_SET;
    jobs: api::Job, api::Job, JOB;
    cron_jobs: api::CronJob, api::CronJob, CRON_JOB;
    ingresses: api::Ingress, api::Ingress, INGRESS;
    ingress_classes: api::IngressClass, api::IngressClass, INGRESS_CLASS;
    network_policies: api::NetworkPolicy, api::NetworkPolicy, NETWORK_POLICY;
    pod_disruption_budgets: api::PodDisruptionBudget, api::PodDisruptionBudget, POD_DISRUPTION_BUDGET;
    horizontal_pod_autoscalers: api::HorizontalPodAutoscaler, api::HorizontalPodAutoscaler,
        HORIZONTAL_POD_AUTOSCALER;
    roles: api::Role, api::Role, ROLE;
    cluster_roles: api::ClusterRole, api::ClusterRole, CLUSTER_ROLE;
    role_bindings: api::RoleBinding, api::RoleBinding, ROLE_BINDING;
    cluster_role_bindings: api::ClusterRoleBinding, api::ClusterRoleBinding, CLUSTER_ROLE_BINDING;
    storage_classes: api::StorageClass, api::StorageClass, STORAGE_CLASS;
    priority_classes: api::PriorityClass, api::PriorityClass, PRIORITY_CLASS;
    runtime_classes: api::RuntimeClass, api::RuntimeClass, RUNTIME_CLASS;
    validating_webhooks: api::ValidatingWebhookConfiguration, api::ValidatingWebhookConfiguration,
        VALIDATING_WEBHOOK_CONFIGURATION;
    mutating_webhooks: api::MutatingWebhookConfiguration, api::MutatingWebhookConfiguration,
        MUTATING_WEBHOOK_CONFIGURATION;
    leases: api::Lease, api::Lease, LEASE;
    endpoint_slices: api::EndpointSlice, api::EndpointSlice, ENDPOINT_SLICE;
    api_services: api::ApiService, api::ApiService, API_SERVICE;
}
