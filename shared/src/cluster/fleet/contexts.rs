//! Which contexts are meant, and which of several that lead to one cluster comes first.

use std::collections::BTreeSet;

use kube::config::Kubeconfig;

use super::{Fleet, Which};
use crate::cluster::{
    ConnectOptions, Env,
    kubeconfig::{ConfigError, load},
    select::select,
};

/// The contexts to ask, the preferred first: the current one, then by name. `None` is no context at all.
pub(super) struct Contexts {
    pub(super) kubeconfig: Kubeconfig,
    pub(super) names: Vec<Option<String>>,
    /// Whether each is asked for by name, among others.
    pub(super) several: bool,
}

impl Contexts {
    pub(super) fn of(fleet: &Fleet<'_>) -> Result<Self, ConfigError> {
        let Fleet { options, env, which, .. } = fleet;
        let kubeconfig = load(options, env)?;
        let known: BTreeSet<&str> = kubeconfig.contexts.iter().map(|named| named.name.as_str()).collect();
        let wanted: BTreeSet<&str> = match which {
            Which::Current => BTreeSet::new(),
            Which::All => known.clone(),
            Which::Contexts(names) => names.iter().map(String::as_str).collect(),
        };
        let current = non_empty(options.context.as_deref()).or(kubeconfig.current_context.as_deref());
        if wanted.is_empty() {
            let names = vec![current.map(str::to_owned)];
            return Ok(Self { kubeconfig, names, several: false });
        }
        of_one_cluster(options)?;
        let unknown: Vec<&str> = wanted.difference(&known).copied().collect();
        if !unknown.is_empty() {
            return Err(not_found(&unknown, &kubeconfig, options, env));
        }
        let mut names: Vec<&str> = wanted.into_iter().collect();
        names.sort_by_key(|&name| (Some(name) != current, name));
        let names = names.into_iter().map(|name| Some(name.to_owned())).collect();
        Ok(Self { kubeconfig, names, several: true })
    }
}

/// What kubectl says of contexts that are not there.
fn not_found(unknown: &[&str], kubeconfig: &Kubeconfig, options: &ConnectOptions, env: &Env) -> ConfigError {
    if let [only] = unknown {
        let options = ConnectOptions { context: Some((*only).to_owned()), ..options.clone() };
        if let Err(error) = select(kubeconfig, &options, env) {
            return error;
        }
    }
    let each = unknown.iter().map(|&name| ConfigError::ContextNotFound(name.to_owned()).to_string());
    ConfigError::Several(each.collect())
}

/// Where a cluster is and who asks it are its own: a token that is given for one must not go to all.
fn of_one_cluster(options: &ConnectOptions) -> Result<(), ConfigError> {
    let given = [
        ("--cluster", options.cluster.is_some()),
        ("--user", options.user.is_some()),
        ("--server", options.server.is_some()),
        ("--token", options.token.is_some()),
        ("--username", options.username.is_some()),
        ("--password", options.password.is_some()),
        ("--client-certificate", options.client_certificate.is_some()),
        ("--client-key", options.client_key.is_some()),
        ("--certificate-authority", options.certificate_authority.is_some()),
        ("--tls-server-name", options.tls_server_name.is_some()),
    ];
    match given.iter().find(|(_, given)| *given) {
        None => Ok(()),
        Some((flag, _)) => Err(ConfigError::Invalid(format!(
            "{flag} is of one cluster and can't be used with several; make a context of the kubeconfig for it"
        ))),
    }
}

fn non_empty(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}
