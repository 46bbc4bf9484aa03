//! kubectl against the control plane.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use super::ControlPlane;
use crate::Error;

/// What a program that ran to its end has said.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
}

impl ControlPlane {
    /// Runs kubectl as the administrator and returns its standard output.
    ///
    /// # Panics
    /// When it fails, with what it wrote to stderr.
    pub fn kubectl(&self, args: &[&str]) -> String {
        self.checked(args, "").unwrap_or_else(|error| panic!("{error}"))
    }

    /// Applies YAML or JSON documents, those without a namespace in `default`.
    ///
    /// # Panics
    /// When the API server does not take them.
    pub fn apply(&self, manifests: &str) {
        self.checked(&["apply", "-f", "-"], manifests).unwrap_or_else(|error| panic!("{error}"));
    }

    /// Applies YAML or JSON documents, those without a namespace in this one.
    ///
    /// # Panics
    /// When the API server does not take them.
    pub fn apply_in(&self, namespace: &str, manifests: &str) {
        let args = ["apply", "-n", namespace, "-f", "-"];
        self.checked(&args, manifests).unwrap_or_else(|error| panic!("{error}"));
    }

    /// Runs kubectl as the administrator with this input; an exit code other than 0 is an error.
    pub fn checked(&self, args: &[&str], stdin: &str) -> Result<String, Error> {
        let output = self.run_kubectl(args, stdin)?;
        if output.code == Some(0) {
            return Ok(output.stdout);
        }
        Err(Error::Failed {
            command: format!("kubectl {}", args.join(" ")),
            status: output.code.map_or("by a signal".to_owned(), |code| format!("exit code {code}")),
            stderr: output.stderr,
        })
    }

    /// Runs kubectl as the administrator with this input, however it ends.
    pub fn run_kubectl(&self, args: &[&str], stdin: &str) -> Result<Output, Error> {
        let mut command = Command::new(self.layout.assets.program("kubectl")?);
        command.args(args).env("KUBECONFIG", self.kubeconfig());
        // kubectl keeps what it learned about a server in the home directory; ours is gone soon.
        command.env("HOME", self.dir()).env("KUBECACHEDIR", self.dir().join("kubectl-cache"));
        run(command, "kubectl", stdin.as_bytes())
    }
}

/// Runs a command to its end with this input.
pub(crate) fn run(mut command: Command, name: &str, stdin: &[u8]) -> Result<Output, Error> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(Error::run(name))?;
    let input = child.stdin.take();
    let output = thread::scope(|scope| {
        // On its own thread: the program may write much before it has read everything.
        scope.spawn(move || input.map(|mut pipe| pipe.write_all(stdin)));
        child.wait_with_output()
    });
    let output = output.map_err(Error::run(name))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Output { stdout: text(&output.stdout), stderr: text(&output.stderr), code: output.status.code() })
}
