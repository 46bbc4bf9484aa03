//! Kustomizations, built by kubectl.

use std::{
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
    let failed = |source| InputError::NoKubectl { program: PathBuf::from(&program), source };
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
        let text = text.trim();
        let text = text.strip_prefix("error: ").unwrap_or(text);
        Err(InputError::Kustomize(if text.is_empty() {
            format!("kubectl kustomize: {status}")
        } else {
            text.to_owned()
        }))
    }
}
