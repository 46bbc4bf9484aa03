//! What the generated objects have that counts. A part of the arithmetic that no object depends on would not be tested:
//! each is taken away, and some object must then be charged something else.

use std::collections::BTreeMap;

use passmuster::quota::usage::{
    Charged, Container, ContainerStatus, Devices, PersistentVolumeClaim, PodSpec, PodStatus, usage_with,
};

use crate::read::{World, now};

/// What it is, and how objects are without it.
type Feature = (&'static str, fn(&mut Charged));

const FEATURES: &[Feature] = &[
    ("native sidecars", |object| {
        spec(object, |spec| {
            spec.init_containers.iter_mut().for_each(|container| container.restart_policy.clear());
        });
    }),
    ("init containers", |object| spec(object, |spec| spec.init_containers.retain(Container::is_sidecar))),
    ("the order of sidecars", |object| spec(object, |spec| spec.init_containers.reverse())),
    ("resources of the whole pod", |object| spec(object, |spec| spec.resources = None)),
    ("overhead", |object| spec(object, |spec| spec.overhead.clear())),
    ("resources that are there", |object| {
        statuses(object, |status| {
            status
                .resources
                .iter_mut()
                .for_each(|actual| (actual.requests, actual.limits) = Default::default());
        });
    }),
    ("whether they are told", |object| statuses(object, |status| status.resources = None)),
    ("allocated resources", |object| statuses(object, |status| status.allocated_resources.clear())),
    ("how sidecars are", |object| status(object, |status| status.init_container_statuses.clear())),
    ("resizes that can't be", |object| status(object, |status| status.conditions.clear())),
    ("phases", |object| status(object, |status| status.phase.clear())),
    ("being overdue", |object| {
        if let Charged::Pod(pod) = object {
            pod.metadata.iter_mut().for_each(|metadata| metadata.deletion_timestamp = None);
        }
    }),
    ("annotated storage classes", |object| {
        claim(object, |claim| claim.metadata.iter_mut().for_each(|metadata| metadata.annotations.clear()));
    }),
    ("storage that is allocated", |object| claim(object, |claim| claim.status = None)),
    ("node ports that are not wanted", |object| {
        if let Charged::Service(service) = object {
            service.spec.iter_mut().for_each(|spec| spec.allocate_load_balancer_node_ports = None);
        }
    }),
];

fn spec(object: &mut Charged, change: impl FnMut(&mut PodSpec)) {
    if let Charged::Pod(pod) = object {
        pod.spec.iter_mut().for_each(change);
    }
}

fn status(object: &mut Charged, change: impl FnMut(&mut PodStatus)) {
    if let Charged::Pod(pod) = object {
        pod.status.iter_mut().for_each(change);
    }
}

fn statuses(object: &mut Charged, mut change: impl FnMut(&mut ContainerStatus)) {
    status(object, |status| {
        status.container_statuses.iter_mut().chain(&mut status.init_container_statuses).for_each(&mut change);
    });
}

fn claim(object: &mut Charged, mut change: impl FnMut(&mut PersistentVolumeClaim)) {
    if let Charged::Claim(claim) = object {
        change(claim);
    }
}

/// How many objects are charged by each of the features.
pub(crate) fn features(world: &World) -> BTreeMap<&'static str, usize> {
    let now = now();
    let objects = || world.objects.values().flatten();
    let matters = |without: fn(&mut Charged), object: &Charged| {
        let mut other = object.clone();
        without(&mut other);
        usage_with(&other, &world.devices, now) != usage_with(object, &world.devices, now)
    };
    let mut features: BTreeMap<&'static str, usize> = FEATURES
        .iter()
        .map(|(name, without)| (*name, objects().filter(|object| matters(*without, object)).count()))
        .collect();
    let differs = |object: &&Charged, devices: &Devices| {
        usage_with(object, devices, now) != usage_with(object, &world.devices, now)
    };
    let nobody_pays = world.classes.clone();
    features.insert(
        "claims that pods have paid for",
        objects().filter(|object| differs(object, &nobody_pays)).count(),
    );
    features.insert(
        "resources of device classes",
        objects().filter(|object| differs(object, &Devices::default())).count(),
    );
    features
}
