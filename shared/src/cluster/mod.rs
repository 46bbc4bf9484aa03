//! The only place that knows an API client: kubeconfigs, connections, discovery, lists and watches.
//!
//! [`connect`] gives a [`Connection`] for kubectl's flags and the [`Env`]ironment; everything else takes one. What
//! goes wrong is an [`Error`] in kubectl's words, or, where a run goes on without it, a
//! [`Skipped`](crate::model::Skipped).

mod changes;
mod config;
mod connect;
mod discovery;
mod env;
mod error;
mod kubeconfig;
mod list;
mod live;
mod load;
mod options;
mod plugin;
mod pool;
mod proxy;
mod question;
mod reading;
mod request;
mod select;
mod status;
mod timeout;
mod transport;
mod unreachable;
mod validate;
mod watch;
mod wire;

pub use changes::{Change, Changes, WatchId};
pub use connect::{Answer, Connection, connect, get_request};
pub use env::Env;
pub use error::{Error, SkipReason};
pub use kubeconfig::{ConfigError, ContextEntry, contexts};
pub use list::{List, Listed, Sink, get};
pub use live::Live;
pub use load::{Loaded, Saver, load};
pub use options::ConnectOptions;
pub use question::Question;
pub use reading::{Decode, Found, Metadata, Reading, Relations, Typed, Whole};
pub use status::ApiStatus;
pub use timeout::parse_timeout;
pub use watch::watch;
