//! What a pod spec names. Pods have one and so does everything that makes pods, each behind another path: the
//! table below is written once, and each carrier's paths are put together when this is compiled.

use super::{Emit, field::Field};
use crate::model::api::{Container, LocalObjectReference, PodSpec, Volume, VolumeSource};

/// The fields of a pod spec, each as `name: edge type, kind, path below the pod spec`, handed to another macro.
macro_rules! with_pod_spec_fields {
    ($macro:ident $($arguments:tt)*) => {
        $crate::graph::edges::pod_spec::$macro! {
            ($($arguments)*)
            init_env_from_config_map: "uses", CONFIG_MAP, ".initContainers[].envFrom[].configMapRef.name";
            init_env_from_secret: "uses", SECRET, ".initContainers[].envFrom[].secretRef.name";
            init_env_config_map: "uses", CONFIG_MAP, ".initContainers[].env[].valueFrom.configMapKeyRef.name";
            init_env_secret: "uses", SECRET, ".initContainers[].env[].valueFrom.secretKeyRef.name";
            env_from_config_map: "uses", CONFIG_MAP, ".containers[].envFrom[].configMapRef.name";
            env_from_secret: "uses", SECRET, ".containers[].envFrom[].secretRef.name";
            env_config_map: "uses", CONFIG_MAP, ".containers[].env[].valueFrom.configMapKeyRef.name";
            env_secret: "uses", SECRET, ".containers[].env[].valueFrom.secretKeyRef.name";
            config_map: "uses", CONFIG_MAP, ".volumes[].configMap.name";
            secret: "uses", SECRET, ".volumes[].secret.secretName";
            projected_config_map: "uses", CONFIG_MAP, ".volumes[].projected.sources[].configMap.name";
            projected_secret: "uses", SECRET, ".volumes[].projected.sources[].secret.name";
            trust_bundle: "uses", CLUSTER_TRUST_BUNDLE, ".volumes[].projected.sources[].clusterTrustBundle.name";
            azure_file: "uses", SECRET, ".volumes[].azureFile.secretName";
            cephfs: "uses", SECRET, ".volumes[].cephfs.secretRef.name";
            cinder: "uses", SECRET, ".volumes[].cinder.secretRef.name";
            csi_secret: "uses", SECRET, ".volumes[].csi.nodePublishSecretRef.name";
            flex_volume: "uses", SECRET, ".volumes[].flexVolume.secretRef.name";
            iscsi: "uses", SECRET, ".volumes[].iscsi.secretRef.name";
            rbd: "uses", SECRET, ".volumes[].rbd.secretRef.name";
            scale_io: "uses", SECRET, ".volumes[].scaleIO.secretRef.name";
            storageos: "uses", SECRET, ".volumes[].storageos.secretRef.name";
            claim: "mounts", PERSISTENT_VOLUME_CLAIM, ".volumes[].persistentVolumeClaim.claimName";
            csi_driver: "uses_driver", CSI_DRIVER, ".volumes[].csi.driver";
            image_pull_secret: "pulls_with", SECRET, ".imagePullSecrets[].name";
            service_account: "runs_as", SERVICE_ACCOUNT, ".serviceAccountName";
            priority_class: "has_priority", PRIORITY_CLASS, ".priorityClassName";
            runtime_class: "uses_runtime", RUNTIME_CLASS, ".runtimeClassName";
            resource_claim: "claims", RESOURCE_CLAIM, ".resourceClaims[].resourceClaimName";
            resource_claim_template: "claims_from", RESOURCE_CLAIM_TEMPLATE,
                ".resourceClaims[].resourceClaimTemplateName";
        }
    };
}

macro_rules! declare {
    (() $($field:ident: $edge:literal, $kind:ident, $path:literal;)*) => {
        /// The fields of the pod spec at one path.
        pub(super) struct PodSpecFields {
            $(pub(super) $field: Field,)*
        }
    };
}

macro_rules! at {
    (($prefix:literal) $($field:ident: $edge:literal, $kind:ident, $path:literal;)*) => {
        $crate::graph::edges::pod_spec::PodSpecFields {
            $($field: $crate::graph::edges::field::Field {
                edge: $edge,
                kind: $crate::model::kinds::$kind,
                via: concat!($prefix, $path),
            },)*
        }
    };
}

macro_rules! rules {
    (($source:expr, $fields:ident, [$($more:expr),* $(,)?]) $($field:ident: $edge:literal, $kind:ident, $path:literal;)*) => {
        &[$($more,)* $($fields.$field.rule($source),)*]
    };
}

/// The fields of the pod spec at this path, as a constant.
macro_rules! pod_spec_fields {
    ($prefix:literal) => {
        $crate::graph::edges::pod_spec::with_pod_spec_fields! { at $prefix }
    };
}

/// The rules of a kind that has a pod spec with these fields (a `static`), after the rules that it has besides.
macro_rules! pod_spec_rules {
    ($source:expr, $fields:ident, [$($more:tt)*]) => {
        $crate::graph::edges::pod_spec::with_pod_spec_fields! { rules $source, $fields, [$($more)*] }
    };
}

pub(super) use {at, declare, pod_spec_fields, pod_spec_rules, rules, with_pod_spec_fields};

with_pod_spec_fields! { declare }

