//! Storage classes name who provisions their volumes.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, Emit, Family, Reader, Source, field::Field},
    model::{Kind, ObjectMeta, kinds},
};

const PROVISIONER: Field = Field { edge: "provisioned_by", kind: kinds::CSI_DRIVER, via: "provisioner" };

pub(super) static FAMILY: Family = Family {
    title: "Storage classes",
    readers: &[Reader::of::<StorageClass>()],
    edges: &[PROVISIONER.rule(kinds::STORAGE_CLASS)],
    cases: &[Case {
        name: "a storage class is provisioned by a driver; a provisioner that is no driver is none",
        objects: r"
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: provisioned}
provisioner: provisioner.example.com
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: provisioned-without-a-driver}
provisioner: example.com/nfs
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: provisioned-by-hand}
provisioner: kubernetes.io/no-provisioner
---
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: {name: provisioner.example.com}
",
        edges: &[
            "StorageClass.storage.k8s.io/provisioned provisioned_by? CSIDriver.storage.k8s.io/provisioner.example.com",
        ],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct StorageClass {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(string, tag = "2")]
    provisioner: String,
}

impl Source for StorageClass {
    const KIND: Kind = kinds::STORAGE_CLASS;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    /// A provisioner with a slash, such as `kubernetes.io/no-provisioner`, is no driver: a driver's name has none.
    /// A driver works without an object that describes it.
    fn edges(&self, emit: &mut Emit<'_>) {
        if !self.provisioner.contains('/') {
            let _ = PROVISIONER.refer(emit, &self.provisioner).optional(Some(true));
        }
    }
}
