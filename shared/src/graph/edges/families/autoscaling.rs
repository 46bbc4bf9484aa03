//! Autoscalers scale workloads.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target, group_of},
    model::{Kind, ObjectMeta, api::CrossVersionObjectReference, kinds},
};

const HORIZONTAL: &str = "spec.scaleTargetRef";
const VERTICAL: &str = "spec.targetRef";

pub(super) static FAMILY: Family = Family {
    title: "Autoscalers",
    readers: &[Reader::of::<HorizontalPodAutoscaler>(), Reader::of::<VerticalPodAutoscaler>()],
    edges: &[
        EdgeRule {
            source: kinds::HORIZONTAL_POD_AUTOSCALER,
            edge: "scales",
            target: Target::Any,
            via: HORIZONTAL,
        },
        EdgeRule {
            source: kinds::VERTICAL_POD_AUTOSCALER,
            edge: "scales",
            target: Target::Any,
            via: VERTICAL,
        },
    ],
    cases: &[
        Case {
            name: "an autoscaler scales the object of this group, kind and name in its namespace",
            objects: r"
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec: {maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
---
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: old, namespace: shop}
spec: {maxReplicas: 9, scaleTargetRef: {apiVersion: v1, kind: ReplicationController, name: web}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: rollout, namespace: shop}
spec: {maxReplicas: 9, scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: web}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: elsewhere}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: web}]}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: web}]}}
",
            edges: &[
                "HorizontalPodAutoscaler.autoscaling/shop/web scales Deployment.apps/shop/web",
                "HorizontalPodAutoscaler.autoscaling/shop/old scales ReplicationController/shop/web!",
                "HorizontalPodAutoscaler.autoscaling/shop/rollout scales Rollout.argoproj.io/shop/web!",
            ],
        },
        Case {
            name: "a vertical autoscaler likewise, once it names a target",
            objects: r"
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata: {name: web, namespace: shop}
spec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata: {name: idle, namespace: shop}
spec: {}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: web}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: idle, namespace: shop}
spec:
  selector: {matchLabels: {app: idle}}
  template: {metadata: {labels: {app: idle}}, spec: {containers: [{name: main, image: web}]}}
",
            edges: &["VerticalPodAutoscaler.autoscaling.k8s.io/shop/web scales Deployment.apps/shop/web"],
        },
    ],
};

// autoscaling/v1 and v2 have this field alike.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct HorizontalPodAutoscaler {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<HorizontalPodAutoscalerSpec>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct HorizontalPodAutoscalerSpec {
    #[prost(message, optional, tag = "1")]
    scale_target_ref: Option<CrossVersionObjectReference>,
}

/// A custom resource: it never comes as protobuf, and the tags only number the fields.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct VerticalPodAutoscaler {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<VerticalPodAutoscalerSpec>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct VerticalPodAutoscalerSpec {
    #[prost(message, optional, tag = "1")]
    target_ref: Option<CrossVersionObjectReference>,
}

impl Source for HorizontalPodAutoscaler {
    const KIND: Kind = kinds::HORIZONTAL_POD_AUTOSCALER;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        if let Some(to) = self.spec.as_ref().and_then(|spec| spec.scale_target_ref.as_ref()) {
            scales(emit, to, HORIZONTAL);
        }
    }
}

impl Source for VerticalPodAutoscaler {
    const KIND: Kind = kinds::VERTICAL_POD_AUTOSCALER;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        if let Some(to) = self.spec.as_ref().and_then(|spec| spec.target_ref.as_ref()) {
            scales(emit, to, VERTICAL);
        }
    }
}

fn scales(emit: &mut Emit<'_>, to: &CrossVersionObjectReference, via: &'static str) {
    let _ = emit.refer_any("scales", group_of(&to.api_version), &to.kind, &to.name, via);
}
