//! What services, ingresses, network policies and webhooks mean.

pub(crate) mod certificates;
mod ingresses;
mod policies;
mod services;
mod webhooks;

pub(crate) use ingresses::Claims;
pub(crate) use policies::Direction;
pub(crate) use services::Slices;
pub(crate) use webhooks::{Hook, Hooks};
