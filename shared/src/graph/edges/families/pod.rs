//! Pods: what they run on, as whom, and with which configuration, storage and devices.

use crate::{
    graph::{
        edges::{
            Case, EdgeRule, Emit, Family, Reader, Source,
            field::Field,
            pod_spec::{
                ContainerFields, PodSpecFields, container_edges, pod_spec_edges, pod_spec_fields,
                pod_spec_rules,
            },
            pod_spec_cases::pod_spec_cases,
        },
        status,
    },
    model::{
        Kind, ObjectMeta, Status,
        api::{Pod, PodSpec, PodStatus},
        kinds,
    },
};

static FIELDS: PodSpecFields = pod_spec_fields!("spec");

const fn field(edge: &'static str, kind: Kind, via: &'static str) -> Field {
    Field { edge, kind, via }
}

const NODE: Field = field("runs_on", kinds::NODE, "spec.nodeName");
const EPHEMERAL_CLAIM: Field =
    field("mounts", kinds::PERSISTENT_VOLUME_CLAIM, "spec.volumes[].ephemeral.volumeClaimTemplate");
const DEBUG_ALL_MAP: Field =
    field("uses", kinds::CONFIG_MAP, "spec.ephemeralContainers[].envFrom[].configMapRef.name");
const DEBUG_ALL_SECRET: Field =
    field("uses", kinds::SECRET, "spec.ephemeralContainers[].envFrom[].secretRef.name");
const DEBUG_MAP: Field =
    field("uses", kinds::CONFIG_MAP, "spec.ephemeralContainers[].env[].valueFrom.configMapKeyRef.name");
const DEBUG_SECRET: Field =
    field("uses", kinds::SECRET, "spec.ephemeralContainers[].env[].valueFrom.secretKeyRef.name");
const MADE_CLAIM: Field =
    field("claims", kinds::RESOURCE_CLAIM, "status.resourceClaimStatuses[].resourceClaimName");
const EXTENDED_CLAIM: Field =
    field("claims", kinds::RESOURCE_CLAIM, "status.extendedResourceClaimStatus.resourceClaimName");

pub(super) static FAMILY: Family =
    Family { title: "Pods", readers: &[Reader::of::<Pod>()], edges: RULES, cases: CASES };

const fn rule(field: &Field) -> EdgeRule {
    field.rule(kinds::POD)
}

static RULES: &[EdgeRule] = pod_spec_rules!(
    kinds::POD,
    FIELDS,
    [
        rule(&NODE),
        rule(&EPHEMERAL_CLAIM),
        rule(&DEBUG_ALL_MAP),
        rule(&DEBUG_ALL_SECRET),
        rule(&DEBUG_MAP),
        rule(&DEBUG_SECRET),
        rule(&MADE_CLAIM),
        rule(&EXTENDED_CLAIM),
    ]
);

static CASES: &[Case] = pod_spec_cases!(
    "Pod/shop/web",
    "
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: ",
    "Always",
    [
        Case {
            name: "a pod runs on its node and mounts the claim that is made for it; an unscheduled pod runs nowhere",
            objects: r"
apiVersion: v1
kind: Node
metadata: {name: worker}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  nodeName: worker
  nodeSelector: {kubernetes.io/hostname: worker}
  containers: [{name: main, image: web}]
  volumes:
  - name: scratch
    ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: web-scratch, namespace: shop}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: web-scratch, namespace: elsewhere}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: pending, namespace: shop}
spec: {containers: [{name: main, image: web}], nodeSelector: {kubernetes.io/hostname: worker}}
",
            edges: &[
                "Pod/shop/web runs_on Node/worker",
                "Pod/shop/web mounts? PersistentVolumeClaim/shop/web-scratch",
            ],
        },
        Case {
            name: "a pod claims what was made of its claim templates",
            objects: r"
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers: [{name: main, image: web, resources: {requests: {example.com/gpu: 1}, limits: {example.com/gpu: 1}}}]
  resourceClaims: [{name: own, resourceClaimTemplateName: gpu}, {name: none, resourceClaimTemplateName: gpu}]
status:
  phase: Pending
  resourceClaimStatuses: [{name: own, resourceClaimName: web-own-x7k2p}, {name: none}]
  extendedResourceClaimStatus:
    resourceClaimName: web-extended-q9d4w
    requestMappings: [{containerName: main, resourceName: example.com/gpu, requestName: container-0-request-0}]
",
            edges: &[
                "Pod/shop/web claims_from ResourceClaimTemplate.resource.k8s.io/shop/gpu!",
                "Pod/shop/web claims ResourceClaim.resource.k8s.io/shop/web-own-x7k2p!",
                "Pod/shop/web claims ResourceClaim.resource.k8s.io/shop/web-extended-q9d4w!",
            ],
        },
        // A server takes ephemeral containers only through their own subresource.
        Case {
            name: "uid: containers that were added to debug use what their environment names",
            objects: r"
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  serviceAccount: old-field
  containers: [{name: main, image: web}]
  ephemeralContainers:
  - name: debug
    image: tools
    envFrom: [{configMapRef: {name: all-map}}, {secretRef: {name: all-secret, optional: true}}]
    env:
    - {name: A, valueFrom: {configMapKeyRef: {name: key-map, key: a}}}
    - {name: B, valueFrom: {secretKeyRef: {name: key-secret, key: b}}}
",
            edges: &[
                "Pod/shop/web runs_as ServiceAccount/shop/old-field!",
                "Pod/shop/web uses ConfigMap/shop/all-map!",
                "Pod/shop/web uses? Secret/shop/all-secret!",
                "Pod/shop/web uses ConfigMap/shop/key-map!",
                "Pod/shop/web uses Secret/shop/key-secret!",
            ],
        },
    ]
);

impl Source for Pod {
    const KIND: Kind = kinds::POD;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        if let Some(spec) = &self.spec {
            let _ = NODE.refer(emit, &spec.node_name);
            pod_spec_edges(emit, &FIELDS, spec);
            debug_edges(emit, spec);
            ephemeral_claims(emit, spec);
        }
        if let Some(status) = &self.status {
            made_claims(emit, status);
        }
    }

    fn status(&self) -> Status {
        status::pod(self)
    }
}

fn debug_edges(emit: &mut Emit<'_>, spec: &PodSpec) {
    let fields = ContainerFields {
        all_of_map: &DEBUG_ALL_MAP,
        all_of_secret: &DEBUG_ALL_SECRET,
        key_of_map: &DEBUG_MAP,
        key_of_secret: &DEBUG_SECRET,
    };
    for container in spec.ephemeral_containers.iter().filter_map(|container| container.common.as_ref()) {
        container_edges(emit, &fields, container);
    }
}

/// Claims that a controller makes for the pod. Until it has, nothing is amiss, so they are optional.
fn ephemeral_claims(emit: &mut Emit<'_>, spec: &PodSpec) {
    for volume in &spec.volumes {
        if volume.source.as_ref().is_some_and(|source| source.ephemeral.is_some()) {
            let claim = format!("{}-{}", emit.metadata().name, volume.name);
            let _ = EPHEMERAL_CLAIM.refer(emit, &claim).optional(Some(true));
        }
    }
}

fn made_claims(emit: &mut Emit<'_>, status: &PodStatus) {
    for claim in &status.resource_claim_statuses {
        let _ = MADE_CLAIM.refer(emit, &claim.resource_claim_name);
    }
    if let Some(claim) = &status.extended_resource_claim_status {
        let _ = EXTENDED_CLAIM.refer(emit, &claim.resource_claim_name);
    }
}
