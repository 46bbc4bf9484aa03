//! Kubeconfig files: any number of clusters, users and contexts.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::Error;

/// A kubeconfig being written. Parts may name others that don't exist, for tests of just that.
///
/// ```
/// # use passmuster_tests::kubeconfig::{Cluster, Kubeconfig, User};
/// let config = Kubeconfig::new()
///     .cluster("east", &Cluster::new("https://10.0.0.1:6443"))
///     .user("jane", &User::token("secret"))
///     .context("dev", "east", "jane", Some("shop"))
///     .current("dev");
/// assert!(config.to_string().contains("current-context"));
/// ```
#[derive(Debug, Clone)]
pub struct Kubeconfig {
    clusters: Vec<Value>,
    users: Vec<Value>,
    contexts: Vec<Value>,
    current: String,
}

impl Default for Kubeconfig {
    fn default() -> Self {
        Self::new()
    }
}

impl Kubeconfig {
    /// An empty kubeconfig.
    pub fn new() -> Self {
        Self { clusters: Vec::new(), users: Vec::new(), contexts: Vec::new(), current: String::new() }
    }

    /// The usual case: one cluster, one user, one context, which is the current one; all called `name`.
    pub fn single(name: &str, cluster: &Cluster, user: &User, namespace: Option<&str>) -> Self {
        Self::new().cluster(name, cluster).user(name, user).context(name, name, name, namespace).current(name)
    }

    /// Adds a cluster.
    #[must_use]
    pub fn cluster(mut self, name: &str, cluster: &Cluster) -> Self {
        self.clusters.push(json!({"name": name, "cluster": cluster.fields}));
        self
    }

    /// Adds a user.
    #[must_use]
    pub fn user(mut self, name: &str, user: &User) -> Self {
        self.users.push(json!({"name": name, "user": user.fields}));
        self
    }

    /// Adds a context.
    #[must_use]
    pub fn context(mut self, name: &str, cluster: &str, user: &str, namespace: Option<&str>) -> Self {
        let mut context = json!({"cluster": cluster, "user": user});
        if let Some(namespace) = namespace {
            context["namespace"] = namespace.into();
        }
        self.contexts.push(json!({"name": name, "context": context}));
        self
    }

    /// Sets the current context.
    #[must_use]
    pub fn current(mut self, context: &str) -> Self {
        context.clone_into(&mut self.current);
        self
    }

    /// Writes the file, readable by the owner only, as kubectl wants it.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        fs::write(path, self.to_string()).map_err(Error::file(path))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(Error::file(path))?;
        }
        Ok(())
    }
}

impl std::fmt::Display for Kubeconfig {
    /// JSON, which is YAML.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let config = json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": self.clusters,
            "users": self.users,
            "contexts": self.contexts,
            "current-context": self.current,
        });
        write!(f, "{config:#}")
    }
}

/// A cluster entry.
#[derive(Debug, Clone)]
pub struct Cluster {
    fields: Map<String, Value>,
}

impl Cluster {
    /// A server whose certificate is checked against the system's authorities.
    pub fn new(server: &str) -> Self {
        Self { fields: Map::new() }.set("server", server)
    }

    /// Trusts the authority with this PEM certificate.
    #[must_use]
    pub fn authority(self, pem: &str) -> Self {
        self.set("certificate-authority-data", STANDARD.encode(pem))
    }

    /// Sets any other field, for example `proxy-url` or `tls-server-name`.
    #[must_use]
    pub fn set(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }
}

/// A user entry.
#[derive(Debug, Clone)]
pub struct User {
    fields: Map<String, Value>,
}

impl User {
    /// A user without credentials.
    pub fn anonymous() -> Self {
        Self { fields: Map::new() }
    }

    /// A user with a bearer token.
    pub fn token(token: &str) -> Self {
        Self::anonymous().set("token", token)
    }

    /// A user with a client certificate.
    pub fn certificate(certificate_pem: &str, key_pem: &str) -> Self {
        Self::anonymous()
            .set("client-certificate-data", STANDARD.encode(certificate_pem))
            .set("client-key-data", STANDARD.encode(key_pem))
    }

    /// A user whose credentials an exec plugin prints.
    pub fn exec(command: &str, args: &[&str]) -> Self {
        Self::anonymous().set(
            "exec",
            json!({
                "apiVersion": "client.authentication.k8s.io/v1",
                "interactiveMode": "Never",
                "command": command,
                "args": args,
            }),
        )
    }

    /// Acts as another user, who may be in groups.
    #[must_use]
    pub fn acting_as(self, user: &str, groups: &[&str]) -> Self {
        self.set("as", user).set("as-groups", groups.to_vec())
    }

    /// Sets any other field, for example `tokenFile`.
    #[must_use]
    pub fn set(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }
}
