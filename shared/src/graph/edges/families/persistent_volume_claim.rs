//! Claims: the volume that they are bound to, their classes, and what their data was copied from.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target, field::Field},
        status,
    },
    model::{Kind, ObjectMeta, Status, api::TypedLocalObjectReference, kinds},
};

const fn field(edge: &'static str, kind: Kind, via: &'static str) -> Field {
    Field { edge, kind, via }
}

const fn cloned_from(via: &'static str) -> EdgeRule {
    EdgeRule { source: kinds::PERSISTENT_VOLUME_CLAIM, edge: "cloned_from", target: Target::Any, via }
}

const VOLUME: Field = field("bound_to", kinds::PERSISTENT_VOLUME, "spec.volumeName");
const CLASS: Field = field("uses_class", kinds::STORAGE_CLASS, "spec.storageClassName");
const OLD_CLASS: Field = field(
    "uses_class",
    kinds::STORAGE_CLASS,
    "metadata.annotations['volume.beta.kubernetes.io/storage-class']",
);
const ATTRIBUTES_CLASS: Field =
    field("uses_attributes_class", kinds::VOLUME_ATTRIBUTES_CLASS, "spec.volumeAttributesClassName");
const CURRENT_ATTRIBUTES_CLASS: Field =
    field("uses_attributes_class", kinds::VOLUME_ATTRIBUTES_CLASS, "status.currentVolumeAttributesClassName");
const DATA_SOURCE: &str = "spec.dataSource";
const DATA_SOURCE_REF: &str = "spec.dataSourceRef";

pub(super) static FAMILY: Family = Family {
    title: "Persistent volume claims",
    readers: &[Reader::of::<PersistentVolumeClaim>()],
    edges: &[
        VOLUME.rule(kinds::PERSISTENT_VOLUME_CLAIM),
        CLASS.rule(kinds::PERSISTENT_VOLUME_CLAIM),
        OLD_CLASS.rule(kinds::PERSISTENT_VOLUME_CLAIM),
        ATTRIBUTES_CLASS.rule(kinds::PERSISTENT_VOLUME_CLAIM),
        CURRENT_ATTRIBUTES_CLASS.rule(kinds::PERSISTENT_VOLUME_CLAIM),
        cloned_from(DATA_SOURCE),
        cloned_from(DATA_SOURCE_REF),
    ],
    cases: &[CLASSES, COPIES, COPIES_ACROSS],
};

const CLASSES: Case = Case {
    name: "a claim has a volume and classes; a bound one does without its storage class; the empty class is none",
    objects: r"
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: bound, namespace: shop}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
  volumeName: claim-volume
  storageClassName: by-hand
  volumeAttributesClassName: gold
status: {phase: Bound, currentVolumeAttributesClassName: silver}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: pending, namespace: shop}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: gone}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: none, namespace: shop}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: ''}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: old, namespace: shop, annotations: {volume.beta.kubernetes.io/storage-class: slow}}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: claim-volume}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /data}, storageClassName: by-hand}
",
    edges: &[
        "PersistentVolumeClaim/shop/bound bound_to PersistentVolume/claim-volume",
        "PersistentVolumeClaim/shop/bound uses_class? StorageClass.storage.k8s.io/by-hand!",
        "PersistentVolumeClaim/shop/bound uses_attributes_class VolumeAttributesClass.storage.k8s.io/gold!",
        "PersistentVolumeClaim/shop/bound uses_attributes_class VolumeAttributesClass.storage.k8s.io/silver!",
        "PersistentVolumeClaim/shop/pending uses_class StorageClass.storage.k8s.io/gone!",
        "PersistentVolumeClaim/shop/old uses_class StorageClass.storage.k8s.io/slow!",
    ],
};

