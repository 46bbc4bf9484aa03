//! How the program was called.

use std::{ffi::OsString, path::Path};

/// The beginning of the name under which kubectl looks for a plugin's completion.
const COMPLETION_PREFIX: &str = "kubectl_complete-";
/// The hidden command that completes, for shims and shells.
pub(super) const COMPLETE: &str = "__complete";

/// The program's name and arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// How a person calls the program: `kubectl graph`, or the file's name when that is not a plugin's.
    pub command: String,
    /// The arguments behind the name, and behind `__complete`.
    pub args: Vec<OsString>,
    /// Whether completions are wanted: then the last argument is the word that is being written.
    pub completing: bool,
}

impl Invocation {
    /// The one of this process.
    pub fn current(plugin: &str) -> Self {
        Self::of(plugin, std::env::args_os())
    }

    /// Reads the name and the arguments. `plugin` is the plugin's name, as in `quota-usage`.
    pub fn of(plugin: &str, args: impl IntoIterator<Item = OsString>) -> Self {
        let mut args = args.into_iter();
        let program = args.next().unwrap_or_default();
        let name = Path::new(&program)
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let mut args: Vec<OsString> = args.collect();
        let by_name = name.starts_with(COMPLETION_PREFIX);
        let completing = by_name || args.first().is_some_and(|first| first == COMPLETE);
        if completing && !by_name {
            args.remove(0);
        }
        let command = if by_name || name.starts_with("kubectl-") || name.is_empty() {
            format!("kubectl {plugin}")
        } else {
            name
        };
        Self { command, args, completing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> (String, Vec<String>, bool) {
        let invocation = Invocation::of("quota-usage", line.split(' ').map(OsString::from));
        let args = invocation.args.into_iter().map(|arg| arg.into_string().unwrap()).collect();
        (invocation.command, args, invocation.completing)
    }

    #[test]
    fn names() {
        let args = |args: &[&str]| args.iter().map(ToString::to_string).collect::<Vec<_>>();
        let kubectl = "kubectl quota-usage".to_owned();
        assert_eq!(of("/bin/kubectl-quota_usage -A"), (kubectl.clone(), args(&["-A"]), false));
        assert_eq!(of("kubectl-quota-usage.exe"), (kubectl.clone(), args(&[]), false));
        assert_eq!(of("quota x"), ("quota".to_owned(), args(&["x"]), false));
        assert_eq!(of("/bin/kubectl_complete-quota_usage a b"), (kubectl.clone(), args(&["a", "b"]), true));
        assert_eq!(of("kubectl-quota_usage __complete a"), (kubectl, args(&["a"]), true));
    }
}
