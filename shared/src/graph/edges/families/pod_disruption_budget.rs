//! Disruption budgets protect pods from being evicted all at once.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    model::{Kind, LabelSelector, ObjectMeta, kinds},
};

const SELECTOR: &str = "spec.selector";

pub(super) static FAMILY: Family = Family {
    title: "Pod disruption budgets",
    readers: &[Reader::of::<PodDisruptionBudget>()],
    edges: &[EdgeRule {
        source: kinds::POD_DISRUPTION_BUDGET,
        edge: "protects",
        target: Target::Kind(kinds::POD),
        via: SELECTOR,
    }],
    cases: &[Case {
        name: "a budget protects the pods of its namespace that it selects: empty selects all, absent none",
        objects: r"
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec:
  minAvailable: 1
  selector: {matchLabels: {app: web}, matchExpressions: [{key: track, operator: NotIn, values: [canary]}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: all, namespace: shop}
spec: {maxUnavailable: 1, selector: {}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: none, namespace: shop}
spec: {maxUnavailable: 1}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: canary, namespace: shop, labels: {app: web, track: canary}}
spec: {containers: [{name: main, image: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: elsewhere, labels: {app: web}}
spec: {containers: [{name: main, image: web}]}
",
        edges: &[
            "PodDisruptionBudget.policy/shop/web protects Pod/shop/web-1",
            "PodDisruptionBudget.policy/shop/all protects Pod/shop/web-1",
            "PodDisruptionBudget.policy/shop/all protects Pod/shop/canary",
        ],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PodDisruptionBudget {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<PodDisruptionBudgetSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PodDisruptionBudgetSpec {
    #[prost(message, optional, tag = "2")]
    selector: Option<LabelSelector>,
}

impl Source for PodDisruptionBudget {
    const KIND: Kind = kinds::POD_DISRUPTION_BUDGET;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        if let Some(selector) = self.spec.as_ref().and_then(|spec| spec.selector.as_ref()) {
            emit.select("protects", kinds::POD, selector.into(), SELECTOR);
        }
    }
}
