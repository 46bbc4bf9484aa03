//! A run that goes on, such as a watch.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Plugin, memory};
use crate::Error;
use crate::eventually::poll;
use crate::signal::Signal;

/// A plugin that runs beside the test. Dropping it ends it.
#[derive(Debug)]
pub struct Running {
    command: String,
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

impl Running {
    pub(super) fn start(plugin: &Plugin) -> Result<Self, Error> {
        let mut child = plugin.command().spawn().map_err(Error::run(&plugin.line()))?;
        if let Some(mut stdin) = child.stdin.take() {
            let input = plugin.stdin.clone();
            thread::spawn(move || stdin.write_all(&input));
        }
        let (stdout, stderr) = (lines(child.stdout.take()), lines(child.stderr.take()));
        Ok(Self { command: plugin.line(), child, stdout, stderr })
    }

    /// The next line of standard output without its end, waited for no longer than this.
    pub fn line(&self, within: Duration) -> Option<String> {
        self.stdout.recv_timeout(within).ok()
    }

    /// The next line of standard error, waited for no longer than this.
    pub fn error_line(&self, within: Duration) -> Option<String> {
        self.stderr.recv_timeout(within).ok()
    }

    /// The next line of standard output as JSON.
    ///
    /// # Panics
    /// When none comes in time, or it is something else.
    pub fn json_line(&self, within: Duration) -> Value {
        let line = self
            .line(within)
            .unwrap_or_else(|| panic!("`{}` wrote no line: {}", self.command, self.errors()));
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("not JSON ({error}): {line}"))
    }

    /// Reads lines of JSON until one is what is looked for, and returns that one.
    ///
    /// # Panics
    /// When none is in time.
    pub fn json_until(&self, within: Duration, what: &str, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        let start = Instant::now();
        let mut last = Value::Null;
        while let Some(left) = within.checked_sub(start.elapsed()) {
            let Some(line) = self.line(left) else { break };
            last = serde_json::from_str(&line).unwrap_or_else(|error| panic!("not JSON ({error}): {line}"));
            if wanted(&last) {
                return last;
            }
        }
        panic!("`{}` did not write {what} within {within:?}; last {last}; {}", self.command, self.errors())
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The memory that is resident now, in bytes.
    pub fn memory(&self) -> u64 {
        memory::resident(self.pid()).unwrap_or_default()
    }

    /// The most memory that was resident so far, in bytes.
    pub fn peak_memory(&self) -> u64 {
        memory::peak(self.pid()).unwrap_or_default()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        signal.send(self.pid());
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it does not end in time.
    pub fn wait(&mut self, within: Duration) -> ExitStatus {
        let what = format!("the end of `{}`", self.command);
        poll(within, &what, || self.child.try_wait().ok()?).unwrap_or_else(|error| panic!("{error}"))
    }

    /// What it has written to standard error and nobody has read yet.
    pub fn errors(&self) -> String {
        self.stderr.try_iter().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines of a pipe, read as they come so that the writer never waits for the test.
fn lines(pipe: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(pipe) = pipe {
        thread::spawn(move || {
            for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    break;
                }
            }
        });
    }
    receiver
}
