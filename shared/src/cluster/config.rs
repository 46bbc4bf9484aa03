//! From a chosen cluster and user to kube's `Config`.
//!
//! Built field by field: kube's own loader asks the environment for proxies and gets `NO_PROXY` wrong.

use http::{HeaderValue, Uri, header::USER_AGENT};
use kube::{
    Config,
    config::{AuthInfo, Cluster, ExecAuthCluster, ExecInteractiveMode},
};
use rustls::pki_types::{CertificateDer, pem::PemObject};

use super::{env::Env, kubeconfig::ConfigError, options::ConnectOptions, proxy::proxy_for, select::Target};

/// The configuration of a client for `target`.
pub(super) fn config(target: &Target, options: &ConnectOptions, env: &Env) -> Result<Config, ConfigError> {
    let server = server_url(target)?;
    let proxy = proxy_for(&server, target.cluster.proxy_url.as_deref(), env)?;
    let secure = server.scheme_str() == Some("https");
    let mut config = Config::new(server);
    config.default_namespace.clone_from(&target.namespace);
    config.proxy_url = proxy;
    // One dead aggregated API would otherwise hold a command up for minutes.
    config.default_retry = false;
    if let Some(agent) = &options.user_agent {
        let value = HeaderValue::from_str(agent)
            .map_err(|_| ConfigError::Invalid(format!("invalid user agent {agent:?}")))?;
        config.headers.push((USER_AGENT, value));
    }
    if secure {
        trust(&mut config, &target.cluster, target.in_cluster)?;
        config.auth_info = credentials(&target.user, &target.cluster, env)?;
    } else {
        // Like client-go: credentials don't go over an open line, and there are no certificates to load.
        config.root_cert = Some(Vec::new());
        config.auth_info = AuthInfo {
            impersonate: target.user.impersonate.clone(),
            impersonate_uid: target.user.impersonate_uid.clone(),
            impersonate_groups: target.user.impersonate_groups.clone(),
            impersonate_user_extra: target.user.impersonate_user_extra.clone(),
            ..AuthInfo::default()
        };
    }
    Ok(config)
}

/// The server's address; without a scheme it is `https` where anything speaks of certificates.
fn server_url(target: &Target) -> Result<Uri, ConfigError> {
    let Cluster {
        server, certificate_authority, certificate_authority_data, insecure_skip_tls_verify, ..
    } = &target.cluster;
    let server = server.as_deref().unwrap_or_default().trim();
    let secure = certificate_authority.is_some()
        || certificate_authority_data.is_some()
        || *insecure_skip_tls_verify == Some(true)
        || target.user.client_certificate.is_some()
        || target.user.client_certificate_data.is_some();
    let full = match server.split_once("://") {
        Some(_) => server.to_owned(),
        None => format!("{}://{server}", if secure { "https" } else { "http" }),
    };
    let wrong = |why: &str| ConfigError::Invalid(format!("invalid server address {server:?}: {why}"));
    let url: Uri = full.parse().map_err(|error: http::uri::InvalidUri| wrong(&error.to_string()))?;
    match (url.scheme_str(), url.host()) {
        (Some("http" | "https"), Some(host)) if !host.is_empty() => Ok(url),
        (Some("http" | "https"), _) => Err(wrong("no host")),
        (scheme, _) => Err(wrong(&format!("unsupported protocol scheme {:?}", scheme.unwrap_or_default()))),
    }
}

/// Which certificates of the server to accept.
fn trust(config: &mut Config, cluster: &Cluster, in_cluster: bool) -> Result<(), ConfigError> {
    config.tls_server_name.clone_from(&cluster.tls_server_name);
    config.accept_invalid_certs = cluster.insecure_skip_tls_verify.unwrap_or(false);
    if config.accept_invalid_certs {
        // No roots, rather than the system's: loading those takes up to 20 ms and nothing would look at them.
        config.root_cert = Some(Vec::new());
        return Ok(());
    }
    let data = exec_cluster(cluster)?.certificate_authority_data;
    config.root_cert = data.map(|pem| certificates(&pem)).transpose()?;
    if in_cluster {
        // Rotated by the kubelet; a long watch must follow.
        config.root_cert_file = cluster.certificate_authority.as_ref().map(Into::into);
    }
    Ok(())
}

fn certificates(pem: &[u8]) -> Result<Vec<Vec<u8>>, ConfigError> {
    let found: Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(pem).map(|certificate| certificate.map(|der| der.to_vec())).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(ConfigError::Invalid(
            "unable to load root certificates: unable to parse bytes as PEM block".into(),
        )),
    }
}

/// What kube loads of a cluster for credential plugins. The authority's certificates among it serve [`trust`] too.
pub(super) fn exec_cluster(cluster: &Cluster) -> Result<ExecAuthCluster, ConfigError> {
    ExecAuthCluster::try_from(cluster).map_err(|error| ConfigError::Invalid(error.to_string()))
}

/// The user's credentials, a plugin told whether it may ask.
fn credentials(user: &AuthInfo, cluster: &Cluster, env: &Env) -> Result<AuthInfo, ConfigError> {
    let mut user = user.clone();
    if let Some(exec) = &mut user.exec {
        match exec.interactive_mode {
            Some(ExecInteractiveMode::Always) if !env.stdin_is_terminal() => {
                let why = env.stdin_unavailable().map_or_else(
                    || "standard input is not a terminal".to_owned(),
                    |why| format!("standard input is unavailable: {why}"),
                );
                return Err(ConfigError::Credentials(format!(
                    "exec plugin cannot support interactive mode: {why}"
                )));
            }
            // kube takes `IfAvailable` for always.
            Some(ExecInteractiveMode::IfAvailable) if !env.stdin_is_terminal() => {
                exec.interactive_mode = Some(ExecInteractiveMode::Never);
            }
            _ => {}
        }
        if exec.provide_cluster_info {
            exec.cluster = Some(exec_cluster(cluster)?);
        }
    }
    Ok(user)
}
