//! From a [`Target`] to what kube's client needs to know: address, credentials, trust, proxy.

use std::{fs, path::Path};

use http::{HeaderName, HeaderValue, Uri};
use kube::Config;
use rustls::pki_types::{CertificateDer, pem::PemObject};

use super::{Problem, Target, target::problem};
use crate::cluster::{Env, proxy_for, user_info};

/// The address as it may be shown: without user and password, however malformed it is.
pub(super) fn shown(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    let separator = if scheme.is_empty() { "" } else { "://" };
    format!("{scheme}{separator}{}", rest.trim_end_matches('/'))
}

/// The configuration of a client.
pub(super) fn config(target: &Target, env: &Env) -> Result<Config, Problem> {
    if let Some(problem) = target.check().into_iter().next() {
        return Err(problem);
    }
    let invalid = |error: http::uri::InvalidUri| problem("url", error.to_string());
    let given: Uri = target.url.trim().parse().map_err(invalid)?;
    let server: Uri = shown(target.url.trim()).parse().map_err(invalid)?;
    let mut config = Config::new(server);
    config.default_retry = false;
    config.proxy_url =
        proxy_for(&config.cluster_url, None, env).map_err(|error| problem("url", error.to_string()))?;
    config.accept_invalid_certs = target.insecure_skip_tls_verify;
    // No roots, rather than the system's, where nothing would look at them: loading those takes its time.
    config.root_cert = match &target.ca_file {
        Some(path) => Some(certificates(path)?),
        None if target.insecure_skip_tls_verify || config.cluster_url.scheme_str() == Some("http") => {
            Some(Vec::new())
        }
        None => None,
    };
    for (name, value) in &target.headers {
        let wrong = |_| problem("headers", format!("{name} is no header"));
        let mut secret = HeaderValue::from_str(value)
            .map_err(|_| problem("headers", format!("the value of {name} can't be sent")))?;
        secret.set_sensitive(true);
        config.headers.push((HeaderName::from_bytes(name.as_bytes()).map_err(wrong)?, secret));
    }
    credentials(target, &given, &mut config)?;
    Ok(config)
}

fn credentials(target: &Target, given: &Uri, config: &mut Config) -> Result<(), Problem> {
    let auth = &mut config.auth_info;
    if let Some(path) = &target.bearer_token_file {
        // kube reads the file again when it is a minute old; whether it can be read is said here.
        sendable("bearerTokenFile", &secret("bearerTokenFile", path)?)?;
        auth.token_file = Some(path.display().to_string());
        return Ok(());
    }
    if let Some(token) = &target.bearer_token {
        sendable("bearerToken", token)?;
        auth.token = Some(token.clone().into());
        return Ok(());
    }
    let in_url = user_info(given);
    let password = match (&target.password_file, &target.password) {
        (Some(path), _) => Some(secret("passwordFile", path)?),
        (None, password) => password.clone(),
    };
    let (user, password) = match (&target.username, in_url) {
        (Some(user), _) => (user.clone(), password.unwrap_or_default()),
        (None, Some((user, in_url))) => (user, password.unwrap_or(in_url)),
        (None, None) => return Ok(()),
    };
    auth.username = Some(user);
    auth.password = Some(password.into());
    Ok(())
}

/// The content of a file, without the line's end that editors add.
fn secret(key: &str, path: &Path) -> Result<String, Problem> {
    let text =
        fs::read_to_string(path).map_err(|error| problem(key, format!("{}: {error}", path.display())))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// A token that can't stand in a header would end the program within kube.
fn sendable(key: &str, token: &str) -> Result<(), Problem> {
    match HeaderValue::from_str(token.trim()) {
        Ok(value) if !value.is_empty() => Ok(()),
        Ok(_) => Err(problem(key, "it is empty")),
        Err(_) => Err(problem(key, "it has characters that can't be sent")),
    }
}

fn certificates(path: &Path) -> Result<Vec<Vec<u8>>, Problem> {
    let wrong = |why: String| problem("caFile", format!("{}: {why}", path.display()));
    let pem = fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let found: Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(&pem).map(|certificate| certificate.map(|der| der.to_vec())).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(wrong("there is no certificate (PEM) in it".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_without_their_passwords() {
        for (url, expected) in [
            ("http://p:9090", "http://p:9090"),
            ("https://me:secret@p/tenant/", "https://p/tenant"),
            ("https://me:se/c@ret@p", "https://p"),
            ("me:secret@p:9090", "p:9090"),
            ("", ""),
        ] {
            assert_eq!(shown(url), expected);
        }
    }
}
