//! One connection, from its handshake to its end.

use std::hash::{BuildHasher, RandomState};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use tokio::net::TcpStream;
use tokio::time::{MissedTickBehavior, interval_at, sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::activity::{Overdue, Tracked};
use super::connections::Connection;
use super::{Phase, Shared, service};

/// Bytes that one connection may have in its buffers beside the bodies that are counted: all connections together must
/// fit into the memory that a webhook has, whatever they send. An API server's head has some 400.
const HEAD: usize = 32 << 10;
/// Requests that one HTTP/2 connection may have at one time, and the bytes of heads and of bodies that wait in it.
const STREAMS: u32 = 16;
const STREAM_HEAD: u32 = 8 << 10;
const STREAM_WINDOW: u32 = 64 << 10;
const CONNECTION_WINDOW: u32 = 128 << 10;
/// The shortest pause between two looks at a connection.
const LOOK: Duration = Duration::from_millis(50);
/// How long an idle connection of a closing server stays, for a call that is on its way: it is told to go elsewhere,
/// where a closed connection would have lost it.
const LINGER: Duration = Duration::from_secs(1);

/// Serves one connection. What goes wrong with it is the client's to see, and counted.
pub(super) async fn serve(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    shared: Arc<Shared>,
    connection: Connection,
) {
    // Answers are small and somebody waits for each.
    let _ = stream.set_nodelay(true);
    let metrics = &shared.telemetry.metrics.load;
    let handshake = timeout(shared.options.handshake_timeout, acceptor.accept(stream));
    let stream = tokio::select! {
        () = connection.activity.evicted() => return,
        done = handshake => match done {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                tracing::debug!(%error, "TLS handshake");
                return metrics.closed("handshake");
            }
            Err(_) => return metrics.closed("handshake-timeout"),
        },
    };
    connection.activity.ready();
    let age = Age::new(shared.options.max_connection_age);
    if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
        http2(stream, &shared, &connection, age).await;
    } else {
        http1(stream, &shared, &connection, age).await;
    }
}

async fn http1(stream: TlsStream<TcpStream>, shared: &Arc<Shared>, connection: &Connection, age: Age) {
    let (state, activity) = (shared.clone(), connection.activity.clone());
    let service = service_fn(move |request| service::answer(state.clone(), activity.clone(), age, request));
    let mut builder = http1::Builder::new();
    // See [`Tracked`].
    builder.header_read_timeout(None).max_buf_size(HEAD);
    let stream = TokioIo::new(Tracked { stream, activity: connection.activity.clone() });
    watch(builder.serve_connection(stream, service), shared, connection, None).await;
}

async fn http2(stream: TlsStream<TcpStream>, shared: &Arc<Shared>, connection: &Connection, age: Age) {
    let (state, activity) = (shared.clone(), connection.activity.clone());
    let service =
        service_fn(move |request| service::answer(state.clone(), activity.clone(), Age(None), request));
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder.timer(TokioTimer::new()).max_concurrent_streams(STREAMS).max_header_list_size(STREAM_HEAD);
    builder.initial_stream_window_size(STREAM_WINDOW).initial_connection_window_size(CONNECTION_WINDOW);
    watch(builder.serve_connection(TokioIo::new(stream), service), shared, connection, age.0).await;
}

/// Drives a connection to its end: its own, or that of its time. Errors are of clients that went away.
async fn watch<C: GracefulConnection>(
    conversation: C,
    shared: &Shared,
    connection: &Connection,
    until: Option<Instant>,
) {
    let options = &shared.options;
    let mut conversation = pin!(conversation);
    let mut closing = pin!(async {
        shared.lifecycle.reached(Phase::Closing).await;
        sleep(LINGER).await;
    });
    let mut ending = false;
    let period = options.header_timeout.max(LOOK);
    let mut look = interval_at(tokio::time::Instant::now() + period, period);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            _ = conversation.as_mut() => return,
            () = &mut closing, if !ending => {
                ending = true;
                conversation.as_mut().graceful_shutdown();
            }
            () = connection.activity.evicted(), if !ending => {
                ending = true;
                conversation.as_mut().graceful_shutdown();
            }
            _ = look.tick() => {
                if let Some(overdue) = connection.activity.overdue(options.header_timeout, options.idle_timeout) {
                    return shared.telemetry.metrics.load.closed(match overdue {
                        Overdue::Head => "header-timeout",
                        Overdue::Idle => "idle",
                    });
                }
                if !ending && until.is_some_and(|until| Instant::now() > until) {
                    ending = true;
                    conversation.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

/// When a connection is old enough to be closed after an answer; `None` never.
#[derive(Debug, Clone, Copy)]
pub(super) struct Age(Option<Instant>);

impl Age {
    /// Give or take a fifth, so that connections that were opened together don't end together.
    fn new(age: Duration) -> Self {
        let random = RandomState::new().hash_one(0) % 1000;
        let spread = 800 + u32::try_from(random * 2 / 5).unwrap_or(0);
        Self((!age.is_zero()).then(|| Instant::now() + age / 1000 * spread))
    }

    pub(super) fn is_over(self) -> bool {
        self.0.is_some_and(|end| Instant::now() > end)
    }
}
