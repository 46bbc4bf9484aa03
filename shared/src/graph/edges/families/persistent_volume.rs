//! Persistent volumes: whose they are, and where and with what they can be reached.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        Within,
        edges::{
            Case, EdgeRule, Emit, Family, Reader, Source, Target,
            field::Field,
            volume_secrets::{
                CSI_CASE, OTHER_SECRETS, OTHERS_CASE, csi_secret_edges, csi_secret_fields, other_secret_edges,
            },
        },
        status,
    },
    model::{
        Kind, LabelSelector, ObjectMeta, Selector, Status,
        api::{NodeSelectorTerm, PersistentVolumeSpec},
        kinds,
    },
};

const fn field(edge: &'static str, kind: Kind, via: &'static str) -> Field {
    Field { edge, kind, via }
}

const fn rule(field: &Field) -> EdgeRule {
    field.rule(kinds::PERSISTENT_VOLUME)
}

const CLAIM: Field = field("claimed_by", kinds::PERSISTENT_VOLUME_CLAIM, "spec.claimRef");
const CLASS: Field = field("uses_class", kinds::STORAGE_CLASS, "spec.storageClassName");
const OLD_CLASS: Field = field(
    "uses_class",
    kinds::STORAGE_CLASS,
    "metadata.annotations['volume.beta.kubernetes.io/storage-class']",
);
const ATTRIBUTES_CLASS: Field =
    field("uses_attributes_class", kinds::VOLUME_ATTRIBUTES_CLASS, "spec.volumeAttributesClassName");
const DRIVER: Field = field("uses_driver", kinds::CSI_DRIVER, "spec.csi.driver");
const PROVISIONER: Field =
    field("uses_driver", kinds::CSI_DRIVER, "metadata.annotations['pv.kubernetes.io/provisioned-by']");
const PINNED_TO: &str = "spec.nodeAffinity.required.nodeSelectorTerms[].matchExpressions[]";

static CSI_SECRETS: [Field; 5] = csi_secret_fields!("spec.csi");

pub(super) static FAMILY: Family = Family {
    title: "Persistent volumes",
    readers: &[Reader::of::<PersistentVolume>()],
    edges: &[
        rule(&CLAIM),
        rule(&CLASS),
        rule(&OLD_CLASS),
        rule(&ATTRIBUTES_CLASS),
        rule(&DRIVER),
        rule(&PROVISIONER),
        EdgeRule {
            source: kinds::PERSISTENT_VOLUME,
            edge: "pinned_to",
            target: Target::Kind(kinds::NODE),
            via: PINNED_TO,
        },
        rule(&CSI_SECRETS[0]),
        rule(&CSI_SECRETS[1]),
        rule(&CSI_SECRETS[2]),
        rule(&CSI_SECRETS[3]),
        rule(&CSI_SECRETS[4]),
        rule(&OTHER_SECRETS[0]),
        rule(&OTHER_SECRETS[1]),
        rule(&OTHER_SECRETS[2]),
        rule(&OTHER_SECRETS[3]),
        rule(&OTHER_SECRETS[4]),
        rule(&OTHER_SECRETS[5]),
        rule(&OTHER_SECRETS[6]),
        rule(&OTHER_SECRETS[7]),
    ],
    cases: &[STALE_CLAIM, CLASSES, PINNED, CSI_CASE, OTHERS_CASE],
};

const STALE_CLAIM: Case = Case {
    name: "uid: a volume is claimed by the claim of its uid, not by a later one of the same name",
    objects: r"
apiVersion: v1
kind: PersistentVolume
metadata: {name: bound}
spec: {claimRef: {kind: PersistentVolumeClaim, namespace: shop, name: data, uid: c2}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: released}
spec: {claimRef: {kind: PersistentVolumeClaim, namespace: shop, name: data, uid: c1}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: reserved}
spec: {claimRef: {namespace: shop, name: data}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: of-a-deleted-claim}
spec: {claimRef: {namespace: shop, name: deleted, uid: c0}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop, uid: c2}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: elsewhere, uid: c3}
",
    edges: &[
        "PersistentVolume/bound claimed_by PersistentVolumeClaim/shop/data",
        "PersistentVolume/reserved claimed_by PersistentVolumeClaim/shop/data",
        "PersistentVolume/of-a-deleted-claim claimed_by PersistentVolumeClaim/shop/deleted!",
    ],
};

const CLASSES: Case = Case {
    name: "a volume has classes and a driver, which it can do without; the old annotation counts before the field",
    objects: r"
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast-disks}
provisioner: disk.example.com
---
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: {name: disk.example.com}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: modern, annotations: {pv.kubernetes.io/provisioned-by: other.example.com}}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  storageClassName: fast-disks
  volumeAttributesClassName: gold
  csi: {driver: disk.example.com, volumeHandle: a}
---
apiVersion: v1
kind: PersistentVolume
metadata:
  name: old
  annotations:
    volume.beta.kubernetes.io/storage-class: slow
    pv.kubernetes.io/provisioned-by: nfs.example.com
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  storageClassName: fast-disks
  nfs: {server: nfs, path: /}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: in-tree, annotations: {pv.kubernetes.io/provisioned-by: kubernetes.io/no-provisioner}}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], nfs: {server: nfs, path: /}}
