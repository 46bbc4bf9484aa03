//! Cluster roles aggregate the rules of others.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        Within,
        edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    },
    model::{Kind, LabelSelector, ObjectMeta, kinds},
};

const SELECTORS: &str = "aggregationRule.clusterRoleSelectors[]";

pub(super) static FAMILY: Family = Family {
    title: "Cluster roles",
    readers: &[Reader::of::<ClusterRole>()],
    edges: &[EdgeRule {
        source: kinds::CLUSTER_ROLE,
        edge: "aggregates",
        target: Target::Kind(kinds::CLUSTER_ROLE),
        via: SELECTORS,
    }],
    cases: &[Case {
        name: "a cluster role aggregates the cluster roles that any of its selectors selects, and no roles",
        objects: r"
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: aggregate-all, labels: {role.example.com/to-none: 'true'}}
aggregationRule:
  clusterRoleSelectors:
  - matchLabels: {role.example.com/to-all: 'true'}
  - matchExpressions: [{key: role.example.com/to-some, operator: Exists}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: aggregate-one, labels: {role.example.com/to-all: 'true'}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: aggregate-two, labels: {role.example.com/to-some: ''}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: aggregate-not, labels: {role.example.com/to-all: 'false'}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: aggregate-one, namespace: shop, labels: {role.example.com/to-all: 'true'}}
",
        edges: &[
            "ClusterRole.rbac.authorization.k8s.io/aggregate-all aggregates \
             ClusterRole.rbac.authorization.k8s.io/aggregate-one",
            "ClusterRole.rbac.authorization.k8s.io/aggregate-all aggregates \
             ClusterRole.rbac.authorization.k8s.io/aggregate-two",
        ],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ClusterRole {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "3")]
    aggregation_rule: Option<AggregationRule>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct AggregationRule {
    #[prost(message, repeated, tag = "1")]
    cluster_role_selectors: Vec<LabelSelector>,
}

impl Source for ClusterRole {
    const KIND: Kind = kinds::CLUSTER_ROLE;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        for selector in self.aggregation_rule.iter().flat_map(|rule| &rule.cluster_role_selectors) {
            let within = Within::Cluster;
            emit.select_within("aggregates", kinds::CLUSTER_ROLE, within, selector.into(), SELECTORS);
        }
    }
}
