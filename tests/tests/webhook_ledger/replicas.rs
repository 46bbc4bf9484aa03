//! Replicas of the webhook as processes, behind one address.

use std::{fs, net::SocketAddr, path::Path, sync::Mutex, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use passmuster_tests::{
    ControlPlane, Plugin, controlplane::Authority, eventually, plugin::Running, signal::Signal,
    webhook::Client,
};
use serde_json::{Value, json};

use crate::balancer::Balancer;

const START: Duration = Duration::from_secs(60);

struct Replica {
    running: Running,
    address: SocketAddr,
    telemetry: SocketAddr,
}

/// Some replicas with one certificate.
pub(crate) struct Replicas<'a> {
    plane: &'a ControlPlane,
    balancer: Balancer,
    authority: Authority,
    args: Vec<String>,
    /// Kubeconfigs to reach the API server by: directly, or by a proxy.
    configs: Vec<std::path::PathBuf>,
    all: Mutex<Vec<Replica>>,
    /// What replicas had counted that are no more.
    past: Mutex<Vec<String>>,
}

impl<'a> Replicas<'a> {
    /// As many replicas as there are kubeconfigs.
    pub(crate) fn start(plane: &'a ControlPlane, configs: &[&Path], args: &[&str]) -> Self {
        let replicas = Self {
            plane,
            balancer: Balancer::start(),
            authority: Authority::new().unwrap(),
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            configs: configs.iter().map(|path| path.to_path_buf()).collect(),
            all: Mutex::default(),
            past: Mutex::default(),
        };
        let identity = replicas.authority.server().unwrap();
        fs::write(replicas.file("tls.crt"), &identity.certificate).unwrap();
        fs::write(replicas.file("tls.key"), &identity.key).unwrap();
        for config in 0..configs.len() {
            replicas.add(config);
        }
        replicas
    }

    fn file(&self, name: &str) -> std::path::PathBuf {
        self.plane.dir().join(format!("{}-{name}", self.balancer.address.port()))
    }

    /// Starts another one, and lets it be called once it is ready.
    fn add(&self, config: usize) {
        let running = Plugin::new("passmuster")
            .arg("run")
            .args(["--listen", "127.0.0.1:0", "--telemetry", "127.0.0.1:0", "--quotas", "--threads", "1"])
            .args(["--max-connection-age", "3s", "--timeout-margin", "200ms"])
            .arg("--kubeconfig")
            .arg(&self.configs[config])
            .env("PASSMUSTER_TLS_CERT_FILE", self.file("tls.crt"))
            .env("PASSMUSTER_TLS_PRIVATE_KEY_FILE", self.file("tls.key"))
            .args(&self.args)
            .spawn();
        let (mut address, mut telemetry, mut seen) = (None, None, String::new());
        while address.is_none()
            && let Some(line) = running.error_line(START)
        {
            let entry: Value = serde_json::from_str(&line).unwrap_or_default();
            let read = |name: &str| entry[name].as_str().and_then(|text| text.parse().ok());
            (address, telemetry) = (read("webhook"), read("telemetry"));
            seen = seen + &line + "\n";
        }
        let (Some(address), Some(telemetry)) = (address, telemetry) else {
            panic!("it does not listen: {seen}")
        };
        eventually(START, "a replica that has seen everything", || {
            let answer = get(telemetry, "/readyz?verbose")?;
            answer.contains("200 OK").then_some(())
        });
        self.all.lock().unwrap().push(Replica { running, address, telemetry });
        self.lead();
    }

    /// Sends a review to the first replica, and gives the answer.
    pub(crate) fn ask(&self, review: &Value) -> Value {
        let address = self.all.lock().unwrap()[0].address;
        let mut client = Client::connect(address, &self.authority).unwrap();
        client.post(review.to_string().as_bytes()).unwrap().json()
    }

    fn lead(&self) {
        let replicas = self.all.lock().unwrap();
        self.balancer.lead_to(replicas.iter().map(|replica| replica.address).collect());
    }

    /// Ends one without a word (SIGKILL), and starts another in its place.
    pub(crate) fn replace(&self, which: usize) {
        self.kill(which);
        self.add(which % self.configs.len());
    }

    /// Ends one without a word.
    pub(crate) fn kill(&self, which: usize) {
        let replica = {
            let mut replicas = self.all.lock().unwrap();
            let at = which % replicas.len();
            replicas.remove(at)
        };
        self.past.lock().unwrap().extend(get(replica.telemetry, "/metrics"));
        replica.running.signal(Signal::Kill);
        drop(replica);
        self.lead();
    }

    /// What all replicas have counted together of metrics with such a name.
    pub(crate) fn counted(&self, metric: &str) -> f64 {
        let replicas = self.all.lock().unwrap();
        let now: Vec<String> =
            replicas.iter().filter_map(|replica| get(replica.telemetry, "/metrics")).collect();
        let past = self.past.lock().unwrap();
        let lines = now.iter().chain(past.iter()).flat_map(|text| text.lines());
        let values = lines.filter_map(|line| line.rsplit_once(' ')).filter(|(name, _)| name.contains(metric));
        values.filter_map(|(_, value)| value.parse::<f64>().ok()).sum()
    }

    /// What the replicas have written to their logs and nobody has read.
    pub(crate) fn logs(&self) -> String {
        let replicas = self.all.lock().unwrap();
        replicas.iter().map(|replica| replica.running.errors()).collect::<Vec<_>>().join("\n---\n")
    }

    /// Registers them with the API server, for these resources of all namespaces with the label.
    pub(crate) fn register(&self, name: &str, label: (&str, &str), resources: &[&str], seconds: u8) {
        let bundle = STANDARD.encode(self.authority.pem());
        let webhook = |name: &str, resources: &[&str], selector: &Value| {
            json!({
                "name": format!("{name}.passmuster.dev"),
                "clientConfig": {"url": format!("https://{}/validate", self.balancer.address), "caBundle": bundle},
                "rules": [{"operations": ["CREATE", "UPDATE"], "apiGroups": ["*"], "apiVersions": ["*"], "resources": resources}],
                "namespaceSelector": selector, "failurePolicy": "Fail", "timeoutSeconds": seconds,
                "sideEffects": "NoneOnDryRun", "admissionReviewVersions": ["v1"],
            })
        };
        let selector = json!({"matchLabels": {label.0: label.1}});
        let configuration = json!({
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": name},
            "webhooks": [webhook(name, resources, &selector), webhook(&format!("{name}-namespaces"), &["namespaces"], &selector)],
        });
        self.plane.create(&configuration).unwrap();
    }
}

fn get(address: SocketAddr, path: &str) -> Option<String> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}