",
    edges: &[
        "PersistentVolume/modern uses_class? StorageClass.storage.k8s.io/fast-disks",
        "PersistentVolume/modern uses_attributes_class VolumeAttributesClass.storage.k8s.io/gold!",
        "PersistentVolume/modern uses_driver? CSIDriver.storage.k8s.io/disk.example.com",
        "PersistentVolume/old uses_class? StorageClass.storage.k8s.io/slow!",
        "PersistentVolume/old uses_driver? CSIDriver.storage.k8s.io/nfs.example.com!",
    ],
};

const PINNED: Case = Case {
    name: "a volume that needs a host by its name is pinned to it; one that needs a zone is not",
    objects: r"
apiVersion: v1
kind: Node
metadata: {name: pin-1, labels: {kubernetes.io/hostname: pin-1, topology.kubernetes.io/zone: a}}
---
apiVersion: v1
kind: Node
metadata: {name: pin-2, labels: {kubernetes.io/hostname: pin-2, topology.kubernetes.io/zone: a}}
---
apiVersion: v1
kind: Node
metadata: {name: pin-3, labels: {kubernetes.io/hostname: pin-3, topology.kubernetes.io/zone: b}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: local}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  local: {path: /data}
  nodeAffinity:
    required:
      nodeSelectorTerms:
      - matchExpressions:
        - {key: kubernetes.io/hostname, operator: In, values: [pin-1, pin-3]}
        - {key: topology.kubernetes.io/zone, operator: NotIn, values: [b]}
      - matchExpressions:
        - {key: topology.kubernetes.io/zone, operator: In, values: [b]}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: anywhere-in-the-zone}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  csi: {driver: disk.example.com, volumeHandle: b}
  nodeAffinity:
    required:
      nodeSelectorTerms:
      - matchExpressions:
        - {key: topology.kubernetes.io/zone, operator: In, values: [a]}
        - {key: kubernetes.io/hostname, operator: Exists}
",
    edges: &[
        "PersistentVolume/local pinned_to Node/pin-1",
        "PersistentVolume/anywhere-in-the-zone uses_driver? CSIDriver.storage.k8s.io/disk.example.com!",
    ],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PersistentVolume {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<PersistentVolumeSpec>,
    #[prost(message, optional, tag = "3")]
    status: Option<PersistentVolumeStatus>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PersistentVolumeStatus {
    #[prost(string, tag = "1")]
    phase: String,
}

impl Source for PersistentVolume {
    const KIND: Kind = kinds::PERSISTENT_VOLUME;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        let Some(spec) = &self.spec else { return };
        let claim = spec.claim_ref.clone().unwrap_or_default();
        let _ = CLAIM.refer(emit, &claim.name).in_namespace(&claim.namespace).with_uid(&claim.uid);
        classes(emit, spec);
        if let Some(affinity) = spec.node_affinity.as_ref().and_then(|affinity| affinity.required.as_ref()) {
            affinity.node_selector_terms.iter().for_each(|term| pinned(emit, term));
        }
        if let Some(source) = &spec.source {
            csi_secret_edges(emit, &CSI_SECRETS, source.csi.as_ref(), &claim.namespace);
            other_secret_edges(emit, source, &claim.namespace);
        }
    }

    fn status(&self) -> Status {
        let deleted = self.metadata.as_ref().is_some_and(|metadata| metadata.deletion_timestamp.is_some());
        self.status.as_ref().map_or_else(Status::default, |status| status::phase(&status.phase, deleted))
    }
}

/// A volume that exists works without its storage class, whose name may be a mere word for claims to match, and a
/// driver without an object that describes it.
fn classes(emit: &mut Emit<'_>, spec: &PersistentVolumeSpec) {
    let annotations = &emit.metadata().annotations;
    if let Some(class) = annotations.get("volume.beta.kubernetes.io/storage-class") {
        let _ = OLD_CLASS.refer(emit, class).optional(Some(true));
    } else {
        let _ = CLASS.refer(emit, &spec.storage_class_name).optional(Some(true));
    }
    let _ = ATTRIBUTES_CLASS.refer(emit, &spec.volume_attributes_class_name);
    if let Some(csi) = spec.source.as_ref().and_then(|source| source.csi.as_ref()) {
        let _ = DRIVER.refer(emit, &csi.driver).optional(Some(true));
    } else if let Some(provisioner) = annotations.get("pv.kubernetes.io/provisioned-by") {
        // Kubernetes' own provisioners are no drivers.
        if !provisioner.starts_with("kubernetes.io/") {
            let _ = PROVISIONER.refer(emit, provisioner).optional(Some(true));
        }
    }
}

/// A term that names hosts pins the volume to them. Any other says what many nodes have in common, as a zone.
fn pinned(emit: &mut Emit<'_>, term: &NodeSelectorTerm) {
    let names_hosts = term
        .match_expressions
        .iter()
        .any(|expression| expression.key == "kubernetes.io/hostname" && expression.operator == "In");
    if names_hosts {
        let selector =
            LabelSelector { match_expressions: term.match_expressions.clone(), ..LabelSelector::default() };
        emit.select_within("pinned_to", kinds::NODE, Within::Cluster, Selector::from(&selector), PINNED_TO);
    }
}
