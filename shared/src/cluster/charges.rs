//! Everything that a set of quotas is charged for, and only those kinds that one of them counts.

use std::collections::BTreeSet;

use futures::future::join_all;
use prost::Message;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Connection, Decode, Error, List, Listed, Metadata, Typed, Whole};
use crate::{
    model::{ObjectMeta, Skipped, Time, builtin_kinds::builtin, discovery::Discovery, resource::Resource},
    quota::{
        ResourceQuota,
        counted::counted_types,
        usage::{Charged, DeviceClass, Devices, PersistentVolumeClaim, Pod, ResourceClaim, Service},
    },
};

/// What to read beside the quotas.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChargesQuestion<'a> {
    /// In one namespace, or everywhere.
    pub namespace: Option<&'a str>,
    /// Pods whether a quota counts them or not.
    pub pods: bool,
    /// LimitRanges.
    pub limit_ranges: bool,
    /// Whom pods belong to: metadata of ReplicaSets and Jobs.
    pub owners: bool,
}

/// What quotas are charged for.
#[derive(Debug, Clone, Default)]
pub struct Charges {
    /// The objects, of each kind in the server's order.
    pub objects: Vec<Charged>,
    /// What claims of devices are charged depends on.
    pub devices: Devices,
    /// LimitRanges, when they were asked for.
    pub limit_ranges: Vec<Value>,
    /// ReplicaSets and Jobs, when owners were asked for; with their kinds.
    pub owners: Vec<(&'static str, ObjectMeta)>,
    /// Types that were read to the end, such as `pods`, `deployments.apps`.
    pub complete: BTreeSet<String>,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
}

/// The ResourceQuotas of one namespace, or all.
pub async fn resource_quotas(
    connection: &Connection,
    namespace: Option<&str>,
) -> Result<Vec<ResourceQuota>, Error> {
    let Some(resource) = builtin().by_kind("", "ResourceQuota") else { return Ok(Vec::new()) };
    let mut skipped = Vec::new();
    let found = collect(connection, Typed::<ResourceQuota>::new(resource), namespace, &mut skipped).await?;
    Ok(found)
}

/// Reads the objects that these keys count. What can't be read is skipped and told.
pub async fn charges(
    connection: &Connection,
    discovery: &Discovery,
    keys: &BTreeSet<String>,
    question: ChargesQuestion<'_>,
) -> Charges {
    let namespace = question.namespace;
    let mut types = counted_types(keys.iter().map(String::as_str), discovery);
    if question.pods && !types.iter().any(|resource| resource.is_kind("", "Pod")) {
        types.extend(discovery.by_kind("", "Pod"));
    }
    let mut all = Charges::default();
    let lists = types.iter().map(|&resource| async move {
        let mut skipped = Vec::new();
        let read = objects(connection, resource, namespace, &mut skipped).await;
        (resource, read, skipped)
    });
    for (resource, read, skipped) in join_all(lists).await {
        let unread = !skipped.is_empty();
        all.skipped.extend(skipped);
        match read {
            Ok(objects) => {
                all.objects.extend(objects);
                if !unread {
                    all.complete.insert(resource.group_resource());
                }
            }
            Err(error) => all.skipped.push(error.skipped(resource.to_string(), namespace)),
        }
    }
    if types.iter().any(|resource| resource.is_kind("resource.k8s.io", "ResourceClaim")) {
        all.device_classes(connection, discovery).await;
    }
    if question.limit_ranges {
        all.limit_ranges(connection, namespace).await;
    }
    if question.owners {
        all.owners(connection, namespace).await;
    }
    all.skipped.sort();
    all.skipped.dedup();
    all
}

impl Charges {
    /// Takes note of what pods have paid of claims of devices.
    pub fn settle(&mut self, now: Time) {
        for object in &self.objects {
            if let Charged::ResourceClaim(claim) = object {
                self.devices.add_claim(claim);
            }
        }
        for object in &self.objects {
            if let Charged::Pod(pod) = object {
                self.devices.add_pod(pod, now);
            }
        }
    }

