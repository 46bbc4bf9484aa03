//! What the tests stand on: a real Kubernetes control plane, a fault proxy before it, kubeconfig files, and a
//! runner for the built plugins.
//!
//! Start with [`ControlPlane::shared`] in a test, take a namespace of your own from [`ControlPlane::namespace`],
//! apply manifests with [`ControlPlane::apply`], and run a plugin with [`Plugin`].
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "support for tests: the helpers whose name promises success fail the test that calls them"
)]

pub mod api;
pub mod assets;
pub mod controlplane;
mod error;
pub mod eventually;
mod group;
pub mod image;
pub mod kubeconfig;
pub mod mutation;
pub mod node;
pub mod plugin;
pub mod population;
pub mod prometheus;
pub mod proxy;
pub mod signal;
pub mod webhook;

pub use api::Api;
pub use controlplane::{ControlPlane, Options};
pub use error::Error;
pub use eventually::eventually;
pub use kubeconfig::Kubeconfig;
pub use node::Node;
pub use plugin::Plugin;
pub use prometheus::{History, Prometheus, PrometheusOptions};
pub use proxy::Proxy;
pub use webhook::Webhook;
