//! Who uses which secret and which config map, told generously: what might be a use is one. And which other objects
//! custom resources name.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    api::{self, ObjectReference, PodSpec, SecretReference},
    context::Context,
    subject::PodView,
    world::{POD_KINDS, Unknown, World},
};
use crate::{
    manifest::is_put_everywhere,
    model::{Kind, ObjectMeta, kinds},
};

/// Kinds that are not built in and whose objects name secrets and config maps; all others that were read count too.
pub(crate) const CUSTOM: &[Kind] = &[
    kinds::ALERTMANAGER,
    kinds::CERTIFICATE,
    kinds::CLUSTER_ISSUER,
    kinds::FLUX_KUSTOMIZATION,
    kinds::GATEWAY,
    kinds::HELM_RELEASE,
    kinds::INGRESS_ROUTE,
    kinds::ISSUER,
    kinds::PROMETHEUS,
];

/// What is used.
#[derive(Debug, Default)]
pub(crate) struct Consumers<'w> {
    /// Namespace and name of secrets.
    secrets: HashSet<(&'w str, &'w str)>,
    /// Namespace and name of config maps.
    config_maps: HashSet<(&'w str, &'w str)>,
    /// Names of any of them that are written somewhere: in arguments, annotations, roles, custom resources.
    mentioned: HashSet<&'w str>,
    /// Names of these, of claims and of service accounts that stand in custom resources.
    of_custom: HashSet<&'w str>,
    /// All names that there are to look for.
    names: HashSet<&'w str>,
}

