//! The processes of one control plane, none of which outlives this one.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use super::components::{Component, Layout};
use crate::Error;
use crate::signal::Signal;

/// Waits until its standard input ends, then ends the whole process group and removes the directory.
const WATCHDOG: &str = r#"while read -r _; do :; done; kill -s KILL -- "-$1" 2> /dev/null; rm -rf -- "$2""#;

/// A process group and the watchdog that ends it.
///
/// The watchdog reads a pipe whose other end only this process holds: however this process ends, a panic, an
/// exit with a forgotten static or SIGKILL, the pipe closes and the watchdog does its work. Components are
/// *started* in the group (the system does both in one step), so there is no moment in which one is unknown to
/// it. The group's number is that of a process which does nothing, so that it stays taken until the end.
#[derive(Debug)]
pub(super) struct Processes {
    holder: Child,
    watchdog: Child,
    members: Vec<(Component, Child)>,
}

impl Processes {
    /// An empty group, whose watchdog will remove `dir`.
    pub(super) fn new(dir: &Path) -> Result<Self, Error> {
        let spawn = |command: &mut Command| command.spawn().map_err(Error::run("sh"));
        let holder = spawn(quiet(Command::new("/bin/sh").args(["-c", "exec cat > /dev/null"])))?;
        let group = holder.id().to_string();
        let mut watchdog = Command::new("/bin/sh");
        watchdog.args(["-c", WATCHDOG, "passmuster-watchdog", &group]).arg(dir);
        let watchdog = spawn(quiet(&mut watchdog))?;
        Ok(Self { holder, watchdog, members: Vec::new() })
    }

    /// Starts a component; what it writes is added to its log.
    pub(super) fn start(&mut self, layout: &Layout, component: Component) -> Result<(), Error> {
        let path = layout.log(component);
        let log = File::options().create(true).append(true).open(&path).map_err(Error::file(&path))?;
        let stderr = log.try_clone().map_err(Error::file(&path))?;
        let mut command = layout.command(component)?;
        command.stdin(Stdio::null()).stdout(log).stderr(stderr);
        command.process_group(self.holder.id().cast_signed());
        let child = command.spawn().map_err(Error::run(component.name()))?;
        self.members.push((component, child));
        Ok(())
    }

    /// Ends a component at once and waits until it is gone.
    pub(super) fn stop(&mut self, component: Component) {
        for (_, child) in self.members.iter_mut().filter(|(member, _)| *member == component) {
            end(child);
        }
        self.members.retain(|(member, _)| *member != component);
    }

    /// Sends a signal to a component.
    pub(super) fn signal(&self, component: Component, signal: Signal) {
        self.pid(component).map(|pid| signal.send(pid));
    }

    /// The process of a component that was started.
    pub(super) fn pid(&self, component: Component) -> Option<u32> {
        self.members.iter().find(|(member, _)| *member == component).map(|(_, child)| child.id())
    }

    /// All processes, the group's holder and the watchdog included.
    pub(super) fn pids(&self) -> Vec<u32> {
        let helpers = [self.holder.id(), self.watchdog.id()];
        self.members.iter().map(|(_, child)| child.id()).chain(helpers).collect()
    }

    /// The first component that has ended by itself, and how.
    pub(super) fn ended(&mut self) -> Option<(Component, ExitStatus)> {
        self.members.iter_mut().find_map(|(component, child)| Some((*component, child.try_wait().ok()??)))
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        for (_, child) in &mut self.members {
            end(child);
        }
        // Both end when their standard input closes. The watchdog removes the directory meanwhile.
        for helper in [&mut self.watchdog, &mut self.holder] {
            drop(helper.stdin.take());
            let _ = helper.wait();
        }
    }
}

/// The last lines of a log.
pub(super) fn tail(path: &Path) -> String {
    let mut text = Vec::new();
    if let Ok(mut file) = fs::File::open(path) {
        let _ = file.read_to_end(&mut text);
    }
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

fn end(child: &mut Child) {
    // Both fail only when the process has ended already.
    let _ = child.kill();
    let _ = child.wait();
}

/// A helper in a group of its own, so that Ctrl-C in a terminal reaches this process and not the helper.
fn quiet(command: &mut Command) -> &mut Command {
    command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null())
}
