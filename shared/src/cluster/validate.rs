//! What client-go refuses in a cluster or user of a kubeconfig, in its words (`clientcmd/validation.go`).

use std::fs::File;

use kube::config::{AuthInfo, Cluster};

use super::{
    kubeconfig::{ConfigError, io_message},
    proxy::parse_proxy,
};

/// What is wrong with the cluster called `name`.
pub(super) fn cluster_errors(name: &str, cluster: &Cluster) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    let mut error = |message: String| errors.push(ConfigError::Invalid(message));
    if !is_set(cluster.server.as_ref()) {
        error(format!("no server found for cluster {name:?}"));
    }
    if let Some(proxy) = cluster.proxy_url.as_ref().filter(|proxy| !proxy.is_empty())
        && let Err(why) = parse_proxy(proxy)
    {
        error(format!("invalid 'proxy-url' {proxy:?} for cluster {name:?}: {why}"));
    }
    if is_set(cluster.certificate_authority.as_ref()) && is_set(cluster.certificate_authority_data.as_ref()) {
        error(format!(
            "certificate-authority-data and certificate-authority are both specified for {name}. \
             certificate-authority-data will override."
        ));
    }
    if let Some(why) = unreadable(cluster.certificate_authority.as_ref()) {
        error(format!("unable to read certificate-authority {} for {name} due to {}", why.path, why.message));
    }
    errors
}

/// What is wrong with the user called `name`.
pub(super) fn user_errors(name: &str, user: &AuthInfo) -> Vec<ConfigError> {
    let mut messages = certificate_errors(name, user);
    if let Some(exec) = &user.exec {
        if user.auth_provider.is_some() {
            messages.push(format!(
                "authProvider cannot be provided in combination with an exec plugin for {name}"
            ));
        }
        let mut missing = |what: &str| {
            messages.push(format!("{what} must be specified for {name} to use exec authentication plugin"));
        };
        if !is_set(exec.command.as_ref()) {
            missing("command");
        }
        if !is_set(exec.api_version.as_ref()) {
            missing("apiVersion");
        }
        if exec.interactive_mode.is_none() {
            missing("interactiveMode");
        }
    }
    if user.token.is_some() && (is_set(user.username.as_ref()) || user.password.is_some()) {
        messages.push(format!(
            "more than one authentication method found for {name}; found [token basicAuth], only one is allowed"
        ));
    }
    let details = is_set(user.impersonate_uid.as_ref())
        || user.impersonate_groups.as_ref().is_some_and(|groups| !groups.is_empty())
        || user.impersonate_user_extra.as_ref().is_some_and(|extra| !extra.is_empty());
    if details && !is_set(user.impersonate.as_ref()) {
        messages
            .push(format!("requesting uid, groups or user-extra for {name} without impersonating a user"));
    }
    messages.into_iter().map(ConfigError::Invalid).collect()
}

fn certificate_errors(name: &str, user: &AuthInfo) -> Vec<String> {
    let mut messages = Vec::new();
    if !is_set(user.client_certificate.as_ref()) && !is_set(user.client_certificate_data.as_ref()) {
        return messages;
    }
    if is_set(user.client_certificate.as_ref()) && is_set(user.client_certificate_data.as_ref()) {
        messages.push(format!(
            "client-cert-data and client-cert are both specified for {name}. client-cert-data will override."
        ));
    }
    if is_set(user.client_key.as_ref()) && user.client_key_data.is_some() {
        messages.push(format!(
            "client-key-data and client-key are both specified for {name}; client-key-data will override"
        ));
    }
    if !is_set(user.client_key.as_ref()) && user.client_key_data.is_none() {
        messages.push(format!(
            "client-key-data or client-key must be specified for {name} to use the clientCert authentication method."
        ));
    }
    for (what, path) in [("client-cert", &user.client_certificate), ("client-key", &user.client_key)] {
        if let Some(why) = unreadable(path.as_ref()) {
            messages.push(format!("unable to read {what} {} for {name} due to {}", why.path, why.message));
        }
    }
    messages
}

struct Unreadable<'a> {
    path: &'a str,
    message: String,
}

fn unreadable(path: Option<&String>) -> Option<Unreadable<'_>> {
    let path = path.filter(|path| !path.is_empty())?;
    let error = File::open(path).err()?;
    Some(Unreadable { path, message: format!("open {path}: {}", io_message(&error)) })
}

fn is_set(text: Option<&String>) -> bool {
    text.is_some_and(|text| !text.is_empty())
}
