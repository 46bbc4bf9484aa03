//! One pod spec that names something in each of its fields. Every carrier proves itself with it, so that none
//! forgets a field.

/// The pod spec, without its opening brace and restart policy: in flow style, so that it fits behind every path.
macro_rules! full_pod_spec {
    () => {
        "
            serviceAccountName: robot, priorityClassName: important, runtimeClassName: sandbox,
            imagePullSecrets: [{name: registry}],
            resourceClaims: [
              {name: shared, resourceClaimName: shared-gpu}, {name: own, resourceClaimTemplateName: own-gpu}],
            initContainers: [{name: first, image: web,
              envFrom: [{configMapRef: {name: init-all-map}}, {secretRef: {name: init-all-secret}}],
              env: [
                {name: A, valueFrom: {configMapKeyRef: {name: init-map, key: a}}},
                {name: B, valueFrom: {secretKeyRef: {name: init-secret, key: b}}}]}],
            containers: [{name: main, image: web,
              envFrom: [
                {prefix: X_, configMapRef: {name: all-map}},
                {secretRef: {name: all-secret, optional: true}}],
              env: [
                {name: PLAIN, value: plain-map},
                {name: FIELD, valueFrom: {fieldRef: {fieldPath: metadata.name}}},
                {name: A, valueFrom: {configMapKeyRef: {name: key-map, key: a}}},
                {name: B, valueFrom: {secretKeyRef: {name: key-secret, key: b, optional: false}}}]}],
            volumes: [
              {name: scratch, emptyDir: {}},
              {name: map, configMap: {name: volume-map, optional: true}},
              {name: secret, secret: {secretName: volume-secret}},
              {name: projected, projected: {sources: [
                {configMap: {name: projected-map}}, {secret: {name: projected-secret, optional: true}},
                {serviceAccountToken: {path: token}}]}},
              {name: kube-api-access-mine, configMap: {name: my-map}},
              {name: kube-api-access-x2b9q, projected: {sources: [
                {serviceAccountToken: {path: token}}, {configMap: {name: kube-root-ca.crt}}]}},
              {name: data, persistentVolumeClaim: {claimName: data}},
              {name: csi, csi: {driver: inline.example.com, nodePublishSecretRef: {name: csi-secret}}},
              {name: azure, azureFile: {secretName: azure-secret, shareName: share}},
              {name: cephfs, cephfs: {monitors: ['10.0.0.1:6789'], secretRef: {name: cephfs-secret}}},
              {name: cinder, cinder: {volumeID: disk, secretRef: {name: cinder-secret}}},
              {name: flex, flexVolume: {driver: example.com/flex, secretRef: {name: flex-secret}}},
              {name: iscsi, iscsi: {targetPortal: '10.0.0.1:3260', iqn: 'iqn.2001-04.com.example:disk', lun: 0,
                secretRef: {name: iscsi-secret}}},
              {name: rbd, rbd: {monitors: ['10.0.0.1:6789'], image: disk, secretRef: {name: rbd-secret}}},
              {name: scale-io, scaleIO: {gateway: 'https://10.0.0.1', system: scale, volumeName: disk,
                secretRef: {name: scale-io-secret}}},
              {name: storageos, storageos: {volumeName: disk, secretRef: {name: storageos-secret}}}]}
"
    };
}

/// What the spec names, and near-misses: a name that is a value, and the same names elsewhere.
macro_rules! full_pod_spec_targets {
    () => {
        "
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: important}
value: 1000
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: sandbox}
handler: sandbox
---
apiVersion: v1
kind: ConfigMap
metadata: {name: all-map, namespace: shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: plain-map, namespace: shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: key-map, namespace: elsewhere}
---
apiVersion: v1
kind: Secret
metadata: {name: volume-secret, namespace: shop}
---
apiVersion: v1
kind: Secret
metadata: {name: volume-map, namespace: shop}
---
"
    };
}

