//! A run to the end.

use std::io::{Read, Write};
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Plugin, memory};
use crate::Error;

/// How often a run's memory and end are looked at: short against the shortest run, which takes some
/// milliseconds, and long against the look itself.
const TICK: Duration = Duration::from_micros(500);

/// What a run has left.
#[derive(Debug, Clone)]
pub struct Run {
    /// The command line.
    pub command: String,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// How long it took.
    pub wall: Duration,
    /// The most memory it had resident, in bytes, to within half a millisecond of its end.
    pub peak_memory: u64,
}

impl Run {
    /// The run itself, when its exit code is 0.
    ///
    /// # Panics
    /// When it is not; the message shows what the run wrote.
    #[must_use]
    pub fn success(self) -> Self {
        self.exits(0)
    }

    /// The run itself, when it ended with this exit code.
    ///
    /// # Panics
    /// When it did not; the message shows what the run wrote.
    #[must_use]
    pub fn exits(self, code: i32) -> Self {
        assert!(self.code == Some(code), "expected exit code {code}: {self}");
        self
    }

    /// The standard output as JSON.
    ///
    /// # Panics
    /// When it is something else.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("stdout is not JSON ({error}): {self}"))
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "`{}` ended with {:?} after {:?}", self.command, self.code, self.wall)?;
        write!(f, "--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr)
    }
}

/// Runs the plugin to its end, or ends it when its time is up.
pub(super) fn run(plugin: &Plugin) -> Result<Run, Error> {
    let failed = |source| Error::Run { program: plugin.line(), source };
    let start = Instant::now();
    let mut child = plugin.command().spawn().map_err(failed)?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        // A run that does not read its input closes the pipe; that is no error.
        scope.spawn(move || stdin.map(|mut pipe| pipe.write_all(&plugin.stdin)));
        let stdout = scope.spawn(move || read(stdout));
        let stderr = scope.spawn(move || read(stderr));
        let (code, peak_memory) = watch(&mut child, start, plugin.timeout).map_err(failed)?;
        let wall = start.elapsed();
        let text = |reader: thread::ScopedJoinHandle<'_, Vec<u8>>| {
            String::from_utf8_lossy(&reader.join().unwrap_or_default()).into_owned()
        };
        let run = Run {
            command: plugin.line(),
            stdout: text(stdout),
            stderr: text(stderr),
            code,
            wall,
            peak_memory,
        };
        if wall < plugin.timeout {
            return Ok(run);
        }
        Err(Error::Late {
            what: "the end of the run".to_owned(),
            within: plugin.timeout,
            details: run.to_string(),
        })
    })
}

/// Waits for the end, meanwhile measuring.
fn watch(child: &mut Child, start: Instant, timeout: Duration) -> std::io::Result<(Option<i32>, u64)> {
    let mut peak = 0;
    loop {
        peak = memory::peak(child.id()).unwrap_or_default().max(peak);
        if let Some(status) = child.try_wait()? {
            return Ok((status.code(), peak));
        }
        if start.elapsed() >= timeout {
            child.kill()?;
            return Ok((child.wait()?.code(), peak));
        }
        thread::sleep(TICK);
    }
}

/// Everything up to the end of the pipe, or up to an error, which is its end as well.
fn read(pipe: Option<impl Read>) -> Vec<u8> {
    let mut all = Vec::new();
    if let Some(mut pipe) = pipe {
        let _ = pipe.read_to_end(&mut all);
    }
    all
}
