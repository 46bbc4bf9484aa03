//! Claims of devices and their templates: the classes they ask for, and who a claim is reserved for.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        edges::{Case, Emit, Family, Reader, Source, field::Field},
        status,
    },
    model::{Kind, ObjectMeta, Status, kinds},
};

const fn class(via: &'static str) -> Field {
    Field { edge: "uses_device_class", kind: kinds::DEVICE_CLASS, via }
}

const EXACT: Field = class("spec.devices.requests[].exactly.deviceClassName");
const ANY_OF: Field = class("spec.devices.requests[].firstAvailable[].deviceClassName");
const TEMPLATE_EXACT: Field = class("spec.spec.devices.requests[].exactly.deviceClassName");
const TEMPLATE_ANY_OF: Field = class("spec.spec.devices.requests[].firstAvailable[].deviceClassName");
const RESERVED_FOR: Field =
    Field { edge: "reserved_for", kind: kinds::POD, via: "status.reservedFor[].name" };

pub(super) static FAMILY: Family = Family {
    title: "Resource claims",
    readers: &[Reader::of::<ResourceClaim>(), Reader::of::<ResourceClaimTemplate>()],
    edges: &[
        EXACT.rule(kinds::RESOURCE_CLAIM),
        ANY_OF.rule(kinds::RESOURCE_CLAIM),
        RESERVED_FOR.rule(kinds::RESOURCE_CLAIM),
        TEMPLATE_EXACT.rule(kinds::RESOURCE_CLAIM_TEMPLATE),
        TEMPLATE_ANY_OF.rule(kinds::RESOURCE_CLAIM_TEMPLATE),
    ],
    cases: &[
        Case {
            name: "claims and their templates use the device classes that they ask for, one or one of several",
            objects: r"
apiVersion: resource.k8s.io/v1
kind: ResourceClaim
metadata: {name: gpu, namespace: shop}
spec:
  devices:
    requests:
    - {name: one, exactly: {deviceClassName: claimed-gpu}}
    - {name: some, firstAvailable: [{name: large, deviceClassName: large-gpu}, {name: small, deviceClassName: small-gpu}]}
---
apiVersion: resource.k8s.io/v1
kind: ResourceClaimTemplate
metadata: {name: gpu, namespace: shop}
spec:
  spec:
    devices:
      requests:
      - {name: one, exactly: {deviceClassName: claimed-gpu}}
      - {name: some, firstAvailable: [{name: large, deviceClassName: large-gpu}]}
---
apiVersion: resource.k8s.io/v1
kind: ResourceClaim
metadata: {name: empty, namespace: shop}
spec: {}
---
apiVersion: resource.k8s.io/v1
kind: DeviceClass
metadata: {name: claimed-gpu}
spec: {}
---
apiVersion: resource.k8s.io/v1
kind: DeviceClass
metadata: {name: one}
spec: {}
",
            edges: &[
                "ResourceClaim.resource.k8s.io/shop/gpu uses_device_class DeviceClass.resource.k8s.io/claimed-gpu",
                "ResourceClaim.resource.k8s.io/shop/gpu uses_device_class DeviceClass.resource.k8s.io/large-gpu!",
                "ResourceClaim.resource.k8s.io/shop/gpu uses_device_class DeviceClass.resource.k8s.io/small-gpu!",
                "ResourceClaimTemplate.resource.k8s.io/shop/gpu uses_device_class DeviceClass.resource.k8s.io/claimed-gpu",
                "ResourceClaimTemplate.resource.k8s.io/shop/gpu uses_device_class DeviceClass.resource.k8s.io/large-gpu!",
            ],
        },
        Case {
            name: "uid: a claim is reserved for the pod of its uid",
            objects: r"
apiVersion: resource.k8s.io/v1
kind: ResourceClaim
metadata: {name: gpu, namespace: shop}
spec: {}
status:
  allocation: {}
  reservedFor:
  - {resource: pods, name: web, uid: p1}
  - {resource: pods, name: deleted, uid: p0}
  - {resource: pods, name: another, uid: p2}
  - {apiGroup: example.com, resource: robots, name: arm, uid: a1}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, uid: p1}
---
apiVersion: v1
kind: Pod
metadata: {name: another, namespace: shop, uid: p3}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: elsewhere, uid: p4}
",
            edges: &[
                "ResourceClaim.resource.k8s.io/shop/gpu reserved_for Pod/shop/web",
                "ResourceClaim.resource.k8s.io/shop/gpu reserved_for Pod/shop/deleted!",
            ],
        },
    ],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ResourceClaim {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<ClaimSpec>,
    #[prost(message, optional, tag = "3")]
    status: Option<ClaimStatus>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ResourceClaimTemplate {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<TemplateSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct TemplateSpec {
    #[prost(message, optional, tag = "2")]
    spec: Option<ClaimSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ClaimSpec {
    #[prost(message, optional, tag = "1")]
    devices: Option<DeviceClaim>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct DeviceClaim {
    #[prost(message, repeated, tag = "1")]
    requests: Vec<DeviceRequest>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct DeviceRequest {
    #[prost(message, optional, tag = "2")]
    exactly: Option<ExactDevice>,
    #[prost(message, repeated, tag = "3")]
    first_available: Vec<SubRequest>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ExactDevice {
    #[prost(string, tag = "1")]
    device_class_name: String,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct SubRequest {
    #[prost(string, tag = "2")]
    device_class_name: String,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ClaimStatus {
    #[prost(message, optional, tag = "1")]
    allocation: Option<Allocation>,
    #[prost(message, repeated, tag = "2")]
    reserved_for: Vec<Consumer>,
}

/// That it is there is all that is read.
#[derive(Clone, Copy, PartialEq, Eq, Message, Deserialize)]
#[serde(default)]
struct Allocation {}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Consumer {
    #[prost(string, tag = "1")]
    api_group: String,
    #[prost(string, tag = "3")]
    resource: String,
    #[prost(string, tag = "4")]
    name: String,
    #[prost(string, tag = "5")]
    uid: String,
}

fn class_edges(emit: &mut Emit<'_>, spec: Option<&ClaimSpec>, exact: &Field, any_of: &Field) {
    let devices = spec.and_then(|spec| spec.devices.as_ref());
    for request in devices.iter().flat_map(|devices| &devices.requests) {
        if let Some(device) = &request.exactly {
            let _ = exact.refer(emit, &device.device_class_name);
        }
        for device in &request.first_available {
            let _ = any_of.refer(emit, &device.device_class_name);
        }
    }
}

impl Source for ResourceClaim {
    const KIND: Kind = kinds::RESOURCE_CLAIM;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        class_edges(emit, self.spec.as_ref(), &EXACT, &ANY_OF);
        // Consumers are named by resource, of which the kind can't be told in general. So far they are pods.
        let consumers = self.status.iter().flat_map(|status| &status.reserved_for);
        for pod in consumers.filter(|consumer| consumer.api_group.is_empty() && consumer.resource == "pods") {
            let _ = RESERVED_FOR.refer(emit, &pod.name).with_uid(&pod.uid);
        }
    }

    fn status(&self) -> Status {
        let deleted = self.metadata.as_ref().is_some_and(|metadata| metadata.deletion_timestamp.is_some());
        let Some(status) = &self.status else { return Status::default() };
        status::resource_claim(deleted, status.allocation.is_some(), !status.reserved_for.is_empty())
    }
}

impl Source for ResourceClaimTemplate {
    const KIND: Kind = kinds::RESOURCE_CLAIM_TEMPLATE;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        let spec = self.spec.as_ref().and_then(|spec| spec.spec.as_ref());
        class_edges(emit, spec, &TEMPLATE_EXACT, &TEMPLATE_ANY_OF);
    }
}
