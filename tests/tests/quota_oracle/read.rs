//! Reads a namespace, or all of them, as the plugin does.

use std::collections::BTreeMap;

use passmuster::{
    cluster::{ConnectOptions, Connection, Decode, Env, List, Listed, Metadata, Typed, connect},
    model::{DecodeError, ObjectMeta, Time, builtin_kinds::builtin, resource::Resource},
    quota::{
        ResourceQuota,
        usage::{Charged, DeviceClass, Devices, PersistentVolumeClaim, Pod, ResourceClaim, Service},
    },
};
use passmuster_tests::ControlPlane;
use serde_json::Value;

/// Types whose objects are only counted.
const COUNTED: [&str; 7] = [
    "configmaps",
    "secrets",
    "serviceaccounts",
    "replicationcontrollers",
    "deployments.apps",
    "roles.rbac.authorization.k8s.io",
    "widgets.oracle.example.com",
];

/// How the server is asked to write its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    Protobuf,
    Json,
}

/// What is charged, by namespace, and what for.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) objects: BTreeMap<String, Vec<Charged>>,
    pub(crate) quotas: BTreeMap<String, Vec<ResourceQuota>>,
    pub(crate) devices: Devices,
    /// As if no pod had paid for a claim.
    pub(crate) classes: Devices,
}

/// Asks for JSON where protobuf could be had.
#[derive(Clone)]
struct As<D>(D, Wire);

impl<D: Decode> Decode for As<D> {
    type Object = D::Object;

    fn resource(&self) -> &Resource {
        self.0.resource()
    }

    fn accept(&self, list: &str) -> String {
        let accept = self.0.accept(list);
        match self.1 {
            Wire::Protobuf => accept,
            Wire::Json => accept.split(',').find(|one| one.contains("json")).unwrap().to_owned(),
        }
    }

    fn protobuf(&self, bytes: &[u8]) -> Result<Self::Object, DecodeError> {
        assert_eq!(self.1, Wire::Protobuf, "nobody asked for it");
        self.0.protobuf(bytes)
    }

    fn json(&self, value: Value) -> Result<Self::Object, DecodeError> {
        // A custom resource is only served so.
        assert!(
            self.1 == Wire::Json || self.0.resource().group == "oracle.example.com",
            "nobody asked for it"
        );
        self.0.json(value)
    }
}

/// The time, as the test's clock has it.
pub(crate) fn now() -> Time {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap();
    Time {
        seconds: i64::try_from(since.as_secs()).unwrap(),
        nanos: i32::try_from(since.subsec_nanos()).unwrap(),
    }
}

/// Everything that is charged, in one namespace or everywhere.
pub(crate) fn world(plane: &ControlPlane, namespace: Option<&str>, wire: Wire) -> World {
    let kubeconfig = Some(plane.kubeconfig().to_owned());
    let options = ConnectOptions { kubeconfig, ..ConnectOptions::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let connection = connect(&options, &Env::empty()).await.unwrap();
        Reader { connection, namespace, wire }.world().await
    })
}

struct Reader<'a> {
    connection: Connection,
    namespace: Option<&'a str>,
    wire: Wire,
}

impl Reader<'_> {
    async fn list<D: Decode>(&self, reading: D, mut take: impl FnMut(D::Object) + Send) {
        let name = reading.resource().group_resource();
        let mut sink = |listed: Listed<D::Object>| match listed {
            Listed::Object(object) => take(object),
            other => panic!(
                "{name}: {}",
                if let Listed::Unreadable(why) = other { why } else { "anew".to_owned() }
            ),
        };
        List::of(As(reading, self.wire), self.namespace).read(&self.connection, &mut sink).await.unwrap();
    }

    async fn world(&self) -> World {
        let mut world = World::default();
        let typed = |name: &str| builtin().resolve(name).unwrap().clone();
        let of = |metadata: Option<&ObjectMeta>| {
            metadata.map_or(String::new(), |metadata| metadata.namespace.clone())
        };
        let (mut all, mut devices) = (Vec::new(), Devices::default());
        self.list(Typed::<DeviceClass>::new(&typed("deviceclasses")), |class| devices.add_class(&class))
            .await;
        world.classes = devices.clone();
        self.list(Typed::<ResourceClaim>::new(&typed("resourceclaims")), |claim| {
            devices.add_claim(&claim);
            all.push(Charged::from(claim));
        })
        .await;
        let now = now();
        self.list(Typed::<Pod>::new(&typed("pods")), |pod| {
            devices.add_pod(&pod, now);
            all.push(Charged::from(pod));
        })
        .await;
        self.list(Typed::<Service>::new(&typed("services")), |service| all.push(Charged::from(service)))
            .await;
        let claims = typed("persistentvolumeclaims");
        self.list(Typed::<PersistentVolumeClaim>::new(&claims), |claim| all.push(Charged::from(claim))).await;
        for name in COUNTED {
            let resource = builtin().resolve(name).cloned().unwrap_or_else(|_| widget());
            self.list(Metadata(resource.clone()), |metadata| {
                all.push(Charged::other(&resource, Some(metadata)));
            })
            .await;
        }
        let resource = typed("resourcequotas");
        self.list(Typed::<ResourceQuota>::new(&resource), |quota| {
            all.push(Charged::other(&resource, quota.metadata.clone()));
            world.quotas.entry(of(quota.metadata.as_ref())).or_default().push(quota);
        })
        .await;
        for object in all {
            world.objects.entry(of(object.metadata())).or_default().push(object);
        }
        World { devices, ..world }
    }
}

fn widget() -> Resource {
    Resource {
        group: "oracle.example.com".into(),
        version: "v1".into(),
        kind: "Widget".into(),
        plural: "widgets".into(),
        namespaced: true,
        ..Resource::default()
    }
}
