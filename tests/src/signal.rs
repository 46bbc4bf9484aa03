//! Signals to processes, by the shell's own `kill`, so that no unsafe code is needed.

use std::process::{Command, Stdio};

/// What can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C.
    Int,
    /// A polite end.
    Term,
    /// An end that cannot be refused.
    Kill,
    /// Stop running until [`Signal::Cont`].
    Stop,
    /// Run on.
    Cont,
}

impl Signal {
    /// Sends the signal to the process; false when there is no such process.
    pub fn send(self, pid: u32) -> bool {
        let name = match self {
            Self::Int => "INT",
            Self::Term => "TERM",
            Self::Kill => "KILL",
            Self::Stop => "STOP",
            Self::Cont => "CONT",
        };
        shell_kill(&format!("kill -s {name} {pid}"))
    }
}

/// Whether the process exists and is more than a zombie.
pub fn alive(pid: u32) -> bool {
    match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
        // The state follows the name, which is in parentheses and may hold anything.
        Ok(stat) => stat.rsplit(')').next().is_some_and(|rest| !rest.trim_start().starts_with(['Z', 'X'])),
        // Elsewhere than on Linux there is no /proc.
        Err(_) => !cfg!(target_os = "linux") && shell_kill(&format!("kill -0 {pid}")),
    }
}

fn shell_kill(script: &str) -> bool {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", script]).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
