//! Processes that must not outlive this one.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::Error;

/// Waits until its standard input ends, then ends the whole process group and removes the directory.
const WATCHDOG: &str = r#"while read -r _; do :; done; kill -s KILL -- "-$1" 2> /dev/null; rm -rf -- "$2""#;

/// A process group, the directory that it works in, and the watchdog that ends both.
///
/// The watchdog reads a pipe whose other end only this process holds: however this process ends, a panic, an
/// exit with a forgotten static or SIGKILL, the pipe closes and the watchdog does its work. Members are
/// *started* in the group (the system does both in one step), so there is no moment in which one is unknown to
/// it. The group's number is that of a process which does nothing, so that it stays taken until the end.
#[derive(Debug)]
pub(crate) struct Group {
    dir: PathBuf,
    holder: Child,
    watchdog: Child,
}

impl Group {
    /// An empty group, whose watchdog will remove `dir`.
    pub(crate) fn new(dir: &Path) -> Result<Self, Error> {
        let holder = helper(Command::new("/bin/sh").args(["-c", "exec cat > /dev/null"]))?;
        let mut watchdog = Command::new("/bin/sh");
        watchdog.args(["-c", WATCHDOG, "passmuster-watchdog", &holder.id().to_string()]).arg(dir);
        Ok(Self { dir: dir.to_path_buf(), holder, watchdog: helper(&mut watchdog)? })
    }

    /// An empty group with a temporary directory.
    pub(crate) fn temporary() -> Result<Self, Error> {
        Self::new(&temporary_directory()?)
    }

    /// The directory that is removed at the end.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Lets the command start in the group.
    pub(crate) fn enlist(&self, command: &mut Command) {
        command.process_group(self.holder.id().cast_signed());
    }

    /// The processes that keep the group.
    pub(crate) fn pids(&self) -> [u32; 2] {
        [self.holder.id(), self.watchdog.id()]
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Each ends when its standard input closes; the watchdog first, while the holder keeps the number.
        for helper in [&mut self.watchdog, &mut self.holder] {
            drop(helper.stdin.take());
            let _ = helper.wait();
        }
    }
}

/// A new directory that nothing but a watchdog removes: only it knows when nobody writes into it any more.
pub(crate) fn temporary_directory() -> Result<PathBuf, Error> {
    let dir = tempfile::Builder::new().prefix("passmuster-").tempdir();
    Ok(dir.map_err(Error::file(&std::env::temp_dir()))?.keep())
}

/// Starts a helper in a group of its own, so that Ctrl-C in a terminal reaches this process and not the helper.
fn helper(command: &mut Command) -> Result<Child, Error> {
    command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map_err(Error::run("sh"))
}
