//! Quotas and limit ranges limit the namespace that they are in.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, Emit, Family, Reader, Source, field::Field},
    model::{Kind, ObjectMeta, kinds},
};

const LIMITS: Field = Field { edge: "limits", kind: kinds::NAMESPACE, via: "metadata.namespace" };

pub(super) static FAMILY: Family = Family {
    title: "Quotas and limit ranges",
    readers: &[Reader::of::<ResourceQuota>(), Reader::of::<LimitRange>()],
    edges: &[LIMITS.rule(kinds::RESOURCE_QUOTA), LIMITS.rule(kinds::LIMIT_RANGE)],
    cases: &[Case {
        name: "a quota and a limit range limit their own namespace",
        objects: r"
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: team}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: team, namespace: shop}
spec: {hard: {pods: '10'}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: team, namespace: shop}
spec: {limits: [{type: Container, default: {cpu: 100m}}]}
",
        edges: &[
            "ResourceQuota/shop/team limits Namespace/shop",
            "LimitRange/shop/team limits Namespace/shop",
        ],
    }],
};

/// Kinds of which the namespace is all that matters.
macro_rules! limits_its_namespace {
    ($name:ident $kind:expr) => {
        #[derive(Clone, PartialEq, Message, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        struct $name {
            #[prost(message, optional, tag = "1")]
            metadata: Option<ObjectMeta>,
        }

        impl Source for $name {
            const KIND: Kind = $kind;
            const METADATA_ONLY: bool = true;

            fn metadata(&self) -> Option<&ObjectMeta> {
                self.metadata.as_ref()
            }

            fn edges(&self, emit: &mut Emit<'_>) {
                let namespace = &emit.metadata().namespace;
                let _ = LIMITS.refer(emit, namespace);
            }
        }
    };
}

limits_its_namespace!(ResourceQuota kinds::RESOURCE_QUOTA);
limits_its_namespace!(LimitRange kinds::LIMIT_RANGE);
