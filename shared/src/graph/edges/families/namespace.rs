//! Namespaces name nothing; others live in them. This reads how they are.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        edges::{Case, Emit, Family, Reader, Source},
        status,
    },
    model::{Kind, ObjectMeta, Status, kinds},
};

pub(super) static FAMILY: Family = Family {
    title: "Namespaces",
    readers: &[Reader::of::<Namespace>()],
    edges: &[],
    cases: &[Case {
        name: "a namespace names nothing",
        objects: r"
apiVersion: v1
kind: Namespace
metadata: {name: shop}
",
        edges: &[],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Namespace {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "3")]
    status: Option<NamespaceStatus>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct NamespaceStatus {
    #[prost(string, tag = "1")]
    phase: String,
}

impl Source for Namespace {
    const KIND: Kind = kinds::NAMESPACE;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, _: &mut Emit<'_>) {}

    /// STATUS: `printNamespace`.
    fn status(&self) -> Status {
        self.status.as_ref().map_or_else(Status::default, |status| status::phase(&status.phase, false))
    }
}
