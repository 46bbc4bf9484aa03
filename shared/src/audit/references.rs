//! What pods refer to: config maps, secrets and claims, wherever a pod can name them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    api::{ConfigMap, KeyToPath, PodSpec, Secret},
    subject::{ContainerView, PodView, Workload},
};

/// What is referred to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    ConfigMap,
    Secret,
    /// A secret that images are pulled with.
    PullSecret,
    Claim,
}

/// Which of its keys.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Keys<'w> {
    /// None by name.
    All,
    One(&'w str),
    Items(&'w [KeyToPath]),
}

/// Where a pod says it.
#[derive(Debug, Clone, Copy)]
enum Place<'v, 'w> {
    Container(&'v ContainerView<'w>, &'static str, usize, &'static str),
    Volume(usize, &'static str),
    Projected(usize, usize, &'static str),
    PullSecret(usize),
}

/// That a pod refers to an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reference<'v, 'w> {
    pub(crate) target: Target,
    pub(crate) name: &'w str,
    /// Whether the pod runs without it too.
    pub(crate) optional: bool,
    pub(crate) keys: Keys<'w>,
    pods: &'v PodView<'w>,
    place: Place<'v, 'w>,
}

impl Reference<'_, '_> {
    /// Path of the field that names the object.
    pub(crate) fn path(&self) -> String {
        match self.place {
            Place::Container(container, list, at, field) => container.path(&format!("{list}[{at}].{field}")),
            Place::Volume(at, field) => self.pods.path(&format!("volumes[{at}].{field}")),
            Place::Projected(volume, at, field) => {
                self.pods.path(&format!("volumes[{volume}].projected.sources[{at}].{field}"))
            }
            Place::PullSecret(at) => self.pods.path(&format!("imagePullSecrets[{at}].name")),
        }
    }

    /// The container that says it.
    pub(crate) fn container(&self) -> Option<&str> {
        match self.place {
            Place::Container(container, ..) => Some(&container.name),
            _ => None,
        }
    }

    /// The first key that these are not among, if keys are named.
    pub(crate) fn missing_key(&self, mut has: impl FnMut(&str) -> bool) -> Option<&str> {
        match self.keys {
            Keys::All => None,
            Keys::One(key) => (!has(key)).then_some(key),
            Keys::Items(items) => items.iter().map(|item| item.key.as_str()).find(|key| !has(key)),
        }
    }
}

impl ConfigMap {
    /// Whether it has a key, as far as its data was read.
    pub(crate) fn has_key(&self, key: &str) -> bool {
        self.data.contains_key(key) || self.binary_data.contains_key(key)
    }
}

impl Secret {
    /// Whether it has a key, as far as keys were read.
    pub(crate) fn has_key(&self, key: &str) -> bool {
        self.data.contains_key(key) || self.string_data.contains_key(key)
    }
}

/// Tells every reference of a pod, in the order of its fields. Names that are left out are no references.
pub(crate) fn of_pods<'w>(pods: &PodView<'w>, on: &mut dyn FnMut(Reference<'_, 'w>)) {
    for container in pods.containers() {
        of_container(pods, &container, on);
    }
    for at in 0..pods.spec.volumes.len() {
        of_volume(pods, at, on);
    }
    for (at, secret) in pods.spec.image_pull_secrets.iter().enumerate() {
        let place = Place::PullSecret(at);
        tell(pods, (Target::PullSecret, &secret.name, None, Keys::All), place, on);
    }
}

type Said<'w> = (Target, &'w str, Option<bool>, Keys<'w>);

fn tell<'w>(
    pods: &PodView<'w>,
    (target, name, optional, keys): Said<'w>,
    place: Place<'_, 'w>,
    on: &mut dyn FnMut(Reference<'_, 'w>),
) {
    if !name.is_empty() {
        on(Reference { target, name, optional: optional == Some(true), keys, pods, place });
    }
}

