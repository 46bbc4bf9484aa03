//! What a connection is doing, so that those who only hold it can be told from those who use it.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;

/// What a connection is doing, and since when.
#[derive(Debug, Clone, Copy)]
enum State {
    /// The TLS handshake.
    Handshake(Instant),
    /// Nothing: the last answer is given.
    Idle(Instant),
    /// The head of a request is coming.
    Head(Instant),
    /// So many requests are being answered.
    Busy(usize),
    /// It was told to go.
    Evicted,
}

/// The activity of one connection.
#[derive(Debug)]
pub(super) struct Activity {
    state: Mutex<State>,
    evicted: Notify,
}

/// Why a connection is closed by the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overdue {
    /// The head of a request takes too long.
    Head,
    /// Nothing was asked for long.
    Idle,
}

impl Activity {
    pub(super) fn new() -> Self {
        Self { state: Mutex::new(State::Handshake(Instant::now())), evicted: Notify::new() }
    }

    /// The handshake is done.
    pub(super) fn ready(&self) {
        let mut state = self.state();
        if let State::Handshake(_) = *state {
            *state = State::Idle(Instant::now());
        }
    }

    /// A request has arrived; it is answered when what is returned is dropped.
    pub(super) fn begin(&self) -> Busy<'_> {
        let mut state = self.state();
        *state = State::Busy(match *state {
            State::Busy(count) => count + 1,
            _ => 1,
        });
        Busy(self)
    }

    /// What is wrong with the connection by now.
    pub(super) fn overdue(&self, header: Duration, idle: Duration) -> Option<Overdue> {
        match *self.state() {
            State::Head(since) if since.elapsed() > header => Some(Overdue::Head),
            State::Idle(since) if since.elapsed() > idle => Some(Overdue::Idle),
            _ => None,
        }
    }

    /// Since when it does nothing that anybody waits for: a connection to close when there are too many.
    pub(super) fn unused_since(&self, handshake: Duration) -> Option<Instant> {
        match *self.state() {
            State::Idle(since) => Some(since),
            State::Handshake(since) if since.elapsed() > handshake => Some(since),
            _ => None,
        }
    }

    /// Tells the connection to go.
    pub(super) fn evict(&self) {
        *self.state() = State::Evicted;
        self.evicted.notify_one();
    }

    /// Returns when it was told to go.
    pub(super) async fn evicted(&self) {
        self.evicted.notified().await;
    }

    fn received(&self) {
        let mut state = self.state();
        if let State::Idle(_) = *state {
            *state = State::Head(Instant::now());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub(super) struct Busy<'a>(&'a Activity);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        *state = match *state {
            State::Busy(count) if count > 1 => State::Busy(count - 1),
            State::Evicted => State::Evicted,
            _ => State::Idle(Instant::now()),
        };
    }
}

/// A stream that notes when bytes come, so that a head that comes drop by drop is seen.
///
/// hyper's own timeout for heads runs while a connection is idle too, and would close connections that API servers keep
/// to use again: a call that is just being sent then fails, and no API server repeats it.
#[derive(Debug)]
pub(super) struct Tracked<S> {
    pub(super) stream: S,
    pub(super) activity: Arc<Activity>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Tracked<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            this.activity.received();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tracked<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