/// The cases of a kind with a pod spec: `"Kind.group/shop/web"`, its YAML up to where the pod spec stands, the restart
/// policy that the kind allows, then further cases.
macro_rules! pod_spec_cases {
    ($id:literal, $yaml:literal, $restart:literal, [$($more:expr),* $(,)?]) => {
        &[
            $crate::graph::edges::Case {
                name: "a pod spec names objects of its namespace and of the cluster in every field that it has",
                objects: concat!(
                    $crate::graph::edges::pod_spec_cases::full_pod_spec_targets!(),
                    $yaml,
                    "{restartPolicy: ",
                    $restart,
                    ",",
                    $crate::graph::edges::pod_spec_cases::full_pod_spec!(),
                ),
                edges: &[
                    concat!($id, " runs_as ServiceAccount/shop/robot!"),
                    concat!($id, " has_priority PriorityClass.scheduling.k8s.io/important"),
                    concat!($id, " uses_runtime RuntimeClass.node.k8s.io/sandbox"),
                    concat!($id, " pulls_with Secret/shop/registry!"),
                    concat!($id, " claims ResourceClaim.resource.k8s.io/shop/shared-gpu!"),
                    concat!($id, " claims_from ResourceClaimTemplate.resource.k8s.io/shop/own-gpu!"),
                    concat!($id, " uses ConfigMap/shop/init-all-map!"),
                    concat!($id, " uses Secret/shop/init-all-secret!"),
                    concat!($id, " uses ConfigMap/shop/init-map!"),
                    concat!($id, " uses Secret/shop/init-secret!"),
                    concat!($id, " uses ConfigMap/shop/all-map"),
                    concat!($id, " uses? Secret/shop/all-secret!"),
                    concat!($id, " uses ConfigMap/shop/key-map!"),
                    concat!($id, " uses Secret/shop/key-secret!"),
                    concat!($id, " uses? ConfigMap/shop/volume-map!"),
                    concat!($id, " uses Secret/shop/volume-secret"),
                    concat!($id, " uses ConfigMap/shop/projected-map!"),
                    concat!($id, " uses? Secret/shop/projected-secret!"),
                    concat!($id, " uses ConfigMap/shop/my-map!"),
                    concat!($id, " mounts PersistentVolumeClaim/shop/data!"),
                    concat!($id, " uses_driver CSIDriver.storage.k8s.io/inline.example.com!"),
                    concat!($id, " uses Secret/shop/csi-secret!"),
                    concat!($id, " uses Secret/shop/azure-secret!"),
                    concat!($id, " uses Secret/shop/cephfs-secret!"),
                    concat!($id, " uses Secret/shop/cinder-secret!"),
                    concat!($id, " uses Secret/shop/flex-secret!"),
                    concat!($id, " uses Secret/shop/iscsi-secret!"),
                    concat!($id, " uses Secret/shop/rbd-secret!"),
                    concat!($id, " uses Secret/shop/scale-io-secret!"),
                    concat!($id, " uses Secret/shop/storageos-secret!"),
                ],
            },
            $crate::graph::edges::Case {
                name: "a pod spec names nothing in the fields that it leaves out",
                objects: concat!($yaml, "{restartPolicy: ", $restart, ", containers: [{name: main, image: web}]}"),
                edges: &[],
            },
            // A server drops the field unless a feature gate, off by default, is on.
            $crate::graph::edges::Case {
                name: "uid: trust bundles are projected by name, which a server takes only behind a feature gate",
                objects: concat!(
                    $yaml,
                    "{restartPolicy: ",
                    $restart,
                    ", containers: [{name: main, image: web}],
            volumes: [{name: trust, projected: {sources: [
              {clusterTrustBundle: {name: roots, optional: true, path: roots.pem}},
              {clusterTrustBundle: {signerName: example.com/signer, path: signer.pem}}]}}]}"
                ),
                edges: &[concat!($id, " uses? ClusterTrustBundle.certificates.k8s.io/roots!")],
            },
            $($more),*
        ]
    };
}

pub(super) use {full_pod_spec, full_pod_spec_targets, pod_spec_cases};
