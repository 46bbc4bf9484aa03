//! READY and STATUS of an object, as `kubectl get` prints them (pkg/printers/internalversion/printers.go), and the health
//! that their colour follows. An object without `status`, as files have it, has none of them.

mod phase;
mod pod;
mod resource_claim;
mod workload;

pub(super) use phase::phase;
pub(super) use pod::pod;
pub(super) use resource_claim::resource_claim;
pub(super) use workload::{job, replicas};
