//! What an operator may set.

use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::admission::Budget;
use crate::settings::duration;

/// The server's limits. Each has a default that fits an API server's habits.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Server")]
pub struct ServerOptions {
    /// Where the API server calls: all addresses of the machine by default, of both families where it has both
    #[arg(long, env = "PASSMUSTER_LISTEN", value_name = "ADDRESS", default_value = "[::]:8443")]
    pub listen: String,

    /// The largest body, in bytes. An update carries two objects of up to 3 MiB each
    #[arg(long, env = "PASSMUSTER_MAX_BODY", value_name = "BYTES", default_value_t = 8 << 20)]
    pub max_body: usize,

    /// Bytes of bodies that may be in memory at one time, beyond the first 64 KiB of each
    #[arg(long, env = "PASSMUSTER_BODY_MEMORY", value_name = "BYTES", default_value_t = 64 << 20)]
    pub body_memory: usize,

    /// Connections that may be open; beyond, those that have been idle longest are closed
    #[arg(long, env = "PASSMUSTER_MAX_CONNECTIONS", value_name = "COUNT", default_value_t = 1024)]
    pub max_connections: usize,

    /// Requests that may be judged at one time, those that wait for something included
    #[arg(long, env = "PASSMUSTER_MAX_IN_FLIGHT", value_name = "COUNT", default_value_t = 256)]
    pub max_in_flight: usize,

    /// Requests that may wait for their turn; more are asked to come again in a second
    #[arg(long, env = "PASSMUSTER_MAX_QUEUED", value_name = "COUNT", default_value_t = 1024)]
    pub max_queued: usize,

    /// How long a request may wait for its turn, and a large body for its room
    #[arg(long, env = "PASSMUSTER_MAX_WAIT", value_name = "DURATION", default_value = "1s", value_parser = duration)]
    pub max_wait: Duration,

    /// What is answered when the API server's timeout is about to pass
    #[arg(long, env = "PASSMUSTER_OUT_OF_TIME", value_name = "ANSWER", default_value = "fail")]
    pub out_of_time: OutOfTime,

    /// What a call without ?timeout= has
    #[arg(long, env = "PASSMUSTER_DEFAULT_TIMEOUT", value_name = "DURATION", default_value = "10s", value_parser = duration)]
    pub default_timeout: Duration,

    /// How long before the API server's timeout an answer leaves; at most a fifth of it
    #[arg(long, env = "PASSMUSTER_TIMEOUT_MARGIN", value_name = "DURATION", default_value = "500ms", value_parser = duration)]
    pub timeout_margin: Duration,

    /// How long a TLS handshake may take
    #[arg(long, env = "PASSMUSTER_HANDSHAKE_TIMEOUT", value_name = "DURATION", default_value = "5s", value_parser = duration)]
    pub handshake_timeout: Duration,

    /// How long the head of a request may take, from its first byte
    #[arg(long, env = "PASSMUSTER_HEADER_TIMEOUT", value_name = "DURATION", default_value = "5s", value_parser = duration)]
    pub header_timeout: Duration,

    /// How long a body may take
    #[arg(long, env = "PASSMUSTER_BODY_TIMEOUT", value_name = "DURATION", default_value = "5s", value_parser = duration)]
    pub body_timeout: Duration,

    /// When an idle connection is closed: longer than the 90 s after which API servers close theirs
    #[arg(long, env = "PASSMUSTER_IDLE_TIMEOUT", value_name = "DURATION", default_value = "2m", value_parser = duration)]
    pub idle_timeout: Duration,

    /// When a connection is closed after an answer, give or take a fifth, so that new replicas get their part; 0 never
    #[arg(long, env = "PASSMUSTER_MAX_CONNECTION_AGE", value_name = "DURATION", default_value = "2m", value_parser = duration)]
    pub max_connection_age: Duration,

    /// How long connections are still taken after the end was asked for
    #[arg(long, env = "PASSMUSTER_DRAIN_DELAY", value_name = "DURATION", default_value = "10s", value_parser = duration)]
    pub drain_delay: Duration,

    /// How long requests in flight may take then
    #[arg(long, env = "PASSMUSTER_DRAIN_TIMEOUT", value_name = "DURATION", default_value = "15s", value_parser = duration)]
    pub drain_timeout: Duration,
}

/// What is answered when there is no time left to judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutOfTime {
    /// The call fails, and the configuration's failurePolicy decides
    Fail,
    /// It is allowed, with a warning
    Allow,
    /// It is denied
    Deny,
}

impl ServerOptions {
    /// How much of the API server's patience is used.
    pub(super) const fn budget(&self) -> Budget {
        Budget { default: self.default_timeout, margin: self.timeout_margin }
    }
}
