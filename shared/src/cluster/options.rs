//! kubectl's connection flags.

use std::{fmt, path::PathBuf};

/// Which cluster, as whom, and how: kubectl's flags by their names.
///
/// With feature `cli` it is a group of clap arguments. `-h` shows the handful that is used daily, `--help` all.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
#[cfg_attr(feature = "cli", command(next_help_heading = "Connection"))]
#[cfg_attr(feature = "cli", group(skip))]
pub struct ConnectOptions {
    /// Namespace to look in instead of the context's
    #[cfg_attr(feature = "cli", arg(short, long, value_name = "NAMESPACE", global = true))]
    pub namespace: Option<String>,
    /// Context of the kubeconfig to use
    #[cfg_attr(feature = "cli", arg(long, value_name = "NAME", global = true))]
    pub context: Option<String>,
    /// Path of the kubeconfig file
    #[cfg_attr(feature = "cli", arg(long, value_name = "FILE", global = true, value_hint = clap::ValueHint::FilePath))]
    pub kubeconfig: Option<PathBuf>,
    /// Cluster of the kubeconfig to use
    #[cfg_attr(feature = "cli", arg(long, value_name = "NAME", global = true, hide_short_help = true))]
    pub cluster: Option<String>,
    /// User of the kubeconfig to use
    #[cfg_attr(feature = "cli", arg(long, value_name = "NAME", global = true, hide_short_help = true))]
    pub user: Option<String>,
    /// Address and port of the API server
    #[cfg_attr(feature = "cli", arg(short, long, value_name = "URL", global = true, hide_short_help = true))]
    pub server: Option<String>,
    /// Bearer token for the API server
    #[cfg_attr(feature = "cli", arg(long, value_name = "TOKEN", global = true, hide_short_help = true))]
    pub token: Option<String>,
    /// User to impersonate, such as system:serviceaccount:NAMESPACE:NAME
    #[cfg_attr(
        feature = "cli",
        arg(id = "as", long = "as", value_name = "USER", global = true, hide_short_help = true)
    )]
    pub impersonate: Option<String>,
    /// Group to impersonate; can be repeated
    #[cfg_attr(
        feature = "cli",
        arg(id = "as-group", long = "as-group", value_name = "GROUP", global = true, hide_short_help = true)
    )]
    pub impersonate_groups: Vec<String>,
    /// UID to impersonate
    #[cfg_attr(
        feature = "cli",
        arg(id = "as-uid", long = "as-uid", value_name = "UID", global = true, hide_short_help = true)
    )]
    pub impersonate_uid: Option<String>,
    /// Extra field to impersonate; can be repeated
    #[cfg_attr(
        feature = "cli",
        arg(
            id = "as-user-extra",
            long = "as-user-extra",
            value_name = "KEY=VALUE",
            global = true,
            hide_short_help = true
        )
    )]
    pub impersonate_extra: Vec<String>,
    /// File with the certificates of the authority that signed the server's
    #[cfg_attr(
        feature = "cli",
        arg(long, value_name = "FILE", global = true, hide_short_help = true, value_hint = clap::ValueHint::FilePath)
    )]
    pub certificate_authority: Option<PathBuf>,
    /// File with the client certificate
    #[cfg_attr(
        feature = "cli",
        arg(long, value_name = "FILE", global = true, hide_short_help = true, value_hint = clap::ValueHint::FilePath)
    )]
    pub client_certificate: Option<PathBuf>,
    /// File with the client certificate's key
    #[cfg_attr(
        feature = "cli",
        arg(long, value_name = "FILE", global = true, hide_short_help = true, value_hint = clap::ValueHint::FilePath)
    )]
    pub client_key: Option<PathBuf>,
    /// Accept any certificate of the server; the connection is then not secure
    #[cfg_attr(
        feature = "cli",
        arg(
            long, value_name = "BOOL", global = true, hide_short_help = true, hide_possible_values = true,
            num_args = 0..=1, require_equals = true, default_missing_value = "true", action = clap::ArgAction::Set,
        )
    )]
    pub insecure_skip_tls_verify: Option<bool>,
    /// Name to expect in the server's certificate
    #[cfg_attr(feature = "cli", arg(long, value_name = "NAME", global = true, hide_short_help = true))]
    pub tls_server_name: Option<String>,
    /// How long a request may take, such as 1s, 2m, 3h; 0 is for ever
    #[cfg_attr(feature = "cli", arg(long, value_name = "DURATION", global = true, hide_short_help = true))]
    pub request_timeout: Option<String>,
    /// Never ask the server to compress its answers
    #[cfg_attr(
        feature = "cli",
        arg(
            long, value_name = "BOOL", global = true, hide_short_help = true, hide_possible_values = true,
            num_args = 0..=1, require_equals = true, default_missing_value = "true", action = clap::ArgAction::Set,
        )
    )]
    pub disable_compression: Option<bool>,
    /// Directory of cached discovery; accepted for kubectl's sake, nothing is cached
    #[cfg_attr(
        feature = "cli",
        arg(long, value_name = "DIR", global = true, hide_short_help = true, value_hint = clap::ValueHint::DirPath)
    )]
    pub cache_dir: Option<PathBuf>,
    /// User name for basic authentication
    #[cfg_attr(feature = "cli", arg(long, value_name = "NAME", global = true, hide_short_help = true))]
    pub username: Option<String>,
    /// Password for basic authentication
    #[cfg_attr(feature = "cli", arg(long, value_name = "PASSWORD", global = true, hide_short_help = true))]
    pub password: Option<String>,
    /// What the client calls itself to the server.
    #[cfg_attr(feature = "cli", arg(skip))]
    pub user_agent: Option<String>,
    /// Whether to speak HTTP/2 where the server can: right for many small answers, wrong for few large ones.
    #[cfg_attr(feature = "cli", arg(skip))]
    pub http2: bool,
}

impl fmt::Debug for ConnectOptions {
    /// Without token and password, which must not come into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectOptions")
            .field("kubeconfig", &self.kubeconfig)
            .field("context", &self.context)
            .field("cluster", &self.cluster)
            .field("user", &self.user)
            .field("server", &self.server)
            .field("namespace", &self.namespace)
            .field("as", &self.impersonate)
            .finish_non_exhaustive()
    }
}
