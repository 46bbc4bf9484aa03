//! Running a built plugin as a user would.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use tempfile::TempDir;

use crate::assets::Assets;
use crate::group::Group;
use crate::{ControlPlane, Error};

mod memory;
mod run;
mod running;

pub use run::Run;
pub use running::Running;

/// A run that takes longer has hung.
const TIMEOUT: Duration = Duration::from_secs(120);

/// A plugin and how to run it: nothing of this process's environment but what is given here.
#[derive(Debug)]
pub struct Plugin {
    program: PathBuf,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    stdin: Vec<u8>,
    timeout: Duration,
    dir: Option<PathBuf>,
    home: TempDir,
}

impl Plugin {
    /// The plugin that cargo built, for example `kubectl-graph`.
    ///
    /// # Panics
    /// When it was not built.
    pub fn new(name: &str) -> Self {
        Self::find(name).unwrap_or_else(|error| panic!("{error}"))
    }

    /// As [`Plugin::new`], with an error in place of a panic.
    pub fn find(name: &str) -> Result<Self, Error> {
        let dir = built()?;
        let program = dir.join(name);
        if program.is_file() {
            return Self::program(program);
        }
        Err(Error::Missing { name: name.to_owned(), dir, hint: "run `cargo build --workspace`" })
    }

    /// kubectl, which finds the built plugins: `Plugin::through_kubectl("graph")` runs `kubectl graph`.
    ///
    /// # Panics
    /// When the control plane's programs were not built.
    pub fn through_kubectl(command: &str) -> Self {
        let kubectl = || Self::program(Assets::find().program("kubectl")?);
        let plugin = kubectl().unwrap_or_else(|error| panic!("{error}"));
        if command.is_empty() { plugin } else { plugin.arg(command) }
    }

    /// Any other program, in the same clean environment.
    pub fn program(program: PathBuf) -> Result<Self, Error> {
        let home = tempfile::tempdir_in(group().dir()).map_err(Error::file(group().dir()))?;
        let (args, env, stdin) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self { program, args, env, stdin, timeout: TIMEOUT, dir: None, home })
    }

    /// Talks to the control plane as its administrator.
    #[must_use]
    pub fn on(self, plane: &ControlPlane) -> Self {
        self.kubeconfig(plane.kubeconfig())
    }

    /// Uses this kubeconfig file.
    #[must_use]
    pub fn kubeconfig(self, path: &Path) -> Self {
        self.env("KUBECONFIG", path)
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.env.push((name.into(), value.as_ref().to_owned()));
        self
    }

    /// Gives the standard input, which is empty otherwise.
    #[must_use]
    pub fn stdin(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.stdin = input.into();
        self
    }

    /// Sets the working directory, which is the temporary home otherwise.
    #[must_use]
    pub fn dir(mut self, dir: &Path) -> Self {
        self.dir = Some(dir.to_path_buf());
        self
    }

    /// Sets how long a run may take.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The temporary home directory of its runs.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// When it cannot be started or does not end in time.
    pub fn run(&self) -> Run {
        self.try_run().unwrap_or_else(|error| panic!("{error}"))
    }

    /// As [`Plugin::run`], with an error in place of a panic.
    pub fn try_run(&self) -> Result<Run, Error> {
        run::run(self)
    }

    /// Starts it, for a run that goes on until it is told to end.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn spawn(&self) -> Running {
        Running::start(self).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The command line, for messages.
    fn line(&self) -> String {
        let words = [self.program.as_os_str()].into_iter().chain(self.args.iter().map(OsString::as_os_str));
        words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).current_dir(self.dir.as_deref().unwrap_or_else(|| self.home()));
        command.env_clear().env("HOME", self.home()).env("TERM", "dumb").env("PATH", search_path());
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        group().enlist(&mut command);
        command
    }
}

/// The group of all runs, which ends with this process.
fn group() -> &'static Group {
    static GROUP: OnceLock<Group> = OnceLock::new();
    GROUP.get_or_init(|| Group::temporary().unwrap_or_else(|error| panic!("{error}")))
}

/// The directory with the workspace's programs: a test's own is in `deps` below it.
fn built() -> Result<PathBuf, Error> {
    let own = std::env::current_exe().map_err(Error::run("this program"))?;
    let dir = own.parent().unwrap_or(Path::new("."));
    let above = if dir.ends_with("deps") { dir.parent() } else { None };
    Ok(above.unwrap_or(dir).to_path_buf())
}

/// Where a run finds programs: the built plugins, kubectl, and what the system has.
fn search_path() -> OsString {
    let kubectl = Assets::find().program("kubectl").ok().and_then(|path| Some(path.parent()?.to_path_buf()));
    let dirs =
        built().ok().into_iter().chain(kubectl).chain(["/usr/local/bin", "/usr/bin", "/bin"].map(Into::into));
    std::env::join_paths(dirs).unwrap_or_default()
}
