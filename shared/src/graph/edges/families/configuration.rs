//! Config maps and secrets: who a token belongs to. Their data is never asked for.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        Noise,
        edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    },
    model::{Kind, ObjectMeta, kinds},
};

const ACCOUNT_NAME: &str = "kubernetes.io/service-account.name";
const ACCOUNT_UID: &str = "kubernetes.io/service-account.uid";

pub(super) static FAMILY: Family = Family {
    title: "Config maps and secrets",
    readers: &[Reader::of::<ConfigMap>(), Reader::of::<Secret>()],
    edges: &[EdgeRule {
        source: kinds::SECRET,
        edge: "token_of",
        target: Target::Kind(kinds::SERVICE_ACCOUNT),
        via: "metadata.annotations['kubernetes.io/service-account.name']",
    }],
    cases: &[
        Case {
            name: "a token secret belongs to the service account that it names, in its namespace",
            objects: r"
apiVersion: v1
kind: Secret
metadata: {name: robot-token, namespace: shop, annotations: {kubernetes.io/service-account.name: robot}}
type: kubernetes.io/service-account-token
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: elsewhere}
---
apiVersion: v1
kind: Secret
metadata: {name: robot, namespace: shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: robot, namespace: shop, annotations: {kubernetes.io/service-account.name: robot}}
",
            edges: &["Secret/shop/robot-token token_of ServiceAccount/shop/robot"],
        },
        Case {
            name: "uid: a token of an account that was deleted is not one of the account that has its name now",
            objects: r"
apiVersion: v1
kind: Secret
metadata:
  name: stale
  namespace: shop
  annotations: {kubernetes.io/service-account.name: robot, kubernetes.io/service-account.uid: u1}
---
apiVersion: v1
kind: Secret
metadata:
  name: current
  namespace: shop
  annotations: {kubernetes.io/service-account.name: robot, kubernetes.io/service-account.uid: u2}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: shop, uid: u2}
",
            edges: &["Secret/shop/current token_of ServiceAccount/shop/robot"],
        },
    ],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ConfigMap {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
}

impl Source for ConfigMap {
    const KIND: Kind = kinds::CONFIG_MAP;
    const METADATA_ONLY: bool = true;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, _: &mut Emit<'_>) {}

    fn noise(&self) -> Option<Noise> {
        let metadata = self.metadata.as_ref()?;
        (metadata.name == "kube-root-ca.crt").then_some(Noise::DefaultAccount)
    }
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Secret {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
}

impl Source for Secret {
    const KIND: Kind = kinds::SECRET;
    const METADATA_ONLY: bool = true;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    /// The type is no metadata, so the annotation alone tells a token: only tokens have it.
    fn edges(&self, emit: &mut Emit<'_>) {
        let annotations = &emit.metadata().annotations;
        if let Some(account) = annotations.get(ACCOUNT_NAME) {
            let uid = annotations.get(ACCOUNT_UID).map_or("", String::as_str);
            let via = "metadata.annotations['kubernetes.io/service-account.name']";
            let _ = emit.refer("token_of", kinds::SERVICE_ACCOUNT, account, via).with_uid(uid);
        }
    }

    fn noise(&self) -> Option<Noise> {
        let metadata = self.metadata.as_ref()?;
        metadata.annotations.contains_key(ACCOUNT_NAME).then_some(Noise::Token)
    }
}