impl<'w> Consumers<'w> {
    /// Of the objects of a world, its pods folded into workloads.
    pub(super) fn of(world: &'w World, units: &[PodView<'w>]) -> Self {
        let mut all = Self::default();
        let maps = world.store::<api::ConfigMap>().all().map(|it| it.metadata.name.as_str());
        let secrets = world.store::<api::Secret>().all().map(|it| it.metadata.name.as_str());
        let claims = world.store::<api::PersistentVolumeClaim>().all().map(|it| it.metadata.name.as_str());
        let accounts = world.store::<api::ServiceAccount>().all().map(|it| it.metadata.name.as_str());
        all.names = maps.chain(secrets).chain(claims).chain(accounts).collect();
        for unit in units {
            all.of_pods(unit.namespace(), unit.metadata, unit.spec);
            all.of_annotations(unit.workload.metadata());
        }
        // A rollback goes to a replica set that has no pods now.
        for set in world.store::<api::ReplicaSet>().all() {
            let template = &set.spec.template;
            all.of_pods(&set.metadata.namespace, &template.metadata, &template.spec);
        }
        all.of_accounts(world);
        all.of_cluster(world);
        all.of_roles(world);
        for (_, object) in world.customs() {
            all.of_value(&object.value);
        }
        for map in world.store::<api::ConfigMap>().all() {
            map.data.values().for_each(|text| all.mention(text));
        }
        all
    }

    /// Whether something uses the secret of this name, or may.
    pub(crate) fn use_secret(&self, namespace: &str, name: &str) -> bool {
        self.mentioned.contains(name) || self.secrets.contains(&(namespace, name))
    }

    /// Whether something uses the config map of this name, or may.
    pub(crate) fn use_config_map(&self, namespace: &str, name: &str) -> bool {
        self.mentioned.contains(name) || self.config_maps.contains(&(namespace, name))
    }

    /// Whether a custom resource names a claim or a service account of this name, to run pods with it or to hand it to
    /// those that it makes.
    pub(crate) fn custom_names(&self, name: &str) -> bool {
        self.of_custom.contains(name)
    }

    fn of_pods(&mut self, namespace: &'w str, metadata: &'w ObjectMeta, spec: &'w PodSpec) {
        self.of_annotations(metadata);
        let ephemeral = spec.ephemeral_containers.iter().map(|container| &container.common);
        for container in spec.init_containers.iter().chain(&spec.containers).chain(ephemeral) {
            for variable in &container.env {
                self.mention(&variable.value);
                let from = variable.value_from.as_ref();
                let secret = from.and_then(|from| from.secret_key_ref.as_ref());
                self.secrets.extend(secret.map(|it| (namespace, it.reference.name.as_str())));
                let map = from.and_then(|from| from.config_map_key_ref.as_ref());
                self.config_maps.extend(map.map(|it| (namespace, it.reference.name.as_str())));
            }
            for source in &container.env_from {
                let secret = source.secret_ref.as_ref().map(|it| (namespace, it.reference.name.as_str()));
                self.secrets.extend(secret);
                let map = source.config_map_ref.as_ref().map(|it| (namespace, it.reference.name.as_str()));
                self.config_maps.extend(map);
            }
            container.command.iter().chain(&container.args).for_each(|word| self.mention(word));
        }
        for volume in &spec.volumes {
            self.of_volume(namespace, &volume.source);
        }
        let pull = spec.image_pull_secrets.iter().map(|it| (namespace, it.name.as_str()));
        self.secrets.extend(pull);
    }

    fn of_volume(&mut self, namespace: &'w str, source: &'w api::VolumeSource) {
        let own = source.secret.as_ref().map(|it| it.secret_name.as_str());
        let azure = source.azure_file.as_ref().map(|it| it.secret_name.as_str());
        let others = [
            source.csi.as_ref().and_then(|it| it.node_publish_secret_ref.as_ref()),
            source.cephfs.as_ref().and_then(|it| it.secret_ref.as_ref()),
            source.cinder.as_ref().and_then(|it| it.secret_ref.as_ref()),
            source.flex_volume.as_ref().and_then(|it| it.secret_ref.as_ref()),
            source.iscsi.as_ref().and_then(|it| it.secret_ref.as_ref()),
            source.rbd.as_ref().and_then(|it| it.secret_ref.as_ref()),
            source.scale_io.as_ref().and_then(|it| it.secret_ref.as_ref()),
            source.storageos.as_ref().and_then(|it| it.secret_ref.as_ref()),
        ];
        let others = others.into_iter().flatten().map(|it| it.name.as_str());
        self.secrets.extend(own.into_iter().chain(azure).chain(others).map(|name| (namespace, name)));
        let map = source.config_map.as_ref().map(|it| (namespace, it.reference.name.as_str()));
        self.config_maps.extend(map);
        if let Some(csi) = &source.csi {
            csi.volume_attributes.values().for_each(|text| self.mention(text));
        }
        for source in source.projected.iter().flat_map(|projected| &projected.sources) {
            let secret = source.secret.as_ref().map(|it| (namespace, it.reference.name.as_str()));
            self.secrets.extend(secret);
            let map = source.config_map.as_ref().map(|it| (namespace, it.reference.name.as_str()));
            self.config_maps.extend(map);
        }
    }

    fn of_accounts(&mut self, world: &'w World) {
        for account in world.store::<api::ServiceAccount>().all() {
            let namespace = account.metadata.namespace.as_str();
            let own = account.secrets.iter().map(|it: &ObjectReference| it.name.as_str());
            let pull = account.image_pull_secrets.iter().map(|it| it.name.as_str());
            self.secrets.extend(own.chain(pull).map(|name| (namespace, name)));
            self.of_annotations(&account.metadata);
        }
    }

    fn of_cluster(&mut self, world: &'w World) {
        for ingress in world.store::<api::Ingress>().all() {
            let namespace = ingress.metadata.namespace.as_str();
            self.secrets.extend(ingress.spec.tls.iter().map(|it| (namespace, it.secret_name.as_str())));
            self.of_annotations(&ingress.metadata);
        }
        for volume in world.store::<api::PersistentVolume>().all() {
            let csi = volume.spec.source.csi.iter();
            let references = csi.flat_map(|it| {
                [
                    &it.controller_publish_secret_ref,
                    &it.node_stage_secret_ref,
                    &it.node_publish_secret_ref,
                    &it.controller_expand_secret_ref,
                    &it.node_expand_secret_ref,
                ]
            });
            let named = |it: &'w SecretReference| (it.namespace.as_str(), it.name.as_str());
            self.secrets.extend(references.flatten().map(named));
            self.of_annotations(&volume.metadata);
        }
        for class in world.store::<api::StorageClass>().all() {
            class.parameters.values().for_each(|text| self.mention(text));
        }
        world.store::<api::Service>().all().for_each(|it| self.of_annotations(&it.metadata));
        let validating = world.store::<api::ValidatingWebhookConfiguration>().all().map(|it| &it.metadata);
        let mutating = world.store::<api::MutatingWebhookConfiguration>().all().map(|it| &it.metadata);
        let services = world.store::<api::ApiService>().all().map(|it| &it.metadata);
        validating.chain(mutating).chain(services).for_each(|metadata| self.of_annotations(metadata));
    }

    /// Who is granted an object by its name reads it through the API.
    fn of_roles(&mut self, world: &'w World) {
        let roles = world.store::<api::Role>().all().flat_map(|role| &role.rules);
        let cluster = world.store::<api::ClusterRole>().all().flat_map(|role| &role.rules);
        for name in roles.chain(cluster).flat_map(|rule| &rule.resource_names) {
            self.mention(name);
        }
    }

    fn of_annotations(&mut self, metadata: &'w ObjectMeta) {
        metadata.annotations.values().for_each(|text| self.mention(text));
    }

    fn of_value(&mut self, value: &'w Value) {
        match value {
            Value::String(text) => {
                for word in words(text).filter(|word| self.names.contains(word)) {
                    self.mentioned.insert(word);
                    self.of_custom.insert(word);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.of_value(item)),
            Value::Object(fields) => {
                // Every object names itself.
                let others = fields.iter().filter(|(field, _)| *field != "metadata" && *field != "status");
                others.for_each(|(_, item)| self.of_value(item));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Takes every name that stands in a text as used.
    fn mention(&mut self, text: &'w str) {
        self.mentioned.extend(words(text).filter(|word| self.names.contains(word)));
    }
}

/// What may be names in a text: each run of the letters that names have, and what it is without dashes and dots around.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let in_name =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '.');
    let words = text.split(move |letter: char| !in_name(letter)).filter(|word| !word.is_empty());
    words.flat_map(|word| [word, word.trim_matches(['-', '.'])])
}

/// That everything was read that may use an object of a namespace.
pub(crate) fn all_read(cx: &Context<'_>, namespace: &str) -> Result<(), Unknown> {
    const OTHERS: &[Kind] = &[
        kinds::SERVICE_ACCOUNT,
        kinds::INGRESS,
        kinds::ROLE,
        kinds::CLUSTER_ROLE,
        kinds::PERSISTENT_VOLUME,
        kinds::STORAGE_CLASS,
    ];
    let all = POD_KINDS.iter().chain(OTHERS).chain(CUSTOM);
    all.into_iter().try_for_each(|kind| cx.covered(*kind, namespace))
}

/// Labels and annotations of objects that are read through the API by what is not among the objects: sidecars that
/// collect dashboards and rules, package managers, operators; or that somebody excused.
const READ_THROUGH_API: &[&str] = &[
    "argocd.argoproj.io/secret-type",
    "auth.openshift.io/managed-certificate-type",
    "cluster.x-k8s.io/cluster-name",
    "config.openshift.io/inject-trusted-cabundle",
    "control-plane.alpha.kubernetes.io/leader",
    "fluentd_config",
    "grafana_alert",
    "grafana_dashboard",
    "grafana_datasource",
    "grafana_folder",
    "grafana_notifier",
    "grafana_plugin",
    "k8s-sidecar",
    "k8sgpt.ai/dynamically-loaded",
    "k8sgpt.ai/skip-usage-check",
    "kubernetes.io/service-account.name",
    "olm.managed",
    "prometheus_rule",
    "prometheus_rules",
    "reflector.v1.k8s.emberstack.com/reflection-allowed",
    "replicator.v1.mittwald.de/replicate-to",
    "sealedsecrets.bitnami.com/sealed-secrets-key",
    "service.beta.openshift.io/inject-cabundle",
];

/// Whether nobody needs to name an object for it to be used.
pub(crate) fn is_used_unnamed(metadata: &ObjectMeta) -> bool {
    let is_system = matches!(metadata.namespace.as_str(), "kube-system" | "kube-public" | "kube-node-lease");
    let marked = |key: &&str| metadata.labels.contains_key(*key) || metadata.annotations.contains_key(*key);
    is_system
        || !metadata.owner_references.is_empty()
        || is_put_everywhere(&metadata.name)
        || metadata.name.starts_with("sh.helm.release.")
        || READ_THROUGH_API.iter().any(marked)
        || metadata.labels.get("owner").is_some_and(|owner| owner == "helm")
        || metadata.labels.get("OWNER").is_some_and(|owner| owner == "TILLER")
}
