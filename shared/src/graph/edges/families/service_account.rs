//! Service accounts: the secrets that their pods pull images with and may mount.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        Noise,
        edges::{Case, Emit, Family, Reader, Source, field::Field},
    },
    model::{
        Kind, ObjectMeta,
        api::{LocalObjectReference, ObjectReference},
        kinds,
    },
};

const PULL_SECRETS: Field = Field { edge: "pulls_with", kind: kinds::SECRET, via: "imagePullSecrets[].name" };
const SECRETS: Field = Field { edge: "mountable", kind: kinds::SECRET, via: "secrets[].name" };

pub(super) static FAMILY: Family = Family {
    title: "Service accounts",
    readers: &[Reader::of::<ServiceAccount>()],
    edges: &[PULL_SECRETS.rule(kinds::SERVICE_ACCOUNT), SECRETS.rule(kinds::SERVICE_ACCOUNT)],
    cases: &[Case {
        name: "a service account pulls with some secrets of its namespace and may mount others",
        objects: r"
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: shop}
imagePullSecrets: [{name: registry}]
secrets: [{name: robot-token}, {name: gone}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: plain, namespace: shop}
automountServiceAccountToken: false
---
apiVersion: v1
kind: Secret
metadata: {name: registry, namespace: shop}
---
apiVersion: v1
kind: Secret
metadata: {name: robot-token, namespace: shop}
---
apiVersion: v1
kind: Secret
metadata: {name: gone, namespace: elsewhere}
",
        edges: &[
            "ServiceAccount/shop/robot pulls_with Secret/shop/registry",
            "ServiceAccount/shop/robot mountable Secret/shop/robot-token",
            "ServiceAccount/shop/robot mountable Secret/shop/gone!",
        ],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ServiceAccount {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, repeated, tag = "2")]
    secrets: Vec<ObjectReference>,
    #[prost(message, repeated, tag = "3")]
    image_pull_secrets: Vec<LocalObjectReference>,
}

impl Source for ServiceAccount {
    const KIND: Kind = kinds::SERVICE_ACCOUNT;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        for secret in &self.image_pull_secrets {
            let _ = PULL_SECRETS.refer(emit, &secret.name);
        }
        for secret in &self.secrets {
            let _ = SECRETS.refer(emit, &secret.name);
        }
    }

    fn noise(&self) -> Option<Noise> {
        let metadata = self.metadata.as_ref()?;
        (metadata.name == "default").then_some(Noise::DefaultAccount)
    }
}
