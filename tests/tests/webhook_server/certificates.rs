//! The certificate that is served, changed under connections.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use passmuster_tests::controlplane::{Authority, Identity};
use passmuster_tests::webhook::Client;
use passmuster_webhook::admission::AllowAll;
use passmuster_webhook::server::{Server, ServerOptions, read_pem};
use passmuster_webhook::telemetry::Telemetry;
use serde_json::json;
use tokio::sync::watch;

use crate::reviews::judged;

fn served(identity: &Identity) -> Arc<rustls::sign::CertifiedKey> {
    Arc::new(read_pem(identity.certificate.as_bytes(), identity.key.as_bytes()).unwrap())
}

#[derive(clap::Parser)]
struct Options {
    #[command(flatten)]
    server: ServerOptions,
}

#[test]
fn the_next_handshake_has_the_new_one_and_open_connections_stay() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (old, new) = (Authority::new().unwrap(), Authority::new().unwrap());
    let (sender, source) = watch::channel(served(&old.server().unwrap()));
    let args = ["webhook", "--listen", "127.0.0.1:0", "--drain-delay", "0"];
    let options = <Options as clap::Parser>::parse_from(args).server;
    let bind = Server::bind(options, source, Arc::new(AllowAll), Arc::new(Telemetry::default()));
    let server = runtime.block_on(bind).unwrap();
    let address: SocketAddr = server.address().unwrap();
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let running = runtime.spawn(server.run(async { drop(ended.await) }));

    let mut before = Client::connect(address, &old).unwrap();
    judged(&mut before, "one", &json!({}));
    assert!(Client::connect(address, &new).is_err(), "nobody trusts what is not served");
    sender.send(served(&new.server().unwrap())).unwrap();
    let mut after = Client::connect(address, &new).unwrap();
    judged(&mut after, "two", &json!({}));
    assert!(Client::connect(address, &old).is_err());
    judged(&mut before, "three", &json!({}));
    drop((before, after));
    end.send(()).unwrap();
    runtime
        .block_on(async { tokio::time::timeout(Duration::from_secs(30), running).await })
        .unwrap()
        .unwrap();
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let authority = Authority::new().unwrap();
    let (one, two) = (authority.server().unwrap(), authority.server().unwrap());
    let refused =
        |chain: &str, key: &str| read_pem(chain.as_bytes(), key.as_bytes()).unwrap_err().to_string();
    assert!(refused(&one.certificate, &two.key).contains("does not fit"));
    assert!(refused("", &one.key).contains("no certificate"));
    assert!(refused(&one.certificate, "").contains("no private key"));
    assert!(read_pem(one.certificate.as_bytes(), one.key.as_bytes()).is_ok());
}
