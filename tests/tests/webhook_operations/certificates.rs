//! Certificates that come, change and are lost while calls are made.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use passmuster_tests::controlplane::{Authority, Identity};
use passmuster_tests::eventually;
use serde_json::Value;

use crate::replica::{Replica, Starting};
use crate::world::{LONG, World};

/// The certificate that the Secret holds.
fn leaf(secret: &Value) -> String {
    let text = secret["data"]["tls.crt"].as_str().unwrap_or_default();
    String::from_utf8(STANDARD.decode(text).unwrap()).unwrap()
}

fn pem(der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    base64.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect()
}

/// A certificate's text without its frame and lines.
fn body(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

/// Has the API servers trust another authority's certificates.
fn trust(world: &World, authority: &Authority) {
    let bundle = STANDARD.encode(authority.pem());
    let update = world.plane.api().update(&world.configuration_path(), |live| {
        for webhook in live["webhooks"].as_array_mut().unwrap() {
            webhook["clientConfig"]["caBundle"] = bundle.as_str().into();
        }
    });
    update.unwrap();
}

fn bundle(configuration: &Value) -> String {
    let text = configuration["webhooks"][0]["clientConfig"]["caBundle"].as_str().unwrap_or_default();
    String::from_utf8(STANDARD.decode(text).unwrap()).unwrap()
}

fn authorities(bundle: &str) -> usize {
    bundle.matches("BEGIN").count()
}

fn await_ready(replica: &Replica) {
    eventually(LONG, "readiness", || (replica.telemetry("/readyz").0 == 200).then_some(()));
}

/// Asks all the time that `work` takes, and returns how many calls were made and the first that failed.
fn asking(world: &World, work: impl FnOnce()) -> (usize, Option<String>) {
    let (done, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        let calls = scope.spawn(|| {
            let mut failed = None;
            while !done.load(Ordering::Relaxed) && failed.is_none() {
                failed = world.ask().err().map(|error| error.to_string());
                asked.fetch_add(1, Ordering::Relaxed);
            }
            failed
        });
        // Also when the work panics, or the calls would never end.
        let _end = End(&done);
        work();
        done.store(true, Ordering::Relaxed);
        let failed = calls.join().unwrap();
        (asked.load(Ordering::Relaxed), failed)
    })
}

struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn replicas_that_start_together_serve_one_certificate() {
    let world = World::new("certificates-start");
    let starting = ["one", "two", "three", "four"].map(|name| Replica::begin(&world, name, &[]));
    let replicas = starting.map(Starting::listening);
    let secret = world.get(&world.secret_path()).unwrap();
    for replica in &replicas {
        assert_eq!(pem(&replica.certificate()), body(&leaf(&secret)), "{}", replica.name);
        await_ready(replica);
    }
    let configuration = world.configured();
    assert_eq!(secret["data"]["ca.crt"], configuration["webhooks"][0]["clientConfig"]["caBundle"]);
    assert_eq!(
        secret["metadata"]["resourceVersion"],
        world.get(&world.secret_path()).unwrap()["metadata"]["resourceVersion"]
    );
    let end = replicas[0].figure("certificate_not_after_seconds");
    assert!(end > 1e9, "{end}");
    eventually(LONG, "the figure of trust", || replicas[0].is("certificate_trusted").then_some(()));
}

#[test]
fn no_call_fails_while_certificates_and_authorities_change() {
    let world = World::alone("certificates-change");
    // Short lives: an authority is replaced after 20 s, a certificate after 8 s at most.
    let args = &[
        "--authority-lifetime=30s",
        "--certificate-lifetime=12s",
        "--certificate-settle=2s",
        "--certificate-overlap=5s",
        "--failure-policy=Fail",
        "--timeout-seconds=30",
        // So that handshakes meet every certificate.
        "--max-connection-age=1s",
    ];
    let replicas = ["one", "two"].map(|name| Replica::start(&world, name, args));
    await_ready(&replicas[0]);
    world.configured();
    eventually(LONG, "the API server knows the authority", || world.ask().ok());

    let (mut leaves, mut bundles) = (BTreeSet::new(), BTreeSet::new());
    let (asked, failed) = asking(&world, || {
        eventually(Duration::from_secs(180), "five certificates of three authorities", || {
            leaves.insert(replicas[0].certificate());
            bundles.insert(bundle(&world.configuration()?));
            thread::sleep(Duration::from_millis(100));
            (leaves.len() >= 5 && bundles.len() >= 5).then_some(())
        });
    });
    assert_eq!(failed, None, "of {asked} calls");
    assert!(asked > 100, "only {asked} calls were made");
    let most = bundles.iter().map(|bundle| authorities(bundle)).max();
    assert_eq!(most, Some(2), "an authority and the one before it");
    assert!(replicas[0].figure("certificate_reloads_total") >= 5.0);
}

#[test]
fn a_lost_secret_comes_back_without_a_failed_call() {
    let world = World::alone("certificates-lost");
    let args = &["--failure-policy=Fail", "--certificate-settle=2s", "--timeout-seconds=30"];
    let replicas = ["one", "two"].map(|name| Replica::start(&world, name, args));
    world.configured();
    eventually(LONG, "the API server knows the authority", || world.ask().ok());
    let (secret, before) = (world.get(&world.secret_path()).unwrap(), replicas[0].certificate());
    let (asked, failed) = asking(&world, || {
        world.plane.api().delete(&world.secret_path()).unwrap();
        eventually(LONG, "another certificate of all replicas", || {
            replicas.iter().all(|replica| replica.certificate() != before).then_some(())
        });
    });
    assert_eq!(failed, None, "of {asked} calls");
    let again = world.get(&world.secret_path()).unwrap();
    assert_ne!(leaf(&again), leaf(&secret));
    assert_eq!(authorities(&bundle(&world.configured())), 2, "the lost one is trusted for a while");
}

