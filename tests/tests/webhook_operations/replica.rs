//! A replica: `passmuster run`, called at an address of its own.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use passmuster_tests::Plugin;
use passmuster_tests::controlplane::free_ports;
use passmuster_tests::plugin::Running;
use passmuster_tests::signal::Signal;
use rustls::ClientConfig;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConnection, DigitallySignedStruct, SignatureScheme};
use serde_json::Value;

use crate::world::{LONG, World};

/// What makes things quick enough to be watched, each unless a test says otherwise.
const QUICK: &[&str] = &["--look-every=200ms", "--lease-duration=6s", "--drain-delay=100ms"];

/// A running replica. Dropping it ends it.
pub(crate) struct Replica {
    pub(crate) name: String,
    running: Running,
    pub(crate) address: SocketAddr,
    telemetry: SocketAddr,
}

impl Replica {
    /// Starts one, and returns when it listens.
    pub(crate) fn start(world: &World, name: &str, args: &[&str]) -> Self {
        Self::begin(world, name, args).listening()
    }

    /// Starts one.
    pub(crate) fn begin(world: &World, name: &str, args: &[&str]) -> Starting {
        // The address is in the configuration, so it must be known before.
        let [port] = free_ports();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let running = Plugin::new("passmuster")
            .on(&world.plane)
            .args(["run", "--telemetry=127.0.0.1:0", "--log-format=json"])
            .args([format!("--listen={address}"), format!("--url=https://{address}")])
            .args([format!("--own-namespace={}", world.namespace), format!("--identity={name}")])
            .arg(format!("--configuration={}", world.namespace))
            .args(QUICK.iter().filter(|quick| !args.iter().any(|arg| option(arg) == option(quick))))
            .args(args)
            .spawn();
        Starting { name: name.to_owned(), running, address }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        self.running.signal(signal);
    }

    /// Waits for its end and returns whether that was in good order.
    pub(crate) fn ends_well(&mut self) -> bool {
        self.running.wait(LONG).success()
    }

    /// What a path of the port for metrics and probes answers.
    pub(crate) fn telemetry(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.telemetry).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// A figure by its whole name without the prefix.
    pub(crate) fn figure(&self, name: &str) -> f64 {
        let (_, text) = self.telemetry("/metrics");
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("passmuster_{name} ")));
        line.unwrap_or_else(|| panic!("no {name} in\n{text}")).parse().unwrap()
    }

    /// Whether a figure that is 0 or 1 is 1.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.figure(name) > 0.5
    }

    /// What it has logged and nobody has read.
    pub(crate) fn logs(&self) -> String {
        self.running.errors()
    }

    pub(crate) fn leads(&self) -> bool {
        self.is("leader")
    }

    /// The certificate that it serves.
    pub(crate) fn certificate(&self) -> Vec<u8> {
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Anything))
            .with_no_client_auth();
        let name = ServerName::from(self.address.ip());
        let mut session = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        while session.is_handshaking() {
            session.complete_io(&mut stream).unwrap();
        }
        session.peer_certificates().unwrap()[0].to_vec()
    }
}

/// The name of an option with its value.
fn option(arg: &str) -> &str {
    arg.split('=').next().unwrap_or(arg)
}

/// A replica that may not listen yet.
pub(crate) struct Starting {
    name: String,
    running: Running,
    address: SocketAddr,
}

impl Starting {
    /// Waits until it listens.
    pub(crate) fn listening(self) -> Replica {
        let mut seen = String::new();
        while let Some(line) = self.running.error_line(LONG) {
            let entry: Value = serde_json::from_str(&line).unwrap_or_default();
            let telemetry = || entry["telemetry"].as_str()?.parse().ok();
            if let Some(telemetry) = telemetry() {
                let Self { name, running, address } = self;
                return Replica { name, running, address, telemetry };
            }
            seen = seen + &line + "\n";
        }
        panic!("{} does not listen: {seen}", self.name)
    }
}

/// Takes any certificate: it is only looked at.
#[derive(Debug)]
struct Anything;

impl ServerCertVerifier for Anything {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        default_provider().signature_verification_algorithms.supported_schemes()
    }
}