const COPIES: Case = Case {
    name: "a claim is cloned from a claim, a snapshot or any object of its namespace",
    objects: r"
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: clone, namespace: shop}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
  storageClassName: ''
  dataSource: {kind: PersistentVolumeClaim, name: original}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: restored, namespace: shop}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
  storageClassName: ''
  dataSourceRef: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: monday}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: original, namespace: shop}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: ''}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: original, namespace: elsewhere}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: ''}
",
    edges: &[
        "PersistentVolumeClaim/shop/clone cloned_from PersistentVolumeClaim/shop/original",
        "PersistentVolumeClaim/shop/restored cloned_from VolumeSnapshot.snapshot.storage.k8s.io/shop/monday!",
    ],
};

// A server drops the namespace unless a feature gate, off by default, is on.
const COPIES_ACROSS: Case = Case {
    name: "uid: a claim is cloned from an object of the namespace that is named",
    objects: r"
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: clone, namespace: shop}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
  storageClassName: ''
  dataSourceRef: {kind: PersistentVolumeClaim, name: original, namespace: elsewhere}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: original, namespace: shop}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: ''}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: original, namespace: elsewhere}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: ''}
",
    edges: &["PersistentVolumeClaim/shop/clone cloned_from PersistentVolumeClaim/elsewhere/original"],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PersistentVolumeClaim {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<ClaimSpec>,
    #[prost(message, optional, tag = "3")]
    status: Option<ClaimStatus>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ClaimSpec {
    #[prost(string, tag = "3")]
    volume_name: String,
    #[prost(string, tag = "5")]
    storage_class_name: String,
    #[prost(message, optional, tag = "7")]
    data_source: Option<TypedLocalObjectReference>,
    #[prost(message, optional, tag = "8")]
    data_source_ref: Option<TypedObjectReference>,
    #[prost(string, tag = "9")]
    volume_attributes_class_name: String,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct TypedObjectReference {
    #[prost(string, tag = "1")]
    api_group: String,
    #[prost(string, tag = "2")]
    kind: String,
    #[prost(string, tag = "3")]
    name: String,
    #[prost(string, tag = "4")]
    namespace: String,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ClaimStatus {
    #[prost(string, tag = "1")]
    phase: String,
    #[prost(string, tag = "8")]
    current_volume_attributes_class_name: String,
}

impl Source for PersistentVolumeClaim {
    const KIND: Kind = kinds::PERSISTENT_VOLUME_CLAIM;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        if let Some(status) = &self.status {
            let _ = CURRENT_ATTRIBUTES_CLASS.refer(emit, &status.current_volume_attributes_class_name);
        }
        let Some(spec) = &self.spec else { return };
        let _ = VOLUME.refer(emit, &spec.volume_name);
        let _ = ATTRIBUTES_CLASS.refer(emit, &spec.volume_attributes_class_name);
        // A claim that has its volume no longer needs the class, which for a volume made by hand never was.
        let bound = Some(!spec.volume_name.is_empty());
        if let Some(class) = emit.metadata().annotations.get("volume.beta.kubernetes.io/storage-class") {
            let _ = OLD_CLASS.refer(emit, class).optional(bound);
        } else {
            let _ = CLASS.refer(emit, &spec.storage_class_name).optional(bound);
        }
        // The server copies the one to the other where both can say it.
        if let Some(TypedObjectReference { api_group, kind, name, namespace }) = &spec.data_source_ref {
            let _ =
                emit.refer_any("cloned_from", api_group, kind, name, DATA_SOURCE_REF).in_namespace(namespace);
        } else if let Some(TypedLocalObjectReference { api_group, kind, name }) = &spec.data_source {
            let _ = emit.refer_any("cloned_from", api_group, kind, name, DATA_SOURCE);
        }
    }

    fn status(&self) -> Status {
        let deleted = self.metadata.as_ref().is_some_and(|metadata| metadata.deletion_timestamp.is_some());
        self.status.as_ref().map_or_else(Status::default, |status| status::phase(&status.phase, deleted))
    }
}
