//! Objects belong to their owners. Every object may have some, whatever its kind; the rules here are the pairs that
//! Kubernetes itself makes, and the kinds that operators make for custom resources.

use crate::{
    graph::edges::{Case, EdgeRule, Family, Target},
    model::{Kind, kinds},
};

const fn owned_by(source: Kind, target: Target) -> EdgeRule {
    EdgeRule { source, edge: "owned_by", target, via: "metadata.ownerReferences[]" }
}

pub(super) static FAMILY: Family = Family {
    title: "Owners",
    readers: &[],
    edges: &[
        owned_by(
            kinds::POD,
            Target::OneOf(&[
                kinds::REPLICA_SET,
                kinds::STATEFUL_SET,
                kinds::DAEMON_SET,
                kinds::JOB,
                kinds::REPLICATION_CONTROLLER,
                // The kubelet's own pods.
                kinds::NODE,
            ]),
        ),
        owned_by(kinds::REPLICA_SET, Target::Kind(kinds::DEPLOYMENT)),
        owned_by(kinds::JOB, Target::Kind(kinds::CRON_JOB)),
        owned_by(kinds::CONTROLLER_REVISION, Target::OneOf(&[kinds::DAEMON_SET, kinds::STATEFUL_SET])),
        owned_by(kinds::ENDPOINT_SLICE, Target::Kind(kinds::SERVICE)),
        owned_by(kinds::LEASE, Target::Kind(kinds::NODE)),
        owned_by(kinds::CSI_NODE, Target::Kind(kinds::NODE)),
        owned_by(kinds::RESOURCE_SLICE, Target::Kind(kinds::NODE)),
        // Claims of ephemeral volumes, and those that a stateful set is to delete.
        owned_by(kinds::PERSISTENT_VOLUME_CLAIM, Target::OneOf(&[kinds::POD, kinds::STATEFUL_SET])),
        owned_by(kinds::RESOURCE_CLAIM, Target::Kind(kinds::POD)),
        owned_by(kinds::POD, Target::Any),
        owned_by(kinds::DEPLOYMENT, Target::Any),
        owned_by(kinds::REPLICA_SET, Target::Any),
        owned_by(kinds::STATEFUL_SET, Target::Any),
        owned_by(kinds::DAEMON_SET, Target::Any),
        owned_by(kinds::JOB, Target::Any),
        owned_by(kinds::CRON_JOB, Target::Any),
        owned_by(kinds::SERVICE, Target::Any),
        owned_by(kinds::CONFIG_MAP, Target::Any),
        owned_by(kinds::SECRET, Target::Any),
        owned_by(kinds::SERVICE_ACCOUNT, Target::Any),
        owned_by(kinds::PERSISTENT_VOLUME_CLAIM, Target::Any),
    ],
    cases: &[
        Case {
            name: "uid: a deployment's replica set and its pods belong to it, by uid, group, kind and name",
            objects: r"
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, uid: d1}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: elsewhere, uid: d2}
---
apiVersion: extensions.example.com/v1
kind: Deployment
metadata: {name: web, namespace: shop, uid: d3}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: web-1
  namespace: shop
  uid: r1
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d1, controller: true}]
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: of-an-older-version
  namespace: shop
  ownerReferences: [{apiVersion: apps/v1beta2, kind: Deployment, name: web, uid: d1, controller: true}]
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: of-another-uid
  namespace: shop
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d0, controller: true}]
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: of-another-namespace
  namespace: shop
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d2, controller: true}]
---
apiVersion: v1
kind: Pod
metadata:
  name: web-1-a
  namespace: shop
  labels: {app: web}
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: r1, controller: true}]
---
apiVersion: v1
kind: Pod
metadata: {name: web-1-b, namespace: shop, labels: {app: web}}
",
            edges: &[
                "ReplicaSet.apps/shop/web-1 owned_by Deployment.apps/shop/web",
                "ReplicaSet.apps/shop/of-an-older-version owned_by Deployment.apps/shop/web",
                "Pod/shop/web-1-a owned_by ReplicaSet.apps/shop/web-1",
            ],
        },
        Case {
            name: "uid: what else Kubernetes makes belongs to what it was made for, in its namespace or in the cluster",
            objects: r"
apiVersion: v1
kind: Node
metadata: {name: worker, uid: n1}
---
apiVersion: v1
kind: Pod
metadata:
  name: etcd-worker
  namespace: kube-system
  uid: p1
  ownerReferences: [{apiVersion: v1, kind: Node, name: worker, uid: n1, controller: true}]
---
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata:
  name: worker
  namespace: kube-node-lease
  ownerReferences: [{apiVersion: v1, kind: Node, name: worker, uid: n1}]
---
apiVersion: storage.k8s.io/v1
kind: CSINode
metadata: {name: worker, ownerReferences: [{apiVersion: v1, kind: Node, name: worker, uid: n1}]}
---
apiVersion: resource.k8s.io/v1
kind: ResourceSlice
metadata: {name: worker-gpu, ownerReferences: [{apiVersion: v1, kind: Node, name: worker, uid: n1, controller: true}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: shop, uid: c1}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: nightly-1
  namespace: shop
  uid: j1
  ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: nightly, uid: c1, controller: true}]
