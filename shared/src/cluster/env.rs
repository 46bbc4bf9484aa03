//! The one door to the process's environment.
//!
//! Everything that depends on variables, on the home directory or on standard input being a terminal asks an [`Env`],
//! which tests fill by hand.

use std::{
    collections::BTreeMap,
    io::{self, IsTerminal},
    path::{Path, PathBuf},
};

/// Where a pod finds its service account.
const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// What a run may know of the process it runs in.
#[derive(Debug, Clone)]
pub struct Env {
    variables: BTreeMap<String, String>,
    service_account: PathBuf,
    stdin_is_terminal: bool,
    stdin_unavailable: Option<&'static str>,
}

impl Env {
    /// The environment of this process, as it is now.
    pub fn current() -> Self {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self { variables, stdin_is_terminal: io::stdin().is_terminal(), ..Self::empty() }
    }

    /// No variables, no terminal.
    pub fn empty() -> Self {
        Self {
            variables: BTreeMap::new(),
            service_account: SERVICE_ACCOUNT.into(),
            stdin_is_terminal: false,
            stdin_unavailable: None,
        }
    }

    /// The same with one variable set.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    /// The same with the service account's files elsewhere.
    #[must_use]
    pub fn with_service_account(mut self, directory: impl Into<PathBuf>) -> Self {
        self.service_account = directory.into();
        self
    }

    /// The same with standard input taken (`-f -`), so that nothing may ask there.
    #[must_use]
    pub fn with_stdin_taken(mut self) -> Self {
        self.stdin_is_terminal = false;
        self
    }

    /// The same where nobody may ask on standard input, whatever it is; `why` is told to who would.
    #[must_use]
    pub fn with_stdin_unavailable(mut self, why: &'static str) -> Self {
        self.stdin_unavailable = Some(why);
        self
    }

    /// A variable, even when it is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// A variable that has content.
    pub fn non_empty(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// All of them, by name.
    pub fn variables(&self) -> &BTreeMap<String, String> {
        &self.variables
    }

    /// The user's home directory.
    pub fn home(&self) -> Option<&Path> {
        self.non_empty(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(Path::new)
    }

    /// The directory of the pod's service account.
    pub fn service_account(&self) -> &Path {
        &self.service_account
    }

    /// Whether a person may be asked on standard input.
    pub fn stdin_is_terminal(&self) -> bool {
        self.stdin_is_terminal && self.stdin_unavailable.is_none()
    }

    /// Why nobody may ask on standard input, when it is not for lack of a terminal.
    pub fn stdin_unavailable(&self) -> Option<&'static str> {
        self.stdin_unavailable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presence_and_content_differ() {
        let env = Env::empty().with("NO_COLOR", "");
        assert_eq!((env.get("NO_COLOR"), env.non_empty("NO_COLOR"), env.get("TERM")), (Some(""), None, None));
    }
}