#[test]
fn a_damaged_secret_is_put_right() {
    let world = World::new("certificates-damaged");
    let replica = Replica::start(&world, "one", &[]);
    world.configured();
    let rubbish = serde_json::json!({"data": {"tls.crt": STANDARD.encode("rubbish"), "ca.key": null}});
    world.plane.api().patch(&world.secret_path(), &rubbish).unwrap();
    eventually(LONG, "a certificate in the Secret", || {
        leaf(&world.get(&world.secret_path())?).contains("BEGIN CERTIFICATE").then_some(())
    });
    await_ready(&replica);
}

/// A Secret's volume as the kubelet keeps it.
struct Volume(tempfile::TempDir);

impl Volume {
    fn new() -> Self {
        let volume = tempfile::tempdir().unwrap();
        for name in ["ca.crt", "tls.crt", "tls.key"] {
            symlink(Path::new("..data").join(name), volume.path().join(name)).unwrap();
        }
        Self(volume)
    }

    /// Another version: a new directory, and one rename of the link to it.
    fn swap(&self, version: &str, authority: &Authority, identity: &Identity) {
        let directory = self.0.path().join(version);
        fs::create_dir(&directory).unwrap();
        fs::write(directory.join("ca.crt"), authority.pem()).unwrap();
        fs::write(directory.join("tls.crt"), &identity.certificate).unwrap();
        fs::write(directory.join("tls.key"), &identity.key).unwrap();
        symlink(version, self.0.path().join("..tmp")).unwrap();
        fs::rename(self.0.path().join("..tmp"), self.0.path().join("..data")).unwrap();
    }
}

#[test]
fn files_that_are_exchanged_are_served_when_they_are_trusted() {
    let world = World::alone("certificates-files");
    let (volume, authority) = (Volume::new(), Authority::new().unwrap());
    let first = authority.server().unwrap();
    volume.swap("..1", &authority, &first);
    let directory = format!("--certificate-dir={}", volume.0.path().display());
    let args = &[
        directory.as_str(),
        "--failure-policy=Fail",
        "--certificate-settle=2s",
        "--certificate-overlap=20s",
        "--timeout-seconds=30",
    ];
    let replica = Replica::start(&world, "one", args);
    assert_eq!(pem(&replica.certificate()), body(&first.certificate));
    let configuration = world.configured();
    assert_eq!(body(&bundle(&configuration)), body(&authority.pem()));
    assert_eq!(world.get(&world.secret_path()), None, "whoever gives files keeps them");
    eventually(LONG, "the API server knows the authority", || world.ask().ok());

    let other = Authority::new().unwrap();
    let second = other.server().unwrap();
    let (asked, failed) = asking(&world, || {
        volume.swap("..2", &other, &second);
        eventually(LONG, "the files' certificate", || {
            (pem(&replica.certificate()) == body(&second.certificate)).then_some(())
        });
        assert_eq!(authorities(&bundle(&world.configured())), 2, "the one before is trusted for a while");
        eventually(LONG, "the end of the authority before", || {
            (authorities(&bundle(&world.configured())) == 1).then_some(())
        });
    });
    assert_eq!(failed, None, "of {asked} calls");
    assert_eq!(body(&bundle(&world.configured())), body(&other.pem()));

    // One that is not for us is not served, and readiness says so when the one that is served can't be trusted.
    let wrong = other.user("somebody", None).unwrap();
    volume.swap("..3", &other, &wrong);
    let stranger = Authority::new().unwrap();
    assert_eq!(pem(&replica.certificate()), body(&second.certificate));
    trust(&world, &stranger);
    eventually(LONG, "the bundle is put right", || {
        bundle(&world.configured()).contains(other.pem().trim()).then_some(())
    });
}

#[test]
fn readiness_says_when_api_servers_would_not_trust() {
    let world = World::new("certificates-trust");
    // Nobody corrects: the Lease is another's.
    let helper = Replica::start(&world, "helper", &[]);
    world.configured();
    eventually(LONG, "the Lease", || world.lease());
    drop(helper);
    let path = format!("/apis/coordination.k8s.io/v1/namespaces/{}/leases/passmuster", world.namespace);
    let lease = serde_json::json!({"holderIdentity": "another", "leaseDurationSeconds": 3600});
    world.plane.api().update(&path, |stored| stored["spec"] = lease.clone()).unwrap();
    // The address of the configuration is a replica's that is gone; the certificate is for all addresses here.
    let replica = Replica::start(&world, "one", &[]);
    await_ready(&replica);

    trust(&world, &Authority::new().unwrap());
    let said = eventually(LONG, "a failed check", || {
        let (status, text) = replica.telemetry("/readyz");
        (status == 503).then_some(text)
    });
    assert!(said.contains("[-]certificate failed: API servers would not trust"), "{said}");
    assert!(!replica.is("certificate_trusted"));

    world.plane.api().delete(&world.configuration_path()).unwrap();
    await_ready(&replica);
}
