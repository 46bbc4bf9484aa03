//! What rules about pods look at: one subject for each workload, its pods folded into it.

mod container;
mod pods;
mod workload;

pub(crate) use container::{ContainerView, Role};
pub(crate) use pods::{PodView, Units, containers_of, every_view};
pub(crate) use workload::Workload;