fn of_container<'w>(
    pods: &PodView<'w>,
    container: &ContainerView<'w>,
    on: &mut dyn FnMut(Reference<'_, 'w>),
) {
    for (at, source) in container.get().env_from.iter().enumerate() {
        if let Some(map) = &source.config_map_ref {
            let place = Place::Container(container, "envFrom", at, "configMapRef.name");
            tell(pods, (Target::ConfigMap, &map.reference.name, map.optional, Keys::All), place, on);
        }
        if let Some(secret) = &source.secret_ref {
            let place = Place::Container(container, "envFrom", at, "secretRef.name");
            tell(pods, (Target::Secret, &secret.reference.name, secret.optional, Keys::All), place, on);
        }
    }
    for (at, variable) in container.get().env.iter().enumerate() {
        let Some(from) = &variable.value_from else { continue };
        if let Some(map) = &from.config_map_key_ref {
            let place = Place::Container(container, "env", at, "valueFrom.configMapKeyRef");
            let said = (Target::ConfigMap, &*map.reference.name, map.optional, Keys::One(&map.key));
            tell(pods, said, place, on);
        }
        if let Some(secret) = &from.secret_key_ref {
            let place = Place::Container(container, "env", at, "valueFrom.secretKeyRef");
            let said = (Target::Secret, &*secret.reference.name, secret.optional, Keys::One(&secret.key));
            tell(pods, said, place, on);
        }
    }
}

fn of_volume<'w>(pods: &PodView<'w>, at: usize, on: &mut dyn FnMut(Reference<'_, 'w>)) {
    let spec: &'w PodSpec = pods.spec;
    let Some(volume) = spec.volumes.get(at) else { return };
    let source = &volume.source;
    if let Some(map) = &source.config_map {
        let said = (Target::ConfigMap, &*map.reference.name, map.optional, Keys::Items(&map.items));
        tell(pods, said, Place::Volume(at, "configMap.name"), on);
    }
    if let Some(secret) = &source.secret {
        let said = (Target::Secret, &*secret.secret_name, secret.optional, Keys::Items(&secret.items));
        tell(pods, said, Place::Volume(at, "secret.secretName"), on);
    }
    // A stateful set puts the claim that it makes for a pod in place of a volume that has the template's name.
    let is_made = || match pods.workload {
        Workload::StatefulSet(set) => {
            set.spec.volume_claim_templates.iter().any(|template| template.metadata.name == volume.name)
        }
        _ => false,
    };
    if let Some(claim) = source.persistent_volume_claim.as_ref().filter(|_| !is_made()) {
        let place = Place::Volume(at, "persistentVolumeClaim.claimName");
        tell(pods, (Target::Claim, &claim.claim_name, None, Keys::All), place, on);
    }
    if let Some(secret) = source.csi.as_ref().and_then(|csi| csi.node_publish_secret_ref.as_ref()) {
        let place = Place::Volume(at, "csi.nodePublishSecretRef.name");
        tell(pods, (Target::Secret, &secret.name, None, Keys::All), place, on);
    }
    for (nth, source) in source.projected.iter().flat_map(|all| &all.sources).enumerate() {
        if let Some(map) = &source.config_map {
            let said = (Target::ConfigMap, &*map.reference.name, map.optional, Keys::Items(&map.items));
            tell(pods, said, Place::Projected(at, nth, "configMap.name"), on);
        }
        if let Some(secret) = &source.secret {
            let said = (Target::Secret, &*secret.reference.name, secret.optional, Keys::Items(&secret.items));
            tell(pods, said, Place::Projected(at, nth, "secret.name"), on);
        }
    }
}

/// Names that any pod refers to, by namespace.
#[derive(Debug, Default)]
pub(crate) struct Named<'w>(BTreeMap<(Target, &'w str), BTreeSet<&'w str>>);

impl<'w> Named<'w> {
    /// All names that these pods refer to, those of live pods with them: a pod of a stateful set names the claims that
    /// its template has not.
    pub(crate) fn by(units: &[PodView<'w>]) -> Self {
        let mut named = Self::default();
        for unit in units {
            let namespace = unit.namespace();
            let mut note = |reference: Reference<'_, 'w>| {
                named.0.entry((reference.target, namespace)).or_default().insert(reference.name);
            };
            of_pods(unit, &mut note);
            for pod in &unit.pods {
                let claims =
                    pod.spec.volumes.iter().filter_map(|one| one.source.persistent_volume_claim.as_ref());
                let names = claims.map(|claim| claim.claim_name.as_str());
                named.0.entry((Target::Claim, namespace)).or_default().extend(names);
            }
        }
        named
    }

    /// Whether any pod of a namespace refers to an object.
    pub(crate) fn has(&self, target: Target, namespace: &str, name: &str) -> bool {
        self.0.get(&(target, namespace)).is_some_and(|names| names.contains(name))
    }
}
