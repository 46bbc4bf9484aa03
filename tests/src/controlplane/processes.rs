//! The processes of one control plane.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};

use super::components::{Component, Layout};
use crate::Error;
use crate::group::Group;
use crate::signal::Signal;

/// The components that run, and the group that ends with this process.
#[derive(Debug)]
pub(super) struct Processes {
    members: Vec<(Component, Child)>,
    group: Group,
}

impl Processes {
    /// No component yet.
    pub(super) fn new(group: Group) -> Self {
        Self { members: Vec::new(), group }
    }

    /// Starts a component; what it writes is added to its log.
    pub(super) fn start(&mut self, layout: &Layout, component: Component) -> Result<(), Error> {
        let path = layout.log(component);
        let log = File::options().create(true).append(true).open(&path).map_err(Error::file(&path))?;
        let stderr = log.try_clone().map_err(Error::file(&path))?;
        let mut command = layout.command(component)?;
        command.stdin(Stdio::null()).stdout(log).stderr(stderr);
        self.group.enlist(&mut command);
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

    /// All processes, those of the group itself included.
    pub(super) fn pids(&self) -> Vec<u32> {
        self.members.iter().map(|(_, child)| child.id()).chain(self.group.pids()).collect()
    }

    /// The first component that has ended by itself, and how.
    pub(super) fn ended(&mut self) -> Option<(Component, ExitStatus)> {
        self.members.iter_mut().find_map(|(component, child)| Some((*component, child.try_wait().ok()??)))
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        // The group would end them too; this way they are also waited for.
        for (_, child) in &mut self.members {
            end(child);
        }
    }
}

/// The last lines of a log.
pub(super) fn tail(path: &Path) -> String {
    let text = fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

fn end(child: &mut Child) {
    // Both fail only when the process has ended already.
    let _ = child.kill();
    let _ = child.wait();
}
