//! Kustomizations, built by kubectl.

use std::{
    borrow::Cow,
    env,
    fs::File,
    io::{self, Read, Seek},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
};

use super::InputError;

/// A running `kubectl kustomize`.
pub(super) struct Build {
    child: Child,
    /// A file and no pipe: nobody reads it meanwhile, and a full pipe would stop kubectl.
    errors: File,
}

/// Starts building `folder`; the documents come out of the second part.
pub(super) fn build(folder: &str) -> Result<(Build, ChildStdout), InputError> {
    let program =
        env::var_os("KUBECTL_PATH").filter(|path| !path.is_empty()).unwrap_or_else(|| "kubectl".into());
    let failed = |error| InputError::NoKubectl { program: PathBuf::from(&program), error };
    let errors = tempfile::tempfile().map_err(failed)?;
    let mut command = Command::new(&program);
    command.arg("kustomize").arg(folder).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.stderr(errors.try_clone().map_err(failed)?).spawn().map_err(failed)?;
    let output = child.stdout.take().ok_or_else(|| failed(io::ErrorKind::BrokenPipe.into()))?;
    Ok((Build { child, errors }, output))
}

impl Build {
    /// Waits for the end and says how it went.
    pub(super) fn finish(mut self) -> Result<(), InputError> {
        let told = |error: &io::Error| InputError::Kustomize(format!("kubectl kustomize: {error}"));
        let status = self.child.wait().map_err(|error| told(&error))?;
        if status.success() {
            return Ok(());
        }
        let mut text = Vec::new();
        self.errors.rewind().map_err(|error| told(&error))?;
        self.errors.take(64 * 1024).read_to_end(&mut text).map_err(|error| told(&error))?;
        let text = String::from_utf8_lossy(&text);
        let text = said(text.trim());
        Err(InputError::Kustomize(if text.is_empty() {
            format!("kubectl kustomize: {status}")
        } else {
            text.into_owned()
        }))
    }
}

/// What kubectl said, without what it puts before it: `error: `, or in some distributions the log's own
/// `E1121 07:26:22.9 6513 run.go:72] "command failed" err="…"`.
fn said(text: &str) -> Cow<'_, str> {
    let logged = text.split_once(" err=").filter(|(before, _)| before.ends_with("\"command failed\""));
    // Go quotes as JSON does, but for rare characters.
    if let Some(quoted) = logged.and_then(|(_, quoted)| serde_json::from_str(quoted).ok()) {
        return Cow::Owned(quoted);
    }
    Cow::Borrowed(text.strip_prefix("error: ").unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn only_what_matters_is_repeated() {
        assert_eq!(said("error: no such directory"), "no such directory");
        assert_eq!(
            said(r#"E1121 07:26:22.9 6513 run.go:72] "command failed" err="no \"x\" here""#),
            "no \"x\" here"
        );
        assert_eq!(said("Warning: old\nerror: bad"), "Warning: old\nerror: bad");
    }
}
