use std::{collections::BTreeMap, fmt, num::NonZeroU32, path::PathBuf, time::Duration};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::timeout::parse_timeout;

use crate::text::without_password;

/// Where a Prometheus is, how to sign in, and which of its series are one cluster's: an entry of `prometheus` in the
/// configuration file.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Target {
    /// Address up to before `/api/v1`: `https://prometheus.example.com/tenant-a`.
    pub url: String,
    /// File that holds a bearer token; read anew when it changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bearer_token_file: Option<PathBuf>,
    /// Bearer token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bearer_token: Option<String>,
    /// User name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// File that holds the user's password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
    /// The user's password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// File with the certificates (PEM) to trust instead of the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// Trust any certificate.
    pub insecure_skip_tls_verify: bool,
    /// Labels, and their values, that only the cluster's series have: `cluster: prod`. Needed where one Prometheus
    /// holds several clusters.
    pub matchers: BTreeMap<String, String>,
    /// Further headers of each request: `X-Scope-OrgID: tenant-a`.
    pub headers: BTreeMap<String, String>,
    /// How long one query may take, such as `30s` (default).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
    /// How many namespaces one query asks for (default 20). Where that is too much it is asked in smaller parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_namespaces_per_query: Option<NonZeroU32>,
    /// How many queries run at once (default 4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<NonZeroU32>,
}

/// What is wrong with a [`Target`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The key, such as `bearerToken`.
    pub key: String,
    /// What is wrong and what to do, one sentence without its dot.
    pub message: String,
}

pub(super) fn problem(key: &str, message: impl Into<String>) -> Problem {
    Problem { key: key.to_owned(), message: message.into() }
}

/// How long a query may take when nothing is said.
const TIMEOUT: Duration = Duration::from_secs(30);

impl Target {
    /// What can be told to be wrong without reading a file or asking anyone.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems =
            self.url_problem().map(|message| problem("url", message)).into_iter().collect::<Vec<_>>();
        let ways = [self.bearer_token_file.is_some(), self.bearer_token.is_some(), self.username.is_some()];
        if ways.iter().filter(|given| **given).count() > 1 {
            problems.push(problem("bearerToken", "give one of bearerTokenFile, bearerToken and username"));
        }
        if self.password.is_some() && self.password_file.is_some() {
            problems.push(problem("password", "give one of passwordFile and password"));
        }
        let password = self.password.is_some() || self.password_file.is_some();
        if password && self.username.is_none() && !self.url.contains('@') {
            problems.push(problem("username", "a password is given, and not whose it is"));
        }
        if self.insecure_skip_tls_verify && self.ca_file.is_some() {
            problems.push(problem("insecureSkipTlsVerify", "caFile says whom to trust: give one of the two"));
        }
        for name in self.matchers.keys().filter(|name| !is_label(name)) {
            problems.push(problem("matchers", format!("{name:?} is no label of Prometheus")));
        }
        if self.timeout.is_some() && self.limit().is_none() {
            problems.push(problem("timeout", "a duration is wanted, such as 30s"));
        }
        problems
    }

    /// How long one query may take.
    pub(super) fn limit(&self) -> Option<Duration> {
        match &self.timeout {
            Some(text) => parse_timeout(text).ok()?,
            None => Some(TIMEOUT),
        }
    }

    fn url_problem(&self) -> Option<&'static str> {
        let url = self.url.trim();
        let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
        match rest {
            _ if url.is_empty() => Some("the address is missing, such as https://prometheus.example.com"),
            None => Some("the address must begin with http:// or https://"),
            Some(rest) if rest.is_empty() || rest.starts_with(['/', ':']) => Some("the address has no host"),
            Some(rest) if !has_port_or_none(rest) => Some("the port is no number"),
            Some(rest) if rest.contains(['?', '#']) => Some("the address must end before ? and #"),
            Some(rest) if rest.trim_end_matches('/').ends_with("/api/v1") => {
                Some("the address must end before /api/v1")
            }
            Some(_) => None,
        }
    }
}

/// Whether what follows the host, if anything does, is a port. Else the port would be the scheme's, silently.
fn has_port_or_none(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.rsplit_once(':') {
        Some((_, port)) if !port.ends_with(']') => port.parse::<u16>().is_ok(),
        _ => true,
    }
}

fn is_label(name: &str) -> bool {
    let start = name.chars().next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    start && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// Without the secrets.
impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("url", &without_password(&self.url))
            .field("matchers", &self.matchers)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(yaml: &str) -> Target {
        serde_saphyr::from_str(yaml).unwrap()
    }

    #[test]
    fn every_key_is_told_apart() {
        let keys =
            |yaml: &str| target(yaml).check().into_iter().map(|problem| problem.key).collect::<Vec<_>>();
        for (yaml, expected) in [
            ("url: http://p:9090", &[][..]),
            (
                "url: https://p/a/\nmatchers: {cluster: prod}\nusername: me\npasswordFile: /p\ntimeout: 2m",
                &[],
            ),
            ("{}", &["url"]),
            ("url: p:9090", &["url"]),
            ("url: http://", &["url"]),
            ("url: https:///x", &["url"]),
            ("url: http://p:port", &["url"]),
            ("url: http://p:/x", &["url"]),
            ("url: http://me:se/cret@p", &["url"]),
            ("url: 'http://[::1]/'", &[]),
            ("url: 'http://[::1]:9090/a:b'", &[]),
            ("url: http://p/api/v1/", &["url"]),
            ("url: http://p/?x=1", &["url"]),
            ("url: http://p\nbearerToken: a\nusername: b\npassword: c", &["bearerToken"]),
            ("url: http://p\nusername: b\npassword: c\npasswordFile: d", &["password"]),
            ("url: http://p\npassword: c", &["username"]),
            ("url: http://me@p\npassword: c", &[]),
            ("url: https://p\ncaFile: a\ninsecureSkipTlsVerify: true", &["insecureSkipTlsVerify"]),
            ("url: http://p\nmatchers: {a-b: c}", &["matchers"]),
            ("url: http://p\ntimeout: soon", &["timeout"]),
            ("url: http://p\ntimeout: 0s", &["timeout"]),
        ] {
            assert_eq!(keys(yaml), expected, "{yaml}");
        }
        assert!(serde_saphyr::from_str::<Target>("url: http://p\nbearer: x").is_err());
        assert_eq!(target("url: http://p\ntimeout: 2m").limit(), Some(Duration::from_secs(120)));
    }

    #[test]
    fn secrets_are_not_printed() {
        let shown =
            format!("{:?}", target("url: http://p\nusername: me\npassword: hidden\nbearerToken: hidden"));
        assert!(shown.contains("http://p") && !shown.contains("hidden"), "{shown}");
    }
}
