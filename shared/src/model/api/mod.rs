//! The parts of Kubernetes' types that more than one reader needs. Tags: each API group's generated.proto.

mod gateway_reference;
mod object_reference;
mod webhook_client;

pub use gateway_reference::GatewayReference;
pub use object_reference::{CrossVersionObjectReference, ObjectReference, TypedLocalObjectReference};
pub use webhook_client::{ServiceReference, WebhookClientConfig};
