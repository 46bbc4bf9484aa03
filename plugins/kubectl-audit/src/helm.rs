//! Helm charts, rendered by Helm itself.

use std::{
    io::ErrorKind,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};
use tempfile::NamedTempFile;

/// What `helm template` makes of a chart, in a file that goes when it is dropped.
pub(crate) fn render(chart: &str, namespace: &str) -> Result<NamedTempFile> {
    let file = tempfile::Builder::new().prefix("chart-").suffix(".yaml").tempfile()?;
    let out = file.reopen()?;
    let run = Command::new("helm")
        .args(["template", "audit", chart, "--namespace", namespace])
        .stdin(Stdio::null())
        .stdout(Stdio::from(out))
        .stderr(Stdio::piped())
        .output();
    let output = match run {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!(
                "{chart} is a Helm chart, and helm is not installed: render it and pass the result, or install helm"
            )
        }
        run => run.with_context(|| format!("running helm template {chart}"))?,
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("helm template {chart}: {}", said.trim().trim_start_matches("Error: "));
    }
    Ok(file)
}
