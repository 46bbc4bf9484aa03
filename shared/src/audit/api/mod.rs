//! Kubernetes' objects as rules read them: each type is a prost message and a serde type, so that an object is the same
//! from protobuf, JSON and YAML. Fields are those that some rule reads or soon will; names are the API's own, and what a
//! field means stands in the API's reference. Tags stand in each group's generated.proto and never change.
//!
//! What is a pointer in Go is an `Option` here; a struct that is none is there always, empty when it was left out.

mod apps;
mod autoscaling;
mod batch;
mod classes;
mod container;
mod control_plane;
mod core;
mod machine;
mod networking;
mod pod;
mod pod_status;
mod policy;
mod probe;
mod rbac;
mod scheduling;
mod security;
mod service;
mod storage;
mod values;
mod volume;
mod webhooks;

pub(crate) use apps::*;
pub(crate) use autoscaling::*;
pub(crate) use batch::*;
pub(crate) use classes::*;
pub(crate) use container::*;
pub(crate) use control_plane::*;
pub(crate) use core::*;
pub(crate) use machine::*;
pub(crate) use networking::*;
pub(crate) use pod::*;
pub(crate) use pod_status::*;
pub(crate) use policy::*;
pub(crate) use probe::*;
pub(crate) use rbac::*;
pub(crate) use scheduling::*;
pub(crate) use security::*;
pub(crate) use service::*;
pub(crate) use storage::*;
pub(crate) use values::{Condition, IntOrString, Moment, Present, base64_bytes};
pub(crate) use volume::*;
pub(crate) use webhooks::*;
