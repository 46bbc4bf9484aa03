//! Stateful sets: their service, their claims, and what their template names.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        edges::{
            Case, Emit, Family, Reader, Source,
            field::Field,
            pod_spec::{PodSpecFields, pod_spec_edges, pod_spec_fields, pod_spec_rules},
            pod_spec_cases::pod_spec_cases,
        },
        status,
    },
    model::{Kind, ObjectMeta, Status, api::PodTemplateSpec, kinds},
};

static FIELDS: PodSpecFields = pod_spec_fields!("spec.template.spec");
const SERVICE: Field = Field { edge: "governed_by", kind: kinds::SERVICE, via: "spec.serviceName" };
const CLAIMS: Field = Field {
    edge: "provisions",
    kind: kinds::PERSISTENT_VOLUME_CLAIM,
    via: "spec.volumeClaimTemplates[].metadata.name",
};

/// No cluster runs more pods of one set; a file may say any number.
const MAX_REPLICAS: i32 = 10_000;

pub(super) static FAMILY: Family = Family {
    title: "Stateful sets",
    readers: &[Reader::of::<StatefulSet>()],
    edges: pod_spec_rules!(
        kinds::STATEFUL_SET,
        FIELDS,
        [SERVICE.rule(kinds::STATEFUL_SET), CLAIMS.rule(kinds::STATEFUL_SET)]
    ),
    cases: pod_spec_cases!(
        "StatefulSet.apps/shop/web",
        "
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: ",
        "Always",
        [PROVISIONS]
    ),
};

const PROVISIONS: Case = Case {
    name: "a stateful set has a service, and a claim of each template for each ordinal that it wants",
    objects: r"
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  serviceName: db
  replicas: 2
  ordinals: {start: 3}
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: main, image: db, volumeMounts: [{name: data, mountPath: /data}]}]}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: elsewhere}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data-db-2, namespace: shop, labels: {app: db}}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data-db-3, namespace: shop, labels: {app: db}}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data-db-30, namespace: shop, labels: {app: db}}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data-db-4, namespace: elsewhere}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
",
    edges: &[
        "StatefulSet.apps/shop/db governed_by Service/shop/db",
        "StatefulSet.apps/shop/db provisions? PersistentVolumeClaim/shop/data-db-3",
        "StatefulSet.apps/shop/db provisions? PersistentVolumeClaim/shop/data-db-4!",
    ],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct StatefulSet {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<StatefulSetSpec>,
    #[prost(message, optional, tag = "3")]
    status: Option<StatefulSetStatus>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct StatefulSetSpec {
    #[prost(int32, optional, tag = "1")]
    replicas: Option<i32>,
    #[prost(message, optional, tag = "3")]
    template: Option<PodTemplateSpec>,
    #[prost(message, repeated, tag = "4")]
    volume_claim_templates: Vec<ClaimTemplate>,
    #[prost(string, tag = "5")]
    service_name: String,
    #[prost(message, optional, tag = "11")]
    ordinals: Option<Ordinals>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ClaimTemplate {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Ordinals {
    #[prost(int32, tag = "1")]
    start: i32,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct StatefulSetStatus {
    #[prost(int32, tag = "3")]
    ready_replicas: i32,
}

impl StatefulSetSpec {
    fn wanted(&self) -> i32 {
        self.replicas.unwrap_or(1)
    }
}

impl Source for StatefulSet {
    const KIND: Kind = kinds::STATEFUL_SET;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        let Some(spec) = &self.spec else { return };
        let _ = SERVICE.refer(emit, &spec.service_name);
        claims(emit, spec);
        if let Some(spec) = spec.template.as_ref().and_then(|template| template.spec.as_ref()) {
            pod_spec_edges(emit, &FIELDS, spec);
        }
    }

    fn status(&self) -> Status {
        let Some(status) = &self.status else { return Status::default() };
        let wanted = self.spec.as_ref().map_or(1, StatefulSetSpec::wanted);
        let health = status::replicas(status.ready_replicas, wanted, false);
        Status { ready: Some(format!("{}/{wanted}", status.ready_replicas)), status: None, health }
    }
}

/// Names the claims of the ordinals that are wanted. The claims of ordinals that were scaled away stay behind in the
/// cluster, but the set no longer says anything of them, so they are not its. A claim that is not there yet is made
/// before its pod, so it is not missed: optional.
fn claims(emit: &mut Emit<'_>, spec: &StatefulSetSpec) {
    let start = spec.ordinals.as_ref().map_or(0, |ordinals| ordinals.start);
    let end = start.saturating_add(spec.wanted().clamp(0, MAX_REPLICAS));
    for template in spec.volume_claim_templates.iter().filter_map(|template| template.metadata.as_ref()) {
        for ordinal in start..end {
            let name = format!("{}-{}-{ordinal}", template.name, emit.metadata().name);
            let _ = CLAIMS.refer(emit, &name).optional(Some(true));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claims(replicas: i32, start: i32) -> usize {
        let spec = json!({
            "replicas": replicas,
            "ordinals": {"start": start},
            "volumeClaimTemplates": [{"metadata": {"name": "data"}}],
        });
        let set: StatefulSet =
            serde_json::from_value(json!({"metadata": {"name": "db", "namespace": "shop"}, "spec": spec}))
                .unwrap();
        let metadata = set.metadata().unwrap().clone();
        let mut emit = Emit::new(&metadata);
        set.edges(&mut emit);
        emit.references.len()
    }

    #[test]
    fn a_senseless_number_of_replicas_is_survived() {
        assert_eq!(claims(3, 5), 3);
        assert_eq!(claims(-1, 0), 0);
        assert_eq!(claims(i32::MAX, 0), 10_000);
        assert_eq!(claims(i32::MAX, i32::MAX), 0);
    }
}
