//! A real Prometheus on loopback whose past is written by the test.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::Error;
use crate::controlplane::{Authority, free_ports};
use crate::eventually::poll;
use crate::group::Group;
use crate::signal::Signal;

mod history;

pub use history::{History, Series};

const READY: Duration = Duration::from_secs(60);
const TRIES: usize = 3;
const HINT: &str = "run `make setup`";

/// How to start a [`Prometheus`].
#[derive(Debug, Clone, Copy, Default)]
pub struct PrometheusOptions<'a> {
    /// More flags.
    pub flags: &'a [&'a str],
    /// A path before everything, such as `/tenant-a`.
    pub prefix: &'a str,
    /// Ask for [`Prometheus::USER`] and [`Prometheus::PASSWORD`].
    pub password: bool,
    /// Speak TLS, with a certificate that this authority signs.
    pub tls: Option<&'a Authority>,
}

/// A running Prometheus. Dropping it ends it and removes its files, and so does the end of this process.
#[derive(Debug)]
pub struct Prometheus {
    child: Child,
    url: String,
    // Last: its watchdog removes the directory when nobody writes there any more.
    group: Group,
}

impl Prometheus {
    /// The user, where a password is asked for.
    pub const USER: &str = "reader";
    /// The password.
    pub const PASSWORD: &str = "pässword: 1";
    /// bcrypt of the password, as cheap as it gets.
    const HASH: &str = "$2a$04$.RKG8yHHLZzanfyeTRByZuTt7S9qHRmMm1FeKXaqcjqAT3t/Vw.r2";

    /// Starts one that remembers this, and returns when it answers.
    pub fn start(history: &History, options: PrometheusOptions<'_>) -> Result<Self, Error> {
        for _ in 1..TRIES {
            match Self::attempt(history, options) {
                Err(Error::Ended { log, .. }) if log.contains("address already in use") => {}
                outcome => return outcome,
            }
        }
        Self::attempt(history, options)
    }

    fn attempt(history: &History, options: PrometheusOptions<'_>) -> Result<Self, Error> {
        let group = Group::temporary()?;
        let write = |name: &str, content: &str| {
            let path = group.dir().join(name);
            fs::write(&path, content).map_err(Error::file(&path)).map(|()| path.display().to_string())
        };
        let data = group.dir().join("data").display().to_string();
        backfill(&write("history", &history.open_metrics())?, &data)?;

        let mut web = String::new();
        if options.password {
            web += "basic_auth_users:\n";
            web += &["  ", Self::USER, ": ", Self::HASH, "\n"].concat();
        }
        if let Some(authority) = options.tls {
            let identity = authority.server()?;
            let (certificate, key) =
                (write("tls.crt", &identity.certificate)?, write("tls.key", &identity.key)?);
            web += "tls_server_config:\n";
            web += &["  cert_file: ", &certificate, "\n  key_file: ", &key, "\n"].concat();
        }
        let [port] = free_ports();
        let log_path = group.dir().join("prometheus.log");
        let log = File::create(&log_path).map_err(Error::file(&log_path))?;
        let stderr = log.try_clone().map_err(Error::file(&log_path))?;
        let mut command = Command::new(program("prometheus"));
        command
            .arg(format!("--config.file={}", write("prometheus.yaml", "scrape_configs: []\n")?))
            .arg(format!("--web.config.file={}", write("web.yaml", &web)?))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg(format!("--web.route-prefix=/{}", options.prefix.trim_start_matches('/')))
            .arg(format!("--storage.tsdb.path={data}"))
            // The past lies as far back as the tests like.
            .arg("--storage.tsdb.retention.time=100y")
            .args(options.flags)
            .current_dir(group.dir())
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(stderr);
        group.enlist(&mut command);
        let child = command.spawn().map_err(Error::run("prometheus"))?;
        let scheme = if options.tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://127.0.0.1:{port}{}", options.prefix);
        let mut prometheus = Self { child, url, group };
        prometheus.await_ready(&log_path)?;
        Ok(prometheus)
    }

    fn await_ready(&mut self, log: &PathBuf) -> Result<(), Error> {
        let read = || fs::read_to_string(log).unwrap_or_default();
        let mut ended = None;
        poll(READY, "Prometheus is ready", || {
            ended = self.child.try_wait().ok().flatten();
            (ended.is_some() || read().contains("Server is ready to receive web requests")).then_some(())
        })?;
        match ended {
            None => Ok(()),
            Some(status) => {
                Err(Error::Ended { component: "prometheus", status: status.to_string(), log: read() })
            }
        }
    }

    /// Its address, up to before `/api/v1`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops it in its tracks: connections are accepted and nothing answers.
    pub fn freeze(&self) {
        Signal::Stop.send(self.child.id());
    }

    /// Lets it run on.
    pub fn thaw(&self) {
        Signal::Cont.send(self.child.id());
    }

    /// The directory with its files; removed with it.
    pub fn dir(&self) -> &std::path::Path {
        self.group.dir()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Prometheus' own tool writes the past.
fn backfill(history: &str, data: &str) -> Result<(), Error> {
    fs::create_dir_all(data).map_err(Error::file(data.as_ref()))?;
    let mut command = Command::new(program("promtool"));
    command.args(["tsdb", "create-blocks-from", "--quiet", "openmetrics", history, data]);
    let output = command.stdin(Stdio::null()).output().map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => {
            Error::Missing { name: "promtool".to_owned(), dir: "PATH".into(), hint: HINT }
        }
        _ => Error::Run { program: "promtool".to_owned(), source },
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(Error::Failed {
        command: format!("promtool tsdb create-blocks-from openmetrics {history}"),
        status: output.status.to_string(),
        stderr: String::from_utf8_lossy(&said).into_owned(),
    })
}

/// The system's, unless `PROMETHEUS` names a directory that has another.
fn program(name: &str) -> PathBuf {
    std::env::var_os("PROMETHEUS").map_or_else(|| name.into(), |dir| PathBuf::from(dir).join(name))
}
