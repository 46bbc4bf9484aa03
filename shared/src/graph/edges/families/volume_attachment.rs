//! Attachments: which volume, to which node, by which driver.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{
        Case, Emit, Family, Reader, Source,
        field::Field,
        volume_secrets::{csi_secret_edges, csi_secret_fields},
    },
    model::{Health, Kind, ObjectMeta, Status, api::PersistentVolumeSpec, kinds},
};

const fn field(edge: &'static str, kind: Kind, via: &'static str) -> Field {
    Field { edge, kind, via }
}

const NODE: Field = field("attached_to", kinds::NODE, "spec.nodeName");
const VOLUME: Field = field("attaches", kinds::PERSISTENT_VOLUME, "spec.source.persistentVolumeName");
const ATTACHER: Field = field("uses_driver", kinds::CSI_DRIVER, "spec.attacher");
const INLINE_DRIVER: Field =
    field("uses_driver", kinds::CSI_DRIVER, "spec.source.inlineVolumeSpec.csi.driver");
static INLINE_SECRETS: [Field; 5] = csi_secret_fields!("spec.source.inlineVolumeSpec.csi");

pub(super) static FAMILY: Family = Family {
    title: "Volume attachments",
    readers: &[Reader::of::<VolumeAttachment>()],
    edges: &[
        NODE.rule(kinds::VOLUME_ATTACHMENT),
        VOLUME.rule(kinds::VOLUME_ATTACHMENT),
        ATTACHER.rule(kinds::VOLUME_ATTACHMENT),
        INLINE_DRIVER.rule(kinds::VOLUME_ATTACHMENT),
        INLINE_SECRETS[0].rule(kinds::VOLUME_ATTACHMENT),
        INLINE_SECRETS[1].rule(kinds::VOLUME_ATTACHMENT),
        INLINE_SECRETS[2].rule(kinds::VOLUME_ATTACHMENT),
        INLINE_SECRETS[3].rule(kinds::VOLUME_ATTACHMENT),
        INLINE_SECRETS[4].rule(kinds::VOLUME_ATTACHMENT),
    ],
    cases: &[
        Case {
            name: "an attachment attaches a volume to a node by a driver",
            objects: r"
apiVersion: storage.k8s.io/v1
kind: VolumeAttachment
metadata: {name: attachment}
spec: {attacher: attacher.example.com, nodeName: attach-node, source: {persistentVolumeName: attach-volume}}
---
apiVersion: v1
kind: Node
metadata: {name: attach-node}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: attach-volume}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /data}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: attachment}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /data}}
",
            edges: &[
                "VolumeAttachment.storage.k8s.io/attachment attached_to Node/attach-node",
                "VolumeAttachment.storage.k8s.io/attachment attaches PersistentVolume/attach-volume",
                "VolumeAttachment.storage.k8s.io/attachment uses_driver? CSIDriver.storage.k8s.io/attacher.example.com!",
            ],
        },
        Case {
            name: "an attachment of a volume that has no object describes it itself",
            objects: r"
apiVersion: storage.k8s.io/v1
kind: VolumeAttachment
metadata: {name: inline-attachment}
spec:
  attacher: attacher.example.com
  nodeName: attach-node
  source:
    inlineVolumeSpec:
      accessModes: [ReadWriteOnce]
      csi:
        driver: inline.example.com
        volumeHandle: a
        controllerPublishSecretRef: {name: attach, namespace: storage}
        controllerExpandSecretRef: {name: expand, namespace: storage}
        nodeStageSecretRef: {name: stage, namespace: storage}
        nodePublishSecretRef: {name: publish, namespace: storage}
        nodeExpandSecretRef: {name: grow, namespace: storage}
",
            edges: &[
                "VolumeAttachment.storage.k8s.io/inline-attachment attached_to Node/attach-node!",
                "VolumeAttachment.storage.k8s.io/inline-attachment uses_driver? CSIDriver.storage.k8s.io/attacher.example.com!",
                "VolumeAttachment.storage.k8s.io/inline-attachment uses_driver? CSIDriver.storage.k8s.io/inline.example.com!",
                "VolumeAttachment.storage.k8s.io/inline-attachment uses Secret/storage/attach!",
                "VolumeAttachment.storage.k8s.io/inline-attachment uses Secret/storage/expand!",
                "VolumeAttachment.storage.k8s.io/inline-attachment uses Secret/storage/stage!",
                "VolumeAttachment.storage.k8s.io/inline-attachment uses Secret/storage/publish!",
                "VolumeAttachment.storage.k8s.io/inline-attachment uses Secret/storage/grow!",
            ],
        },
    ],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct VolumeAttachment {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<AttachmentSpec>,
    #[prost(message, optional, tag = "3")]
    status: Option<AttachmentStatus>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct AttachmentSpec {
    #[prost(string, tag = "1")]
    attacher: String,
    #[prost(message, optional, tag = "2")]
    source: Option<AttachmentSource>,
    #[prost(string, tag = "3")]
    node_name: String,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct AttachmentSource {
    #[prost(string, tag = "1")]
    persistent_volume_name: String,
    #[prost(message, optional, tag = "2")]
    inline_volume_spec: Option<PersistentVolumeSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct AttachmentStatus {
    #[prost(bool, tag = "1")]
    attached: bool,
    #[prost(message, optional, tag = "3")]
    attach_error: Option<VolumeError>,
    #[prost(message, optional, tag = "4")]
    detach_error: Option<VolumeError>,
}

/// That it is there is all that is read.
#[derive(Clone, Copy, PartialEq, Eq, Message, Deserialize)]
#[serde(default)]
struct VolumeError {}

impl Source for VolumeAttachment {
    const KIND: Kind = kinds::VOLUME_ATTACHMENT;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        let Some(spec) = &self.spec else { return };
        let _ = NODE.refer(emit, &spec.node_name);
        let _ = ATTACHER.refer(emit, &spec.attacher).optional(Some(true));
        let Some(source) = &spec.source else { return };
        let _ = VOLUME.refer(emit, &source.persistent_volume_name);
        let Some(volume) = &source.inline_volume_spec else { return };
        // The API takes nothing but CSI here.
        if let Some(csi) = volume.source.as_ref().and_then(|source| source.csi.as_ref()) {
            let _ = INLINE_DRIVER.refer(emit, &csi.driver).optional(Some(true));
            csi_secret_edges(emit, &INLINE_SECRETS, Some(csi), "");
        }
    }

    /// kubectl has no STATUS of it, but it has a health.
    fn status(&self) -> Status {
        let health = match &self.status {
            None => Health::Unknown,
            Some(status) if status.attach_error.is_some() || status.detach_error.is_some() => {
                Health::Degraded
            }
            Some(status) if status.attached => Health::Healthy,
            Some(_) => Health::Progressing,
        };
        Status { health, ..Status::default() }
    }
}
