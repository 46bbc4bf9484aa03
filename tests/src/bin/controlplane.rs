//! A control plane to try things on: `controlplane up DIR [MANIFESTS]`, `controlplane down DIR`, and
//! `controlplane populate NAMESPACES DEPLOYMENTS REPLICAS NODES`, which prints a large cluster's objects.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use passmuster_tests::eventually::poll;
use passmuster_tests::population::{self, Size};
use passmuster_tests::signal::{Signal, alive};
use passmuster_tests::{ControlPlane, Options};

type Outcome = Result<(), Box<dyn std::error::Error>>;

const USAGE: &str = "usage: controlplane up DIR [MANIFESTS] | down DIR | populate NS DEPLOYS REPLICAS NODES";
const NODES: usize = 5;
const READY: &str = "ready";
const PID: &str = "pid";

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let outcome = match args[..] {
        ["up", dir] => up(Path::new(dir), None),
        ["up", dir, manifests] => up(Path::new(dir), Some(manifests)),
        ["serve", dir] => serve(Path::new(dir), None),
        ["serve", dir, manifests] => serve(Path::new(dir), Some(manifests)),
        ["down", dir] => down(Path::new(dir)),
        ["populate", namespaces, deployments, replicas, nodes] => {
            populate([namespaces, deployments, replicas, nodes])
        }
        _ => Err(USAGE.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed stderr is no reason to fail differently.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Starts a process that keeps the control plane (`serve`), and prints how to reach it when it is ready.
fn up(dir: &Path, manifests: Option<&str>) -> Outcome {
    if !dir.join(READY).exists() {
        // Beside the directory, which goes with the control plane: the reason of a failure must stay.
        let log_path = dir.with_extension("log");
        if let Some(parent) = dir.parent() {
            fs::create_dir_all(parent)?;
        }
        let log = File::create(&log_path)?;
        let mut server = Command::new(std::env::current_exe()?);
        server.arg("serve").arg(dir).args(manifests).stdin(Stdio::null());
        // A group of its own, which Ctrl-C in this terminal does not reach.
        let mut server = server.stdout(log.try_clone()?).stderr(log).process_group(0).spawn()?;
        poll(Duration::from_secs(180), "the control plane is ready", || {
            (dir.join(READY).exists() || server.try_wait().is_ok_and(|status| status.is_some())).then_some(())
        })?;
        if !dir.join(READY).exists() {
            return Err(fs::read_to_string(log_path)?.trim().trim_start_matches("error: ").into());
        }
    }
    writeln!(io::stdout(), "export KUBECONFIG={}", dir.canonicalize()?.join("kubeconfig").display())?;
    Ok(())
}

/// Runs a control plane in the directory until a signal asks for the end.
fn serve(dir: &Path, manifests: Option<&str>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let plane = ControlPlane::start(Options { dir: Some(dir.into()), nodes: NODES, ..Options::default() })?;
    fs::write(plane.dir().join(PID), std::process::id().to_string())?;
    if let Some(manifests) = manifests {
        plane.checked(&["apply", "-R", "-f", manifests], "")?;
    }
    runtime.block_on(async {
        use tokio::signal::unix::{SignalKind, signal};
        let mut term = signal(SignalKind::terminate())?;
        // Only now: from here on `down` ends this process in good order.
        fs::write(plane.dir().join(READY), "")?;
        tokio::select! {
            _ = term.recv() => Ok(()),
            interrupted = tokio::signal::ctrl_c() => interrupted,
        }
    })?;
    drop(plane);
    Ok(())
}

/// Ends the control plane in the directory and waits until it is gone.
fn down(dir: &Path) -> Outcome {
    let Ok(pid) = fs::read_to_string(dir.join(PID)) else {
        return Ok(());
    };
    let pid: u32 = pid.trim().parse()?;
    // After a reboot the number may be that of an innocent process.
    let program = fs::read_link(format!("/proc/{pid}/exe")).unwrap_or_default();
    if !program.file_name().is_some_and(|name| name.to_string_lossy().starts_with("controlplane")) {
        return Ok(fs::remove_dir_all(dir)?);
    }
    Signal::Term.send(pid);
    let gone = || (!alive(pid) && !dir.exists()).then_some(());
    poll(Duration::from_secs(30), "the control plane is gone", gone)?;
    Ok(())
}

/// Prints the population as YAML documents, each of which is a line of JSON.
fn populate(numbers: [&str; 4]) -> Outcome {
    let [namespaces, deployments, replicas, nodes] = numbers.map(str::parse);
    let size =
        Size { namespaces: namespaces?, deployments: deployments?, replicas: replicas?, nodes: nodes? };
    let mut out = BufWriter::new(io::stdout().lock());
    for object in population::nodes(size.nodes).into_iter().chain(population::namespaces(size).concat()) {
        writeln!(out, "---\n{object}")?;
    }
    Ok(out.flush()?)
}
