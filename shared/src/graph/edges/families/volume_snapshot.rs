//! Volume snapshots, a custom resource (group snapshot.storage.k8s.io, v1): what they are of, and what holds them.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, Emit, Family, Reader, Source, field::Field},
    model::{Health, Kind, ObjectMeta, Status, kinds},
};

const fn field(edge: &'static str, kind: Kind, via: &'static str) -> Field {
    Field { edge, kind, via }
}

const CLAIM: Field =
    field("snapshot_of", kinds::PERSISTENT_VOLUME_CLAIM, "spec.source.persistentVolumeClaimName");
const GIVEN_CONTENT: Field =
    field("bound_to", kinds::VOLUME_SNAPSHOT_CONTENT, "spec.source.volumeSnapshotContentName");
const CONTENT: Field =
    field("bound_to", kinds::VOLUME_SNAPSHOT_CONTENT, "status.boundVolumeSnapshotContentName");
const CLASS: Field = field("uses_class", kinds::VOLUME_SNAPSHOT_CLASS, "spec.volumeSnapshotClassName");

pub(super) static FAMILY: Family = Family {
    title: "Volume snapshots",
    readers: &[Reader::of::<VolumeSnapshot>()],
    edges: &[
        CLAIM.rule(kinds::VOLUME_SNAPSHOT),
        GIVEN_CONTENT.rule(kinds::VOLUME_SNAPSHOT),
        CONTENT.rule(kinds::VOLUME_SNAPSHOT),
        CLASS.rule(kinds::VOLUME_SNAPSHOT),
    ],
    cases: &[Case {
        name: "a snapshot is of a claim of its namespace, or of content that was there before",
        objects: r"
apiVersion: snapshot.storage.k8s.io/v1
kind: VolumeSnapshot
metadata: {name: monday, namespace: shop}
spec: {source: {persistentVolumeClaimName: data}, volumeSnapshotClassName: daily}
status: {boundVolumeSnapshotContentName: content-1, readyToUse: true}
---
apiVersion: snapshot.storage.k8s.io/v1
kind: VolumeSnapshot
metadata: {name: imported, namespace: shop}
spec: {source: {volumeSnapshotContentName: content-0}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: ''}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: elsewhere}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: ''}
",
        edges: &[
            "VolumeSnapshot.snapshot.storage.k8s.io/shop/monday snapshot_of PersistentVolumeClaim/shop/data",
            "VolumeSnapshot.snapshot.storage.k8s.io/shop/monday bound_to \
             VolumeSnapshotContent.snapshot.storage.k8s.io/content-1!",
            "VolumeSnapshot.snapshot.storage.k8s.io/shop/monday uses_class \
             VolumeSnapshotClass.snapshot.storage.k8s.io/daily!",
            "VolumeSnapshot.snapshot.storage.k8s.io/shop/imported bound_to \
             VolumeSnapshotContent.snapshot.storage.k8s.io/content-0!",
        ],
    }],
};

// A custom resource is never sent as protobuf: the tags only number the fields.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct VolumeSnapshot {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<SnapshotSpec>,
    #[prost(message, optional, tag = "3")]
    status: Option<SnapshotStatus>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct SnapshotSpec {
    #[prost(message, optional, tag = "1")]
    source: Option<SnapshotSource>,
    #[prost(string, tag = "2")]
    volume_snapshot_class_name: String,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct SnapshotSource {
    #[prost(string, tag = "1")]
    persistent_volume_claim_name: String,
    #[prost(string, tag = "2")]
    volume_snapshot_content_name: String,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct SnapshotStatus {
    #[prost(string, tag = "1")]
    bound_volume_snapshot_content_name: String,
    #[prost(bool, tag = "2")]
    ready_to_use: bool,
    #[prost(message, optional, tag = "3")]
    error: Option<SnapshotError>,
}

/// That it is there is all that is read.
#[derive(Clone, Copy, PartialEq, Eq, Message, Deserialize)]
#[serde(default)]
struct SnapshotError {}

impl Source for VolumeSnapshot {
    const KIND: Kind = kinds::VOLUME_SNAPSHOT;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        if let Some(spec) = &self.spec {
            let _ = CLASS.refer(emit, &spec.volume_snapshot_class_name);
            if let Some(source) = &spec.source {
                let _ = CLAIM.refer(emit, &source.persistent_volume_claim_name);
                let _ = GIVEN_CONTENT.refer(emit, &source.volume_snapshot_content_name);
            }
        }
        if let Some(status) = &self.status {
            let _ = CONTENT.refer(emit, &status.bound_volume_snapshot_content_name);
        }
    }

    /// kubectl has no STATUS of it, but it has a health.
    fn status(&self) -> Status {
        let health = match &self.status {
            None => Health::Unknown,
            Some(status) if status.ready_to_use => Health::Healthy,
            Some(status) if status.error.is_some() => Health::Degraded,
            Some(_) => Health::Progressing,
        };
        Status { health, ..Status::default() }
    }
}
