//! The ValidatingWebhookConfiguration: generated from what is judged, and kept in the cluster as generated.
//!
//! [`configuration()`] is the whole of it: a pure function of what can be handled and of how the server is reached.
//! What must never wait for a webhook is left out: the system's own namespaces and this one, mirror pods, objects that
//! only wait for their finalizers, and by the list of rules everything that is not judged, such as leases, events and
//! nodes.

mod correction;
mod generate;
mod handled;
mod narrow;
mod shape;

pub use correction::{Correction, correction};
pub use generate::{configuration, published};
pub use handled::{Handled, Operation, Scope, charged, handled, of_kinds};
pub use narrow::narrow;
pub use shape::{Bundle, FailurePolicy, Owner, Shape, Target};

/// Where configurations are.
pub const COLLECTION: &str = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
