//! The only place that knows an API client: kubeconfigs, connections, discovery, lists and watches.
//!
//! [`connect`] gives a [`Connection`] for kubectl's flags and the [`Env`]ironment; everything else takes one. What
//! goes wrong is an [`Error`] in kubectl's words, or, where a run goes on without it, a
//! [`Skipped`](crate::model::Skipped).

mod audit;
mod changes;
mod charges;
mod config;
mod connect;
mod discovery;
mod env;
mod error;
pub mod fleet;
mod follow;
mod inventory;
mod kubeconfig;
mod list;
mod live;
mod load;
mod metrics;
mod nudge;
mod options;
mod plugin;
mod pool;
mod projects;
mod proxy;
mod question;
mod reading;
mod request;
mod select;
mod status;
mod transport;
mod unreachable;
mod validate;
mod verification;
mod watch;
mod wire;

pub use crate::timeout::parse_timeout;
pub use audit::{AuditQuestion, AuditSaver, Audited, Sighted, Watched, audit, kubernetes_version};
pub use changes::{Change, Changes, WatchId};
pub use charges::{Charges, ChargesQuestion, charges, collect, metadata_of, resource_quotas};
pub use connect::{Answer, Connection, connect, get_request};
pub use env::Env;
pub use error::{Error, SkipReason};
pub use follow::{Told, follow};
pub use inventory::{InventoryQuestion, inventory};
pub use kubeconfig::{ConfigError, ContextEntry, contexts};
pub use list::{List, Listed, Sink, get};
pub use live::Live;
pub use load::{Loaded, Saver, load};
pub use metrics::{METRICS_API, NodeMetrics, PodMetrics, node_metrics, pod_metrics};
pub use options::ConnectOptions;
pub use projects::{ProjectQuotas, Writing, projects};
pub use question::Question;
pub use reading::{Decode, Found, Metadata, Reading, Relations, Typed, Whole};
pub use status::ApiStatus;
pub use verification::{Verified, VerifyQuestion, verify_quotas};
pub use watch::watch;

// What the client of Prometheus shares with that of the API server.
pub(crate) use {
    list::encode,
    proxy::{proxy_for, user_info},
    transport::client as http_client,
    unreachable::explain,
};
