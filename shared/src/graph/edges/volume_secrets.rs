//! The secrets that persistent volumes, and the volumes that an attachment describes, are reached with.

use super::{Case, Emit, field::Field};
use crate::model::{
    api::{CsiVolume, PersistentVolumeSource, SecretReference},
    kinds,
};

/// The secrets of the CSI volume at this path, in the order of [`csi_secret_edges`].
macro_rules! csi_secret_fields {
    ($csi:literal) => {
        [
            $crate::graph::edges::volume_secrets::secret(concat!($csi, ".controllerPublishSecretRef.name")),
            $crate::graph::edges::volume_secrets::secret(concat!($csi, ".controllerExpandSecretRef.name")),
            $crate::graph::edges::volume_secrets::secret(concat!($csi, ".nodeStageSecretRef.name")),
            $crate::graph::edges::volume_secrets::secret(concat!($csi, ".nodePublishSecretRef.name")),
            $crate::graph::edges::volume_secrets::secret(concat!($csi, ".nodeExpandSecretRef.name")),
        ]
    };
}

pub(super) use csi_secret_fields;

/// The secrets of the volumes of other systems, in the order of [`other_secret_edges`].
pub(super) static OTHER_SECRETS: [Field; 8] = [
    secret("spec.azureFile.secretName"),
    secret("spec.cephfs.secretRef.name"),
    secret("spec.cinder.secretRef.name"),
    secret("spec.flexVolume.secretRef.name"),
    secret("spec.iscsi.secretRef.name"),
    secret("spec.rbd.secretRef.name"),
    secret("spec.scaleIO.secretRef.name"),
    secret("spec.storageos.secretRef.name"),
];

/// A field that names a secret.
pub(super) const fn secret(via: &'static str) -> Field {
    Field { edge: "uses", kind: kinds::SECRET, via }
}

/// Says which secrets a CSI volume uses for each step of its life.
pub(super) fn csi_secret_edges(
    emit: &mut Emit<'_>,
    fields: &[Field; 5],
    csi: Option<&CsiVolume>,
    claim_namespace: &str,
) {
    let Some(csi) = csi else { return };
    let secrets = [
        csi.controller_publish_secret_ref.as_ref(),
        csi.controller_expand_secret_ref.as_ref(),
        csi.node_stage_secret_ref.as_ref(),
        csi.node_publish_secret_ref.as_ref(),
        csi.node_expand_secret_ref.as_ref(),
    ];
    for (field, secret) in fields.iter().zip(secrets) {
        refer(emit, field, secret.map(name_and_namespace), claim_namespace);
    }
}

/// Says which secret a volume of another system uses.
pub(super) fn other_secret_edges(
    emit: &mut Emit<'_>,
    source: &PersistentVolumeSource,
    claim_namespace: &str,
) {
    let secrets = [
        source.azure_file.as_ref().map(|azure| (azure.secret_name.as_str(), azure.secret_namespace.as_str())),
        source.cephfs.as_ref().and_then(|source| source.secret_ref.as_ref()).map(name_and_namespace),
        source.cinder.as_ref().and_then(|source| source.secret_ref.as_ref()).map(name_and_namespace),
        source.flex_volume.as_ref().and_then(|source| source.secret_ref.as_ref()).map(name_and_namespace),
        source.iscsi.as_ref().and_then(|source| source.secret_ref.as_ref()).map(name_and_namespace),
        source.rbd.as_ref().and_then(|source| source.secret_ref.as_ref()).map(name_and_namespace),
        source.scale_io.as_ref().and_then(|source| source.secret_ref.as_ref()).map(name_and_namespace),
        source
            .storageos
            .as_ref()
            .and_then(|source| source.secret_ref.as_ref())
            .map(|secret| (secret.name.as_str(), secret.namespace.as_str())),
    ];
    for (field, secret) in OTHER_SECRETS.iter().zip(secrets) {
        refer(emit, field, secret, claim_namespace);
    }
}

fn name_and_namespace(secret: &SecretReference) -> (&str, &str) {
    (&secret.name, &secret.namespace)
}

