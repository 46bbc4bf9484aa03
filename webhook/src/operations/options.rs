//! What an operator may set.

use std::{collections::BTreeSet, path::PathBuf, time::Duration};

use clap::Args;

use crate::{
    certificates::Lifetimes,
    configuration::{FailurePolicy, Shape, Target},
    election::Timing,
    settings::duration,
};

/// Certificates, the configuration of API servers, and the election of the replica that writes both.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Operations")]
pub struct OperationsOptions {
    /// Namespace of the Lease, of the certificates' Secret and of the Service
    #[arg(long, env = "PASSMUSTER_NAMESPACE", value_name = "NAME", default_value = "passmuster-system")]
    pub own_namespace: String,

    /// What this replica is called in the Lease: a name that no other has
    #[arg(long, env = "PASSMUSTER_IDENTITY", value_name = "NAME")]
    pub identity: Option<String>,

    /// Deployment of the replicas: when it is deleted or scaled to nothing, the configuration is deleted as well
    #[arg(long, env = "PASSMUSTER_DEPLOYMENT", value_name = "NAME")]
    pub deployment: Option<String>,

    /// Service account as which the replicas write; what it writes is not judged
    #[arg(long, env = "PASSMUSTER_SERVICE_ACCOUNT", value_name = "NAME", default_value = "passmuster")]
    pub service_account: String,

    /// Service by which API servers call
    #[arg(long, env = "PASSMUSTER_SERVICE", value_name = "NAME", default_value = "passmuster")]
    pub service: String,

    /// Port of the Service
    #[arg(long, env = "PASSMUSTER_SERVICE_PORT", value_name = "PORT", default_value_t = 443)]
    pub service_port: u16,

    /// Address by which API servers call where no Service leads here, such as https://10.0.0.1:8443
    #[arg(long, env = "PASSMUSTER_URL", value_name = "URL")]
    pub url: Option<String>,

    /// Directory with tls.crt, tls.key and ca.crt that others keep; without it the webhook keeps an authority of its own
    #[arg(long, env = "PASSMUSTER_CERTIFICATE_DIR", value_name = "DIR")]
    pub certificate_dir: Option<PathBuf>,

    /// Certificate of cert-manager, NAMESPACE/NAME, whose authority cert-manager writes into the configuration
    #[arg(long, env = "PASSMUSTER_INJECT_CA_FROM", value_name = "CERTIFICATE", requires = "certificate_dir")]
    pub inject_ca_from: Option<String>,

    /// Secret in which the webhook keeps its own authority
    #[arg(
        long,
        env = "PASSMUSTER_CERTIFICATE_SECRET",
        value_name = "NAME",
        default_value = "passmuster-certificates"
    )]
    pub certificate_secret: String,

    /// How long an authority of its own is good; it is replaced when a third is left
    #[arg(long, env = "PASSMUSTER_AUTHORITY_LIFETIME", value_name = "DURATION", default_value = "8760h", value_parser = duration)]
    pub authority_lifetime: Duration,

    /// How long a certificate of its own is good; it is replaced when a third is left
    #[arg(long, env = "PASSMUSTER_CERTIFICATE_LIFETIME", value_name = "DURATION", default_value = "720h", value_parser = duration)]
    pub certificate_lifetime: Duration,

    /// How long API servers may take to learn of another authority
    #[arg(long, env = "PASSMUSTER_CERTIFICATE_SETTLE", value_name = "DURATION", default_value = "30s", value_parser = duration)]
    pub certificate_settle: Duration,

    /// How long an authority stays trusted after another took over
    #[arg(long, env = "PASSMUSTER_CERTIFICATE_OVERLAP", value_name = "DURATION", default_value = "1h", value_parser = duration)]
    pub certificate_overlap: Duration,

    /// Name of the ValidatingWebhookConfiguration
    #[arg(long, env = "PASSMUSTER_CONFIGURATION", value_name = "NAME", default_value = "passmuster")]
    pub configuration: String,

    /// What becomes of requests when no replica answers: Ignore lets them through, Fail refuses them
    #[arg(long, env = "PASSMUSTER_FAILURE_POLICY", value_name = "POLICY", default_value_t)]
    pub failure_policy: FailurePolicy,

    /// How many seconds API servers wait for an answer
    #[arg(
        long,
        env = "PASSMUSTER_TIMEOUT_SECONDS",
        value_name = "SECONDS",
        default_value_t = 5,
        value_parser = clap::value_parser!(u8).range(1..=30)
    )]
    pub timeout_seconds: u8,

    /// Namespaces that are never looked at, besides the system's own and this one; can be repeated
    #[arg(
        long = "exclude-namespace",
        env = "PASSMUSTER_EXCLUDE_NAMESPACES",
        value_name = "NAME",
        value_delimiter = ','
    )]
    pub exclude_namespaces: Vec<String>,

    /// How often a replica looks at certificates and configuration
    #[arg(long, env = "PASSMUSTER_LOOK_EVERY", value_name = "DURATION", default_value = "5s", value_parser = duration)]
    pub look_every: Duration,

    /// How long the Lease is kept for a replica that has gone silent
    #[arg(long, env = "PASSMUSTER_LEASE_DURATION", value_name = "DURATION", default_value = "15s", value_parser = duration)]
    pub lease_duration: Duration,
}

/// Certificates and authorities are replaced when this part of their life is left.
const LEFT: u32 = 3;

impl OperationsOptions {
    /// How long what is good.
    pub fn lifetimes(&self) -> Lifetimes {
        Lifetimes {
            authority: self.authority_lifetime,
            authority_before: self.authority_lifetime / LEFT,
            leaf: self.certificate_lifetime,
            leaf_before: self.certificate_lifetime / LEFT,
            settle: self.certificate_settle,
            overlap: self.certificate_overlap,
        }
    }

    /// How the election goes, in client-go's proportions.
    pub fn timing(&self) -> Timing {
        let lease = Duration::from_secs(self.lease_duration.as_secs().max(1));
        Timing { lease, renew_within: lease * 2 / 3, retry: lease * 2 / 15 }
    }

    /// Where API servers call.
    pub fn target(&self) -> Target {
        match &self.url {
            Some(url) => Target::Url(url.clone()),
            None => Target::Service {
                namespace: self.own_namespace.clone(),
                name: self.service.clone(),
                port: self.service_port,
            },
        }
    }

    /// Namespaces that are never looked at.
    pub fn excluded_namespaces(&self) -> BTreeSet<String> {
        let system = Shape::SYSTEM_NAMESPACES.map(str::to_owned);
        system
            .into_iter()
            .chain([self.own_namespace.clone()])
            .chain(self.exclude_namespaces.iter().filter(|name| !name.is_empty()).cloned())
            .collect()
    }

    /// The annotations of the configuration.
    pub fn annotations(&self) -> Vec<(String, String)> {
        let inject = self.inject_ca_from.clone();
        inject.map(|from| ("cert-manager.io/inject-ca-from".to_owned(), from)).into_iter().collect()
    }
}
