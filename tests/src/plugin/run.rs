//! A run to the end.

use std::io::{Read, Write};
use std::process::Child;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Plugin, memory};
use crate::Error;

/// How often a run's memory and end are looked at: short against the shortest run, which takes some
/// milliseconds, and long against the look itself.
const TICK: Duration = Duration::from_micros(500);

/// How long to read on after the end of a run whose pipes another process still holds.
const LEFT_BEHIND: Duration = Duration::from_secs(1);

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
    #[expect(clippy::return_self_not_must_use, reason = "the check is often all that is wanted")]
    pub fn success(self) -> Self {
        self.exits(0)
    }

    /// The run itself, when it ended with this exit code.
    ///
    /// # Panics
    /// When it did not; the message shows what the run wrote.
    #[expect(clippy::return_self_not_must_use, reason = "the check is often all that is wanted")]
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
    if let Some(mut stdin) = child.stdin.take() {
        let input = plugin.stdin.clone();
        // A run that does not read its input closes the pipe; that is no error.
        thread::spawn(move || stdin.write_all(&input));
    }
    let (stdout, stderr) = (Pipe::read(child.stdout.take()), Pipe::read(child.stderr.take()));
    let (code, peak_memory) = watch(&mut child, start, plugin.timeout).map_err(failed)?;
    let wall = start.elapsed();
    let (stdout, stderr) = (stdout.text(), stderr.text());
    let run = Run { command: plugin.line(), stdout, stderr, code, wall, peak_memory };
    if wall < plugin.timeout {
        return Ok(run);
    }
    let what = "the end of the run".to_owned();
    Err(Error::Late { what, within: plugin.timeout, details: run.to_string() })
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

/// What comes out of a pipe, read on a thread of its own.
struct Pipe {
    read: Arc<Mutex<Vec<u8>>>,
    end: Receiver<()>,
}

impl Pipe {
    fn read(pipe: Option<impl Read + Send + 'static>) -> Self {
        let (read, (sender, end)) = (Arc::default(), mpsc::sync_channel(0));
        let all: Arc<Mutex<Vec<u8>>> = Arc::clone(&read);
        thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            let mut pipe = pipe?;
            while let Ok(length @ 1..) = pipe.read(&mut buffer) {
                all.lock().ok()?.extend_from_slice(&buffer[..length]);
            }
            // Nobody listens any more after a run that left something behind.
            sender.send(()).ok()
        });
        Self { read, end }
    }

    /// All of it, now that the run has ended; what a process that it left behind may still write is not waited for.
    fn text(self) -> String {
        // An error says either that the time is up or that nothing more comes.
        let _ = self.end.recv_timeout(LEFT_BEHIND);
        self.read.lock().map(|all| String::from_utf8_lossy(&all).into_owned()).unwrap_or_default()
    }
}