/// A secret is in the namespace that is named, or else in the claim's. Without either, no secret is meant yet.
fn refer(emit: &mut Emit<'_>, field: &Field, secret: Option<(&str, &str)>, claim_namespace: &str) {
    let Some((name, namespace)) = secret else { return };
    let namespace = if namespace.is_empty() { claim_namespace } else { namespace };
    if !namespace.is_empty() {
        let _ = field.refer(emit, name).in_namespace(namespace);
    }
}

/// The secrets of a CSI volume.
pub(super) const CSI_CASE: Case = Case {
    name: "a CSI volume uses the secret of each step of its life, in the namespace that is named",
    objects: r"
apiVersion: v1
kind: PersistentVolume
metadata: {name: secrets}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  csi:
    driver: secrets.example.com
    volumeHandle: c
    controllerPublishSecretRef: {name: attach, namespace: storage}
    controllerExpandSecretRef: {name: expand, namespace: storage}
    nodeStageSecretRef: {name: stage, namespace: storage}
    nodePublishSecretRef: {name: publish, namespace: storage}
    nodeExpandSecretRef: {name: grow, namespace: storage}
---
apiVersion: v1
kind: Secret
metadata: {name: stage, namespace: storage}
---
apiVersion: v1
kind: Secret
metadata: {name: publish, namespace: shop}
",
    edges: &[
        "PersistentVolume/secrets uses_driver? CSIDriver.storage.k8s.io/secrets.example.com!",
        "PersistentVolume/secrets uses Secret/storage/attach!",
        "PersistentVolume/secrets uses Secret/storage/expand!",
        "PersistentVolume/secrets uses Secret/storage/stage",
        "PersistentVolume/secrets uses Secret/storage/publish!",
        "PersistentVolume/secrets uses Secret/storage/grow!",
    ],
};

/// The secrets of every other volume.
pub(super) const OTHERS_CASE: Case = Case {
    name: "a volume of another system uses its secret; where no namespace is named, the claim's",
    objects: r"
apiVersion: v1
kind: PersistentVolume
metadata: {name: azure}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  azureFile: {shareName: share, secretName: azure, secretNamespace: storage}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: cephfs}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  claimRef: {namespace: shop, name: data}
  cephfs: {monitors: ['10.0.0.1:6789'], secretRef: {name: ceph}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: cinder}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  cinder: {volumeID: disk, secretRef: {name: cinder, namespace: storage}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: flex}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  flexVolume: {driver: example.com/flex, secretRef: {name: flex, namespace: storage}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: iscsi}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  iscsi:
    targetPortal: '10.0.0.1:3260'
    iqn: 'iqn.2001-04.com.example:disk'
    lun: 0
    secretRef: {name: iscsi, namespace: storage}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: rbd}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  rbd: {monitors: ['10.0.0.1:6789'], image: disk, secretRef: {name: rbd, namespace: storage}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: scale-io}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  scaleIO: {gateway: 'https://10.0.0.1', system: s, volumeName: disk, secretRef: {name: scale-io, namespace: storage}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: storageos}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  storageos: {volumeName: disk, secretRef: {name: storageos, namespace: storage}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: unclaimed}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  cephfs: {monitors: ['10.0.0.1:6789'], secretRef: {name: ceph}}
",
    edges: &[
        "PersistentVolume/azure uses Secret/storage/azure!",
        "PersistentVolume/cephfs uses Secret/shop/ceph!",
        "PersistentVolume/cephfs claimed_by PersistentVolumeClaim/shop/data!",
        "PersistentVolume/cinder uses Secret/storage/cinder!",
        "PersistentVolume/flex uses Secret/storage/flex!",
        "PersistentVolume/iscsi uses Secret/storage/iscsi!",
        "PersistentVolume/rbd uses Secret/storage/rbd!",
        "PersistentVolume/scale-io uses Secret/storage/scale-io!",
        "PersistentVolume/storageos uses Secret/storage/storageos!",
    ],
};
