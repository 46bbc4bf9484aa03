//! A webhook that runs as a process, and how it is registered and asked.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::controlplane::Authority;
use crate::plugin::Running;
use crate::signal::Signal;
use crate::{ControlPlane, Error, Plugin};

mod client;
mod http2;
mod metrics;

pub use client::{Answer, Client};
pub use metrics::Figures;

/// How long a webhook may take to listen, on a machine that does much else.
const START: Duration = Duration::from_secs(60);

/// A running webhook. Dropping it ends it.
#[derive(Debug)]
pub struct Webhook {
    running: Running,
    authority: Authority,
    address: SocketAddr,
    telemetry: SocketAddr,
    _files: TempDir,
}

impl Webhook {
    /// Starts `passmuster run`, or another program with its options, on free ports with a certificate of its own.
    ///
    /// # Panics
    /// When it does not listen in time.
    pub fn start(program: &str, args: &[&str]) -> Self {
        Self::launch(program, args).unwrap_or_else(|error| panic!("{error}"))
    }

    fn launch(program: &str, args: &[&str]) -> Result<Self, Error> {
        let authority = Authority::new()?;
        let identity = authority.server()?;
        let files = tempfile::tempdir().map_err(Error::file(&std::env::temp_dir()))?;
        let write = |name: &str, text: &str| -> Result<PathBuf, Error> {
            let path = files.path().join(name);
            fs::write(&path, text).map_err(Error::file(&path))?;
            Ok(path)
        };
        let (certificate, key) = (write("tls.crt", &identity.certificate)?, write("tls.key", &identity.key)?);
        let mut plugin = Plugin::find(program)?;
        if program == "passmuster" {
            plugin = plugin.arg("run");
        }
        let plugin = plugin
            .args(["--listen", "127.0.0.1:0", "--telemetry", "127.0.0.1:0"])
            .env("PASSMUSTER_TLS_CERT_FILE", certificate)
            .env("PASSMUSTER_TLS_PRIVATE_KEY_FILE", key)
            .args(args);
        let running = plugin.spawn();
        let (address, telemetry) = listening(&running)?;
        Ok(Self { running, authority, address, telemetry, _files: files })
    }

    /// The process.
    pub const fn running(&self) -> &Running {
        &self.running
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        self.running.signal(signal);
    }

    /// Waits for its end and returns whether that was in good order.
    ///
    /// # Panics
    /// When it does not end in time.
    pub fn ends_well(&mut self, within: Duration) -> bool {
        self.running.wait(within).success()
    }

    /// Where reviews are sent to.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Who signed its certificate.
    pub const fn authority(&self) -> &Authority {
        &self.authority
    }

    /// A new TLS connection to it.
    ///
    /// # Panics
    /// When there is none to be had.
    pub fn connect(&self) -> Client {
        Client::connect(self.address, &self.authority).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Posts the body by HTTP/2, this many times at once on one connection, and returns statuses and bodies.
    ///
    /// # Panics
    /// When there is no HTTP/2 to be had.
    pub fn http2(&self, body: &[u8], times: usize) -> Vec<(u16, Value)> {
        http2::post(self.address, &self.authority, body, times).unwrap_or_else(|error| panic!("{error}"))
    }

    /// What a path of the port for metrics and probes answers: the status and the text.
    ///
    /// # Panics
    /// When it does not answer.
    pub fn telemetry(&self, path: &str) -> (u16, String) {
        let answer = client::plain(self.telemetry, path).unwrap_or_else(|error| panic!("{error}"));
        (answer.status, answer.text())
    }

    /// Its metrics now.
    pub fn figures(&self) -> Figures {
        Figures::read(&self.telemetry("/metrics").1)
    }

    /// The next line of its log that says this and has what is asked for.
    ///
    /// # Panics
    /// When it does not come in time.
    pub fn logged(&self, message: &str, within: Duration, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        let start = Instant::now();
        while let Some(left) = within.checked_sub(start.elapsed()) {
            let Some(line) = self.running.error_line(left) else { break };
            let line: Value = serde_json::from_str(&line).unwrap_or(Value::String(line));
            if line["message"] == message && wanted(&line) {
                return line;
            }
        }
        panic!("the webhook did not log {message:?} within {within:?}")
    }

    /// A configuration that sends requests here: on these resources of any group and version, in this namespace only.
    pub fn configuration(&self, name: &str, namespace: &str, resources: &[&str]) -> Value {
        let bundle = STANDARD.encode(self.authority.pem());
        let selector = json!({"matchLabels": {"kubernetes.io/metadata.name": namespace}});
        json!({
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": name},
            "webhooks": [{
                "name": format!("{name}.passmuster.dev"),
                "clientConfig": {"url": format!("https://{}/validate", self.address), "caBundle": bundle},
                "rules": [{"operations": ["*"], "apiGroups": ["*"], "apiVersions": ["*"], "resources": resources}],
                "namespaceSelector": selector, "failurePolicy": "Fail", "timeoutSeconds": 10,
                "sideEffects": "NoneOnDryRun", "admissionReviewVersions": ["v1"],
            }],
        })
    }

    /// Registers it with the API server, for these resources in the namespace, and returns when it is called.
    ///
    /// # Panics
    /// When the API server does not call it.
    pub fn register(&self, plane: &ControlPlane, namespace: &str, resources: &[&str]) {
        let configuration = self.configuration(namespace, namespace, resources);
        plane.create(&configuration).unwrap_or_else(|error| panic!("{error}"));
        let probe = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {
            "name": "called", "namespace": namespace, "annotations": {"test.passmuster.dev/deny": "called"}}});
        let path = format!("/api/v1/namespaces/{namespace}/configmaps?dryRun=All");
        // API servers learn of a configuration by a watch.
        crate::eventually(Duration::from_secs(30), "a call of the webhook", || {
            plane.api().create(&path, &probe).is_err().then_some(())
        });
    }
}

/// The addresses in the log line that says that it listens.
fn listening(running: &Running) -> Result<(SocketAddr, SocketAddr), Error> {
    let mut seen = String::new();
    while let Some(line) = running.error_line(START) {
        let entry: Value = serde_json::from_str(&line).unwrap_or_default();
        let address = |name: &str| entry[name].as_str().and_then(|text| text.parse().ok());
        if let (Some(webhook), Some(telemetry)) = (address("webhook"), address("telemetry")) {
            return Ok((webhook, telemetry));
        }
        seen = seen + &line + "\n";
    }
    Err(Error::Late { what: "the webhook to listen".to_owned(), within: START, details: seen })
}