/// Says what a pod spec names, except what only pods have.
pub(super) fn pod_spec_edges(emit: &mut Emit<'_>, fields: &PodSpecFields, spec: &PodSpec) {
    let init = ContainerFields {
        all_of_map: &fields.init_env_from_config_map,
        all_of_secret: &fields.init_env_from_secret,
        key_of_map: &fields.init_env_config_map,
        key_of_secret: &fields.init_env_secret,
    };
    spec.init_containers.iter().for_each(|container| container_edges(emit, &init, container));
    let main = ContainerFields {
        all_of_map: &fields.env_from_config_map,
        all_of_secret: &fields.env_from_secret,
        key_of_map: &fields.env_config_map,
        key_of_secret: &fields.env_secret,
    };
    spec.containers.iter().for_each(|container| container_edges(emit, &main, container));
    spec.volumes.iter().for_each(|volume| volume_edges(emit, fields, volume));
    for secret in &spec.image_pull_secrets {
        let _ = fields.image_pull_secret.refer(emit, &secret.name);
    }
    let account = &spec.service_account_name;
    let account = if account.is_empty() { &spec.service_account } else { account };
    let _ = fields.service_account.refer(emit, account);
    let _ = fields.priority_class.refer(emit, &spec.priority_class_name);
    let _ = fields.runtime_class.refer(emit, &spec.runtime_class_name);
    for claim in &spec.resource_claims {
        let _ = fields.resource_claim.refer(emit, &claim.resource_claim_name);
        let _ = fields.resource_claim_template.refer(emit, &claim.resource_claim_template_name);
    }
}

/// The fields of one of a pod spec's lists of containers.
pub(super) struct ContainerFields<'a> {
    pub(super) all_of_map: &'a Field,
    pub(super) all_of_secret: &'a Field,
    pub(super) key_of_map: &'a Field,
    pub(super) key_of_secret: &'a Field,
}

/// Says what the environment of a container names.
pub(super) fn container_edges(emit: &mut Emit<'_>, fields: &ContainerFields<'_>, container: &Container) {
    for source in &container.env_from {
        if let Some(map) = &source.config_map_ref {
            let _ = fields.all_of_map.refer(emit, map.name()).optional(map.optional);
        }
        if let Some(secret) = &source.secret_ref {
            let _ = fields.all_of_secret.refer(emit, secret.name()).optional(secret.optional);
        }
    }
    for source in container.env.iter().filter_map(|variable| variable.value_from.as_ref()) {
        if let Some(map) = &source.config_map_key_ref {
            let _ = fields.key_of_map.refer(emit, map.name()).optional(map.optional);
        }
        if let Some(secret) = &source.secret_key_ref {
            let _ = fields.key_of_secret.refer(emit, secret.name()).optional(secret.optional);
        }
    }
}

fn volume_edges(emit: &mut Emit<'_>, fields: &PodSpecFields, volume: &Volume) {
    let Some(source) = volume.source.as_ref().filter(|_| !is_api_access(volume)) else { return };
    if let Some(map) = &source.config_map {
        let _ = fields.config_map.refer(emit, map.name()).optional(map.optional);
    }
    if let Some(secret) = &source.secret {
        let _ = fields.secret.refer(emit, &secret.secret_name).optional(secret.optional);
    }
    for source in source.projected.iter().flat_map(|projected| &projected.sources) {
        if let Some(map) = &source.config_map {
            let _ = fields.projected_config_map.refer(emit, map.name()).optional(map.optional);
        }
        if let Some(secret) = &source.secret {
            let _ = fields.projected_secret.refer(emit, secret.name()).optional(secret.optional);
        }
        if let Some(bundle) = &source.cluster_trust_bundle {
            let _ = fields.trust_bundle.refer(emit, &bundle.name).optional(bundle.optional);
        }
    }
    if let Some(claim) = &source.persistent_volume_claim {
        let _ = fields.claim.refer(emit, &claim.claim_name);
    }
    if let Some(csi) = &source.csi {
        let _ = fields.csi_driver.refer(emit, &csi.driver);
    }
    storage_secrets(emit, fields, source);
}

/// Secrets with the credentials of a storage system. A source holds one system at most.
fn storage_secrets(emit: &mut Emit<'_>, fields: &PodSpecFields, source: &VolumeSource) {
    if let Some(azure) = &source.azure_file {
        let _ = fields.azure_file.refer(emit, &azure.secret_name);
    }
    let secrets = [
        (&fields.cephfs, source.cephfs.as_ref().and_then(|source| source.secret_ref.as_ref())),
        (&fields.cinder, source.cinder.as_ref().and_then(|source| source.secret_ref.as_ref())),
        (&fields.csi_secret, source.csi.as_ref().and_then(|source| source.node_publish_secret_ref.as_ref())),
        (&fields.flex_volume, source.flex_volume.as_ref().and_then(|source| source.secret_ref.as_ref())),
        (&fields.iscsi, source.iscsi.as_ref().and_then(|source| source.secret_ref.as_ref())),
        (&fields.rbd, source.rbd.as_ref().and_then(|source| source.secret_ref.as_ref())),
        (&fields.scale_io, source.scale_io.as_ref().and_then(|source| source.secret_ref.as_ref())),
        (&fields.storageos, source.storageos.as_ref().and_then(|source| source.secret_ref.as_ref())),
    ];
    for (field, secret) in secrets {
        let _ = field.refer(emit, LocalObjectReference::name_of(secret));
    }
}

/// The volume with which admission gives every pod its service account's token. Every pod has it, so it says nothing.
fn is_api_access(volume: &Volume) -> bool {
    volume.name.starts_with("kube-api-access-")
        && volume.source.as_ref().and_then(|source| source.projected.as_ref()).is_some_and(|projected| {
            projected.sources.iter().any(|source| source.service_account_token.is_some())
        })
}
