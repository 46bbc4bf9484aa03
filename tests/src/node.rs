//! A real node: containerd, runc, kubelet and kube-proxy with a control plane, where images run as pods and the API
//! server calls them by their Services. All of it lives in namespaces of its own (see `tests/node/run`).

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::assets::Assets;
use crate::controlplane::{Output, run};
use crate::eventually::poll;
use crate::group::temporary_directory;
use crate::image::{Image, Recipe};
use crate::{Error, signal};

mod obstacle;

pub use obstacle::obstacle;

/// A loaded machine takes long; a hung one is noticed all the same.
const READY: Duration = Duration::from_secs(180);
/// What the kubelet puts into every pod.
const PAUSE: &str = "docker.io/local/pause:1";
const PROGRAMS: [&str; 7] = [
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kube-proxy",
    "kubectl",
    "kubelet",
];

/// A control plane with one real node. Dropping it ends all its processes, and so does the end of this process,
/// whatever it is; files and control groups go as well.
#[derive(Debug)]
pub struct Node {
    dir: PathBuf,
    runner: Child,
    /// The first process of its namespaces.
    first: u32,
}

impl Node {
    /// Starts one with these images, and returns when it is ready for pods. It has no DNS and reaches no registry:
    /// pods use what is here.
    pub fn start(images: &[&Image]) -> Result<Self, Error> {
        let dir = temporary_directory()?;
        prepare(&dir)?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("node/run");
        let mut command = Command::new(&script);
        command.arg(&dir).env("BIN", dir.join("bin")).env("PAUSE", dir.join("pause.tar")).env("SYNC", "1s");
        // The pipe's other end is held by this process alone: when it is gone, so is the node.
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let runner = command.spawn().map_err(Error::run("tests/node/run"))?;
        let mut node = Self { dir, runner, first: 0 };
        node.await_ready()?;
        for image in images {
            node.import(image)?;
        }
        Ok(node)
    }

    /// Makes an image known to the node; pods must not ask a registry for it (`imagePullPolicy: IfNotPresent`).
    pub fn import(&self, image: &Image) -> Result<(), Error> {
        let mut command = self.command("ctr");
        command.args(["--namespace", "k8s.io", "images", "import", "-"]);
        succeed(command, "ctr images import", &image.archive).map(drop)
    }

    /// A command that will run on the node: in its network, with its mounts, as its administrator.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--target", &self.first.to_string(), "--net", "--mount", "--"]);
        command.arg(program).env("KUBECONFIG", self.dir.join("kubeconfig")).env("HOME", &self.dir);
        command
    }

    /// Runs kubectl as the administrator and returns its standard output.
    ///
    /// # Panics
    /// When it fails, with what it wrote to stderr.
    pub fn kubectl(&self, args: &[&str]) -> String {
        self.checked(args, "").unwrap_or_else(|error| panic!("{error}"))
    }

    /// Runs kubectl as the administrator with this input; an exit code other than 0 is an error.
    pub fn checked(&self, args: &[&str], stdin: &str) -> Result<String, Error> {
        let (command, line) = self.kubectl_command(args);
        succeed(command, &line, stdin.as_bytes())
    }

    /// Runs kubectl as the administrator with this input, however it ends.
    pub fn run_kubectl(&self, args: &[&str], stdin: &str) -> Result<Output, Error> {
        let (command, line) = self.kubectl_command(args);
        run(command, &line, stdin.as_bytes())
    }

    /// The first process of its namespaces, as this machine numbers it.
    pub const fn first(&self) -> u32 {
        self.first
    }

    /// The directory with its files and logs.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    fn kubectl_command(&self, args: &[&str]) -> (Command, String) {
        let mut command = self.command(&self.dir.join("bin/kubectl").display().to_string());
        command.args(args).env("KUBECACHEDIR", self.dir.join("kubectl-cache"));
        (command, format!("kubectl {}", args.join(" ")))
    }

    fn await_ready(&mut self) -> Result<(), Error> {
        let (ready, failed) = (self.dir.join("ready"), self.dir.join("failed"));
        let outcome = poll(READY, "the node is ready", || {
            let ended = self.runner.try_wait().is_ok_and(|status| status.is_some());
            (ready.exists() || failed.exists() || ended).then_some(())
        });
        if ready.exists() {
            self.first = self.first_process().ok_or_else(|| self.failure("its first process is unknown"))?;
            return Ok(());
        }
        outcome.map_err(|error| self.failure(&error.to_string()))?;
        let said = fs::read_to_string(&failed).unwrap_or_else(|_| self.said());
        Err(self.failure(&said))
    }

    /// The child of `unshare`, which is the child of the script.
    fn first_process(&self) -> Option<u32> {
        let child = |pid: u32| -> Option<u32> {
            let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).ok()?;
            children.split_whitespace().next()?.parse().ok()
        };
        child(child(self.runner.id())?)
    }

    /// What the script wrote, once it has ended.
    fn said(&mut self) -> String {
        let mut said = String::new();
        // Unreadable is as good as nothing.
        let _ = self.runner.stderr.take().map(|mut pipe| pipe.read_to_string(&mut said));
        said
    }

    fn failure(&self, said: &str) -> Error {
        let log = fs::read_to_string(self.dir.join("node.log")).unwrap_or_default();
        Error::Failed {
            command: "tests/node/run".to_owned(),
            status: "the node did not come up".to_owned(),
            stderr: format!("{said}\n{log}"),
        }
    }

    /// What helps to understand a test that failed.
    fn tell(&self) {
        for args in [
            &["get", "all,events", "--all-namespaces", "--output", "wide"][..],
            &[
                "logs",
                "--namespace=passmuster-system",
                "--selector=app.kubernetes.io/name=passmuster",
                "--tail=30",
            ],
        ] {
            let output = self.run_kubectl(args, "");
            let text = output.map_or_else(|error| error.to_string(), |output| output.stdout + &output.stderr);
            // Nothing is to be done about a closed stderr.
            let _ = writeln!(std::io::stderr(), "--- kubectl {}\n{text}", args.join(" "));
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if std::thread::panicking() && self.first != 0 && signal::alive(self.first) {
            self.tell();
        }
        drop(self.runner.stdin.take());
        let _ = self.runner.wait();
    }
}

/// The programs in one directory, and the image of every pod's first container.
fn prepare(dir: &Path) -> Result<(), Error> {
    let (assets, bin) = (Assets::find(), dir.join("bin"));
    fs::create_dir(&bin).map_err(Error::file(&bin))?;
    for name in PROGRAMS {
        let link = bin.join(name);
        symlink(assets.program(name)?, &link).map_err(Error::file(&link))?;
    }
    let pause = Recipe::of(&assets.program("pause")?, PAUSE)?.make()?;
    let path = dir.join("pause.tar");
    fs::write(&path, &pause.archive).map_err(Error::file(&path))
}

fn succeed(command: Command, line: &str, stdin: &[u8]) -> Result<String, Error> {
    let output = run(command, line, stdin)?;
    if output.code == Some(0) {
        return Ok(output.stdout);
    }
    Err(Error::Failed {
        command: line.to_owned(),
        status: output.code.map_or("by a signal".to_owned(), |code| format!("exit code {code}")),
        stderr: output.stderr,
    })
}