    async fn device_classes(&mut self, connection: &Connection, discovery: &Discovery) {
        let Some(resource) = discovery.by_kind("resource.k8s.io", "DeviceClass") else { return };
        match collect(connection, Typed::<DeviceClass>::new(resource), None, &mut self.skipped).await {
            Ok(classes) => classes.iter().for_each(|class| self.devices.add_class(class)),
            Err(error) => self.skipped.push(error.skipped(resource.to_string(), None)),
        }
    }

    async fn limit_ranges(&mut self, connection: &Connection, namespace: Option<&str>) {
        let Some(resource) = builtin().by_kind("", "LimitRange") else { return };
        match collect(connection, Whole(resource.clone()), namespace, &mut self.skipped).await {
            Ok(ranges) => self.limit_ranges = ranges,
            Err(error) => self.skipped.push(error.skipped(resource.to_string(), namespace)),
        }
    }

    async fn owners(&mut self, connection: &Connection, namespace: Option<&str>) {
        for (group, kind) in [("apps", "ReplicaSet"), ("batch", "Job")] {
            let Some(resource) = builtin().by_kind(group, kind) else { continue };
            match collect(connection, Metadata(resource.clone()), namespace, &mut self.skipped).await {
                Ok(owners) => self.owners.extend(owners.into_iter().map(|owner| (kind, owner))),
                Err(error) => self.skipped.push(error.skipped(resource.to_string(), namespace)),
            }
        }
    }
}

async fn objects(
    connection: &Connection,
    resource: &Resource,
    namespace: Option<&str>,
    skipped: &mut Vec<Skipped>,
) -> Result<Vec<Charged>, Error> {
    match resource.group_resource().as_str() {
        "pods" => typed::<Pod>(connection, resource, namespace, skipped).await,
        "services" => typed::<Service>(connection, resource, namespace, skipped).await,
        "persistentvolumeclaims" => {
            typed::<PersistentVolumeClaim>(connection, resource, namespace, skipped).await
        }
        "resourceclaims.resource.k8s.io" => {
            typed::<ResourceClaim>(connection, resource, namespace, skipped).await
        }
        _ => {
            let found = collect(connection, Metadata(resource.clone()), namespace, skipped).await?;
            Ok(found.into_iter().map(|metadata| Charged::other(resource, Some(metadata))).collect())
        }
    }
}

async fn typed<M>(
    connection: &Connection,
    resource: &Resource,
    namespace: Option<&str>,
    skipped: &mut Vec<Skipped>,
) -> Result<Vec<Charged>, Error>
where
    M: Message + Default + DeserializeOwned + Into<Charged> + 'static,
{
    let found = collect(connection, Typed::<M>::new(resource), namespace, skipped).await?;
    Ok(found.into_iter().map(Into::into).collect())
}

/// All objects of a list. Those that can't be read are skipped.
pub async fn collect<R: Decode>(
    connection: &Connection,
    reading: R,
    namespace: Option<&str>,
    skipped: &mut Vec<Skipped>,
) -> Result<Vec<R::Object>, Error> {
    let resource = reading.resource().to_string();
    let (mut found, mut unreadable) = (Vec::new(), Vec::new());
    let mut take = |listed: Listed<R::Object>| match listed {
        Listed::Object(object) => found.push(object),
        Listed::Unreadable(message) => unreadable.push(message),
        Listed::Anew => {
            found.clear();
            unreadable.clear();
        }
    };
    List::of(reading, namespace).read(connection, &mut take).await?;
    skipped.extend(unreadable.into_iter().map(|message| Skipped {
        resource: resource.clone(),
        namespace: namespace.map(str::to_owned),
        reason: "Invalid".to_owned(),
        message,
    }));
    Ok(found)
}

/// Metadata of every object of a type, in the whole cluster.
pub async fn metadata_of(connection: &Connection, resource: &Resource) -> Result<Vec<ObjectMeta>, Error> {
    collect(connection, Metadata(resource.clone()), None, &mut Vec::new()).await
}