---
apiVersion: v1
kind: Pod
metadata:
  name: nightly-1-x
  namespace: shop
  uid: p2
  ownerReferences: [{apiVersion: batch/v1, kind: Job, name: nightly-1, uid: j1, controller: true}]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: nightly-1-x-scratch
  namespace: shop
  ownerReferences: [{apiVersion: v1, kind: Pod, name: nightly-1-x, uid: p2, controller: true}]
---
apiVersion: resource.k8s.io/v1
kind: ResourceClaim
metadata:
  name: nightly-1-x-gpu
  namespace: shop
  ownerReferences: [{apiVersion: v1, kind: Pod, name: nightly-1-x, uid: p2, controller: true}]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: shop, uid: a1}
---
apiVersion: apps/v1
kind: ControllerRevision
metadata:
  name: agent-1
  namespace: shop
  ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: agent, uid: a1, controller: true}]
---
apiVersion: v1
kind: Pod
metadata:
  name: agent-x
  namespace: shop
  ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: agent, uid: a1, controller: true}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, uid: s1}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: web-1
  namespace: shop
  ownerReferences: [{apiVersion: v1, kind: Service, name: web, uid: s1, controller: true}]
addressType: IPv4
",
            edges: &[
                "Pod/kube-system/etcd-worker owned_by Node/worker",
                "Lease.coordination.k8s.io/kube-node-lease/worker owned_by Node/worker",
                "CSINode.storage.k8s.io/worker owned_by Node/worker",
                "ResourceSlice.resource.k8s.io/worker-gpu owned_by Node/worker",
                "Job.batch/shop/nightly-1 owned_by CronJob.batch/shop/nightly",
                "Pod/shop/nightly-1-x owned_by Job.batch/shop/nightly-1",
                "PersistentVolumeClaim/shop/nightly-1-x-scratch owned_by Pod/shop/nightly-1-x",
                "ResourceClaim.resource.k8s.io/shop/nightly-1-x-gpu owned_by Pod/shop/nightly-1-x",
                "ControllerRevision.apps/shop/agent-1 owned_by DaemonSet.apps/shop/agent",
                "Pod/shop/agent-x owned_by DaemonSet.apps/shop/agent",
                "EndpointSlice.discovery.k8s.io/shop/web-1 owned_by Service/shop/web",
            ],
        },
        Case {
            name: "uid: what an operator makes belongs to its custom resource; an object may have several owners",
            objects: r"
apiVersion: example.com/v1
kind: Shop
metadata: {name: web, namespace: shop, uid: w1}
---
apiVersion: other.example.com/v1
kind: Shop
metadata: {name: web, namespace: shop, uid: w2}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: made, namespace: shop, uid: d1, ownerReferences: [{apiVersion: example.com/v1, kind: Shop, name: web, uid: w1}]}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: made, namespace: shop, ownerReferences: [{apiVersion: example.com/v1, kind: Shop, name: web, uid: w1}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: made, namespace: shop, ownerReferences: [{apiVersion: example.com/v1, kind: Shop, name: web, uid: w1}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: made, namespace: shop, ownerReferences: [{apiVersion: example.com/v1, kind: Shop, name: web, uid: w1}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: made, namespace: shop, ownerReferences: [{apiVersion: example.com/v1, kind: Shop, name: web, uid: w1}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: made, namespace: shop, ownerReferences: [{apiVersion: example.com/v1, kind: Shop, name: web, uid: w1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: made, namespace: shop, ownerReferences: [{apiVersion: example.com/v1, kind: Shop, name: web, uid: w1}]}
---
apiVersion: v1
kind: Service
metadata: {name: made, namespace: shop, ownerReferences: [{apiVersion: example.com/v1, kind: Shop, name: web, uid: w1}]}
---
apiVersion: v1
kind: Secret
metadata: {name: made, namespace: shop, ownerReferences: [{apiVersion: example.com/v1, kind: Shop, name: web, uid: w1}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: made, namespace: shop, ownerReferences: [{apiVersion: example.com/v1, kind: Shop, name: web, uid: w1}]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: made, namespace: shop, ownerReferences: [{apiVersion: example.com/v1, kind: Shop, name: web, uid: w1}]}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: shared
  namespace: shop
  ownerReferences:
  - {apiVersion: example.com/v1, kind: Shop, name: web, uid: w1}
  - {apiVersion: apps/v1, kind: Deployment, name: made, uid: d1}
",
            edges: &[
                "Deployment.apps/shop/made owned_by Shop.example.com/shop/web",
                "ReplicaSet.apps/shop/made owned_by Shop.example.com/shop/web",
                "StatefulSet.apps/shop/made owned_by Shop.example.com/shop/web",
                "DaemonSet.apps/shop/made owned_by Shop.example.com/shop/web",
                "Job.batch/shop/made owned_by Shop.example.com/shop/web",
                "CronJob.batch/shop/made owned_by Shop.example.com/shop/web",
                "Pod/shop/made owned_by Shop.example.com/shop/web",
                "Service/shop/made owned_by Shop.example.com/shop/web",
                "Secret/shop/made owned_by Shop.example.com/shop/web",
                "ServiceAccount/shop/made owned_by Shop.example.com/shop/web",
                "PersistentVolumeClaim/shop/made owned_by Shop.example.com/shop/web",
                "ConfigMap/shop/shared owned_by Shop.example.com/shop/web",
                "ConfigMap/shop/shared owned_by Deployment.apps/shop/made",
            ],
        },
    ],
};
