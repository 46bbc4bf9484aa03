//! What kubectl says when a credential plugin fails (client-go's `auth/exec`).

use kube::{client::AuthError, config::ExecConfig};

use super::kubeconfig::{ConfigError, io_message};

const NOT_INSTALLED: &str = "

It looks like you are trying to use a client-go credential plugin that is not installed.

To learn more about this feature, consult the documentation available at:
      https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins";

/// The error of the plugin `exec`.
pub(super) fn failure(error: &AuthError, exec: &ExecConfig) -> ConfigError {
    let command = exec.command.as_deref().unwrap_or_default();
    ConfigError::Credentials(match error {
        AuthError::AuthExecStart(io) if command.contains(std::path::MAIN_SEPARATOR) => {
            format!("exec: fork/exec {command}: {}", io_message(io))
        }
        AuthError::AuthExecStart(_) => {
            let hint = exec.install_hint.as_deref().map(|hint| format!("\n\n{hint}")).unwrap_or_default();
            format!("exec: executable {command} not found{NOT_INSTALLED}{hint}")
        }
        AuthError::AuthExecRun { out, .. } => {
            // What the plugin said stands before, where kubectl would have let it through.
            let said = String::from_utf8_lossy(&out.stderr);
            let said = if said.trim().is_empty() { String::new() } else { format!(": {}", said.trim()) };
            match out.status.code() {
                Some(code) => format!("exec: executable {command} failed with exit code {code}{said}"),
                None => format!("exec: executable {command} was ended: {}{said}", out.status),
            }
        }
        AuthError::AuthExecParse(why) => {
            let why = why.to_string();
            format!(
                "decoding stdout: yaml: {}",
                why.lines().next().unwrap_or_default().trim_start_matches("error: ")
            )
        }
        other => format!("exec: {other}"),
    })
}
