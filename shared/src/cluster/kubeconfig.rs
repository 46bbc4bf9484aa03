//! Kubeconfig files, found and merged as client-go does it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use kube::config::Kubeconfig;

use super::{env::Env, options::ConnectOptions};

/// Why the kubeconfig, or the flags over it, do not say how to connect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file of `--kubeconfig` can't be looked at.
    #[error("stat {path}: {message}")]
    Missing {
        /// The file.
        path: String,
        /// The operating system's words.
        message: String,
    },
    /// A file can't be read or is no kubeconfig.
    #[error("error loading config file \"{path}\": {message}")]
    Load {
        /// The file.
        path: String,
        /// Why.
        message: String,
    },
    /// The current context, or the one asked for, is in no file.
    #[error("context was not found for specified context: {0}")]
    ContextNotFound(String),
    /// One thing that is wrong.
    #[error("{0}")]
    Invalid(String),
    /// Several things that are wrong.
    #[error("invalid configuration: [{}]", .0.join(", "))]
    Several(Vec<String>),
    /// A credential plugin gave no credentials.
    #[error("getting credentials: {0}")]
    Credentials(String),
}

impl ConfigError {
    /// The line that kubectl prints.
    pub fn to_kubectl(&self) -> String {
        match self {
            Self::ContextNotFound(_) => format!("Error in configuration: {self}"),
            Self::Several(messages) => {
                format!("Error in configuration: \n* {}", messages.join("\n* "))
            }
            Self::Credentials(_) => format!("Unable to connect to the server: {self}"),
            Self::Missing { .. } | Self::Load { .. } | Self::Invalid(_) => format!("error: {self}"),
        }
    }
}

/// A context as listings and completions show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextEntry {
    /// The name that `--context` takes.
    pub name: String,
    /// The cluster it names.
    pub cluster: String,
    /// The user it names.
    pub user: Option<String>,
    /// Its namespace, when it sets one.
    pub namespace: Option<String>,
    /// Whether it is the current one.
    pub current: bool,
}

/// Every context of the kubeconfig, by name.
pub fn contexts(options: &ConnectOptions, env: &Env) -> Result<Vec<ContextEntry>, ConfigError> {
    let kubeconfig = load(options, env)?;
    let current = options.context.as_ref().or(kubeconfig.current_context.as_ref());
    let mut entries: Vec<ContextEntry> = kubeconfig
        .contexts
        .iter()
        .map(|named| {
            let context = named.context.clone().unwrap_or_default();
            ContextEntry {
                current: current == Some(&named.name),
                name: named.name.clone(),
                cluster: context.cluster,
                user: context.user,
                namespace: context.namespace.filter(|namespace| !namespace.is_empty()),
            }
        })
        .collect();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

/// Reads and merges the files: the one of `--kubeconfig`, else those of `$KUBECONFIG`, else `~/.kube/config`.
/// No file at all gives an empty configuration.
pub(super) fn load(options: &ConnectOptions, env: &Env) -> Result<Kubeconfig, ConfigError> {
    let paths = match &options.kubeconfig {
        Some(path) if !path.as_os_str().is_empty() => {
            // Only here a missing file is an error; the listed ones may come and go.
            if let Err(error) = fs::metadata(path) {
                return Err(ConfigError::Missing {
                    path: path.display().to_string(),
                    message: io_message(&error),
                });
            }
            vec![path.clone()]
        }
        _ => listed(env),
    };
    let mut merged = Kubeconfig::default();
    for path in &paths {
        if let Some(file) = read(path)? {
            merged = merged.merge(file).map_err(|error| load_error(path, error.to_string()))?;
        }
    }
    Ok(merged)
}

/// The files that the environment names, each once, in order.
fn listed(env: &Env) -> Vec<PathBuf> {
    let Some(list) = env.non_empty("KUBECONFIG") else {
        return env.home().map(|home| home.join(".kube").join("config")).into_iter().collect();
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for path in std::env::split_paths(list) {
        if !path.as_os_str().is_empty() && !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

/// One file, made ready for merging; `None` when it does not exist.
fn read(path: &Path) -> Result<Option<Kubeconfig>, ConfigError> {
    if let Err(error) = fs::metadata(path) {
        return if error.kind() == io::ErrorKind::NotFound {
            tracing::debug!(path = %path.display(), "kubeconfig file not found");
            Ok(None)
        } else {
            Err(load_error(path, io_message(&error)))
        };
    }
    let mut file =
        Kubeconfig::read_from(path).map_err(|error| load_error(path, parser_message(&error.to_string())))?;
    // In client-go an empty value is no value, so that a later file may set it; `kind` plays no part in merging.
    file.current_context = file.current_context.filter(|name| !name.is_empty());
    file.kind = None;
    file.api_version = None;
    Ok(Some(file))
}

fn load_error(path: &Path, message: String) -> ConfigError {
    ConfigError::Load { path: path.display().to_string(), message }
}

/// A parser's complaint without the excerpt that it draws beneath: the file may hold secrets.
fn parser_message(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default().trim_end_matches(':');
    match line.strip_prefix("failed to parse kubeconfig YAML: ") {
        Some(why) => format!("yaml: {}", why.trim_start_matches("error: ")),
        None => line.to_owned(),
    }
}

/// The operating system's words as Go writes them: lower case and without the number.
pub(super) fn io_message(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}
