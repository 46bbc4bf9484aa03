//! How requests travel: HTTP/2 or not, through proxies, and not for ever.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test that calls them")]

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use passmuster::cluster::{ConnectOptions, Env, Error, connect};
use passmuster::model::discovery::Discovery;
use passmuster_tests::kubeconfig::{Cluster, Kubeconfig, User};
use passmuster_tests::{ControlPlane, Proxy};

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

async fn discover(options: &ConnectOptions) -> Result<Discovery, Error> {
    Discovery::fetch(&connect(options, &Env::empty()).await?).await
}

#[test]
fn http2_where_it_is_spoken() {
    let plane = ControlPlane::shared();
    for (proxy, version) in
        [(Proxy::start(plane), http::Version::HTTP_2), (Proxy::http1(plane), http::Version::HTTP_11)]
    {
        let kubeconfig = Some(proxy.kubeconfig().to_owned());
        let options = ConnectOptions { kubeconfig, http2: true, ..Default::default() };
        run(async {
            let connection = connect(&options, &Env::empty()).await.expect("a connection");
            let path = "/api/v1/namespaces/default/pods";
            let answers =
                futures::future::join_all((0..20).map(|_| connection.get(path, "application/json"))).await;
            for answer in answers {
                assert_eq!(answer.expect("an answer").version(), version);
            }
        });
    }
}

#[test]
fn a_silent_server_is_given_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a socket");
    let address = listener.local_addr().expect("an address");
    for scheme in ["http", "https"] {
        let options = ConnectOptions {
            server: Some(format!("{scheme}://{address}")),
            insecure_skip_tls_verify: Some(true),
            request_timeout: Some("250ms".into()),
            ..Default::default()
        };
        let begin = std::time::Instant::now();
        let error = run(discover(&options)).expect_err("no answer");
        assert!(begin.elapsed() < Duration::from_secs(5));
        assert_eq!(
            error.to_kubectl(),
            "Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded while awaiting headers)"
        );
    }
}

/// A proxy that tells who asked to be let through to where: `CONNECT host:port` with its authorization, or SOCKS 5.
fn proxy() -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let address = listener.local_addr().expect("an address");
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let tell = tell.clone();
            thread::spawn(move || forward(client, &tell));
        }
    });
    (address, told)
}

fn forward(mut client: TcpStream, tell: &mpsc::Sender<String>) -> io::Result<()> {
    let mut first = [0];
    client.read_exact(&mut first)?;
    let target = if first == [5] { socks(&mut client, tell)? } else { tunnel(&mut client, tell)? };
    let mut server = TcpStream::connect(target)?;
    let (mut client_too, mut server_too) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || io::copy(&mut server_too, &mut client_too));
    io::copy(&mut client, &mut server)?;
    Ok(())
}

fn tunnel(client: &mut TcpStream, tell: &mpsc::Sender<String>) -> io::Result<String> {
    let mut head = String::from("C");
    while !head.ends_with("\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        head.push(byte[0].into());
    }
    let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let authorization = head.lines().find(|line| line.to_lowercase().starts_with("proxy-authorization"));
    tell.send(format!("{} {}", target, authorization.unwrap_or_default())).expect("a listener");
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    Ok(target)
}

fn socks(client: &mut TcpStream, tell: &mpsc::Sender<String>) -> io::Result<String> {
    let mut count = [0];
    client.read_exact(&mut count)?;
    client.read_exact(&mut vec![0; count[0].into()])?;
    client.write_all(&[5, 0])?;
    let mut request = [0; 10];
    client.read_exact(&mut request)?;
    let target = match request {
        [5, 1, 0, 1, a, b, c, d, high, low] => format!("{a}.{b}.{c}.{d}:{}", u16::from_be_bytes([high, low])),
        other => return Err(io::Error::other(format!("{other:?}"))),
    };
    tell.send(format!("{target} socks")).expect("a listener");
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    Ok(target)
}

#[test]
fn through_proxies() {
    let plane = ControlPlane::shared();
    let server = plane.server();
    let target = server.trim_start_matches("https://");
    let (address, told) = proxy();
    for (name, url, expected) in [
        ("http", format!("http://{address}"), String::new()),
        (
            "user",
            format!("http://me:pa%40ss@{address}"),
            "proxy-authorization: Basic bWU6cGFAc3M=".to_owned(),
        ),
        ("socks", format!("socks5://{address}"), "socks".to_owned()),
    ] {
        let cluster = plane.cluster().set("proxy-url", url);
        let config = Kubeconfig::single(name, &cluster, &plane.admin(), None);
        let kubeconfig = plane.write_kubeconfig(name, &config).expect("a file");
        for http2 in [false, true] {
            let options =
                ConnectOptions { kubeconfig: Some(kubeconfig.clone()), http2, ..Default::default() };
            run(discover(&options)).unwrap_or_else(|error| panic!("{name}: {error}"));
            let line = told.recv_timeout(Duration::from_secs(5)).expect("a word of the proxy").to_lowercase();
            assert_eq!(line, format!("{target} {expected}").to_lowercase());
        }
        while told.try_recv().is_ok() {}
    }
}

#[test]
fn a_proxy_that_is_not_there() {
    let cluster = Cluster::new("https://10.255.255.1:6443").set("proxy-url", "http://127.0.0.1:1");
    let config = Kubeconfig::single("x", &cluster, &User::token("t"), None);
    let kubeconfig = ControlPlane::shared().write_kubeconfig("no-proxy", &config).expect("a file");
    let error = run(discover(&ConnectOptions { kubeconfig: Some(kubeconfig), ..Default::default() }))
        .expect_err("no proxy");
    // kubectl, too, names the server.
    assert_eq!(
        error.to_kubectl(),
        "The connection to the server 10.255.255.1:6443 was refused - did you specify the right host or port?"
    );
}
