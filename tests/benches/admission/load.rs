//! A client that is cheap enough not to be what is measured.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use passmuster_tests::Webhook;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore, crypto};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// How much is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Load {
    /// Each connection asks again as soon as it has its answer.
    AsMuchAsGoes(Duration),
    /// By the clock: the time of a call counts from when it was due, also when no connection was free then.
    Open {
        /// Calls a second.
        per_second: f64,
        /// For how long.
        period: Duration,
    },
    /// As much as goes, with a handshake before each call.
    NewConnections(Duration),
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Of each call, sorted.
    pub(crate) times: Vec<Duration>,
    pub(crate) took: Duration,
    /// Calls that were asked to come again.
    pub(crate) shed: usize,
}

impl Outcome {
    /// The time that this share of the calls did not pass.
    pub(crate) fn quantile(&self, share: f64) -> Duration {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "an index"
        )]
        let index = (share * self.times.len() as f64) as usize;
        self.times.get(index.min(self.times.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

/// A number of connections to one server.
pub(crate) struct Client {
    address: SocketAddr,
    connector: TlsConnector,
    connections: usize,
    request: Rc<[u8]>,
}

impl Client {
    pub(crate) fn connect(webhook: &Webhook, connections: usize, body: &[u8]) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(webhook.authority().der()).expect("an authority");
        let builder = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().expect("TLS");
        let mut tls = builder.with_root_certificates(roots).with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        // As the API server, which keeps no sessions.
        tls.resumption = rustls::client::Resumption::disabled();
        let head = format!(
            "POST /validate?timeout=10s HTTP/1.1\r\nHost: webhook.shop.svc\r\nUser-Agent: kube-apiserver-admission\r\n\
             Content-Length: {}\r\nAccept: application/json, */*\r\nContent-Type: application/json\r\n\
             Accept-Encoding: gzip\r\n\r\n",
            body.len()
        );
        let request = [head.as_bytes(), body].concat().into();
        Self {
            address: webhook.address(),
            connector: TlsConnector::from(Arc::new(tls)),
            connections,
            request,
        }
    }

    /// Puts the load on the server, on this thread, and tells how it went.
    pub(crate) fn run(&self, load: Load) -> Outcome {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        LocalSet::new().block_on(&runtime, self.put(load))
    }

    async fn put(&self, load: Load) -> Outcome {
        let mut streams = Vec::new();
        for _ in 0..self.connections {
            streams.push(connect(self.address, self.connector.clone()).await);
        }
        let begin = Instant::now();
        let times = Rc::new(RefCell::new(Vec::new()));
        let next = Rc::new(Cell::new(0_u32));
        let shed = Rc::new(Cell::new(0));
        let tasks: Vec<_> = streams
            .into_iter()
            .map(|stream| {
                let caller = Caller {
                    shed: shed.clone(),
                    stream,
                    buffer: Vec::new(),
                    request: self.request.clone(),
                    times: times.clone(),
                };
                let again = (self.address, self.connector.clone());
                tokio::task::spawn_local(caller.call(load, begin, next.clone(), again))
            })
            .collect();
        for task in tasks {
            task.await.expect("a caller");
        }
        let mut times = times.take();
        times.sort_unstable();
        Outcome { times, took: begin.elapsed(), shed: shed.get() }
    }
}

/// How a call went.
struct Exchanged {
    /// There is a review; otherwise the server was busy.
    answered: bool,
    /// The server closes the connection.
    closes: bool,
}

struct Caller {
    shed: Rc<Cell<usize>>,
    stream: TlsStream<TcpStream>,
    buffer: Vec<u8>,
    request: Rc<[u8]>,
    times: Rc<RefCell<Vec<Duration>>>,
}

impl Caller {
    async fn call(
        mut self,
        load: Load,
        begin: Instant,
        next: Rc<Cell<u32>>,
        again: (SocketAddr, TlsConnector),
    ) {
        loop {
            let mut since = Instant::now();
            match load {
                Load::AsMuchAsGoes(period) | Load::NewConnections(period) if begin.elapsed() > period => {
                    return;
                }
                Load::AsMuchAsGoes(_) => {}
                Load::NewConnections(_) => self.stream = connect(again.0, again.1.clone()).await,
                Load::Open { per_second, period } => {
                    let due = Duration::from_secs_f64(f64::from(next.replace(next.get() + 1)) / per_second);
                    if due > period {
                        return;
                    }
                    let due = begin + due;
                    if due > since {
                        // Timers are a millisecond coarse: that is the client's fault and not the server's.
                        tokio::time::sleep_until(due.into()).await;
                        since = Instant::now();
                    } else {
                        since = due;
                    }
                }
            }
            let exchanged = self.exchange().await;
            if exchanged.answered {
                self.times.borrow_mut().push(since.elapsed());
            } else {
                self.shed.set(self.shed.get() + 1);
            }
            if exchanged.closes {
                self.stream = connect(again.0, again.1.clone()).await;
            }
        }
    }

    /// Asks once.
    async fn exchange(&mut self) -> Exchanged {
        self.stream.write_all(&self.request).await.expect("the server takes a review");
        self.stream.flush().await.expect("the server takes a review");
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await.expect("the server answers");
            assert!(read > 0, "the server closed in the middle");
            let Some(head) = find(&self.buffer, b"\r\n\r\n") else { continue };
            let (head, body) = self.buffer.split_at(head + 4);
            let answered = head.starts_with(b"HTTP/1.1 200");
            assert!(
                answered || head.starts_with(b"HTTP/1.1 503"),
                "{}",
                String::from_utf8_lossy(&self.buffer)
            );
            let text = std::str::from_utf8(head).expect("a head");
            let length =
                text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            if body.len() >= length.expect("a length") {
                assert!(!answered || find(body, b"\"allowed\":true").is_some());
                return Exchanged { answered, closes: text.contains("connection: close") };
            }
        }
    }
}

async fn connect(address: SocketAddr, connector: TlsConnector) -> TlsStream<TcpStream> {
    let stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("a connection");
    connector.connect(ServerName::from(address.ip()), stream).await.expect("a handshake")
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
