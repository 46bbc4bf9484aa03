//! Bodies on their way through, and how they are made to fail.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::stream::unfold;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use tokio::sync::{broadcast, mpsc};

use super::log::Entry;
use super::server::Connection;
use super::status::Status;

/// The body of an answer to the client.
pub(super) type Body = BoxBody<Bytes, io::Error>;

/// Time for what was sent to leave, before the connection breaks.
const FLUSH: Duration = Duration::from_millis(30);

/// What happens to all open watches at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WatchFault {
    /// They break off.
    Break,
    /// They end in good order.
    End,
    /// They hear that their version is too old, and end.
    Expire,
}

/// What 410 says.
pub(super) const EXPIRED: Status<'static> =
    Status { code: 410, reason: "Expired", message: "too old resource version: 1 (2)" };

/// How a body is to end early, after so many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    Never,
    Stall(usize),
    Break(usize),
    Reset(usize),
}

/// Everything that a body needs on its way.
pub(super) struct Passage {
    pub(super) cut: Cut,
    pub(super) watch: Option<broadcast::Receiver<WatchFault>>,
    pub(super) content_type: String,
    pub(super) entry: Arc<Entry>,
    pub(super) connection: Connection,
}

type Sender = mpsc::Sender<io::Result<Frame<Bytes>>>;

/// A body that is there already.
pub(super) fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed()
}

/// Passes the API server's body on, as far as it is to come.
pub(super) fn pass(body: Incoming, passage: Passage) -> Body {
    let (sender, receiver) = mpsc::channel(4);
    tokio::spawn(pump(body, passage, sender));
    let frames = unfold(receiver, |mut receiver| async { Some((receiver.recv().await?, receiver)) });
    BodyExt::boxed(StreamBody::new(frames))
}

/// Moves frames until the body ends, the client leaves or a fault strikes. Leaving the function closes both sides.
async fn pump(mut body: Incoming, mut passage: Passage, sender: Sender) {
    let mut left = match passage.cut {
        Cut::Never => usize::MAX,
        Cut::Stall(after) | Cut::Break(after) | Cut::Reset(after) => after,
    };
    loop {
        if left == 0 {
            return cut(&passage, &sender).await;
        }
        tokio::select! {
            biased;
            () = sender.closed() => return,
            fault = next_fault(&mut passage.watch) => return end_watch(fault, &passage, &sender).await,
            frame = body.frame() => match frame {
                Some(Ok(frame)) => {
                    let Some(frame) = shorten(frame, &mut left) else { continue };
                    passage.entry.passed(frame.data_ref().map_or(0, Bytes::len));
                    if sender.send(Ok(frame)).await.is_err() {
                        return;
                    }
                }
                Some(Err(error)) => return fail(&sender, &error.to_string()).await,
                None => return,
            },
        }
    }
}

/// The part of the frame that is still to come; none of a frame without data when bytes are counted.
fn shorten(frame: Frame<Bytes>, left: &mut usize) -> Option<Frame<Bytes>> {
    if *left == usize::MAX {
        return Some(frame);
    }
    let mut data = frame.into_data().ok()?;
    data.truncate(*left);
    *left -= data.len();
    Some(Frame::data(data))
}

async fn cut(passage: &Passage, sender: &Sender) {
    match passage.cut {
        Cut::Never => {}
        Cut::Stall(_) => sender.closed().await,
        Cut::Break(_) => fail(sender, "cut").await,
        Cut::Reset(_) => {
            tokio::time::sleep(FLUSH).await;
            passage.connection.reset();
            fail(sender, "reset").await;
        }
    }
}

async fn end_watch(fault: WatchFault, passage: &Passage, sender: &Sender) {
    match fault {
        WatchFault::End => {}
        WatchFault::Break => fail(sender, "dropped").await,
        WatchFault::Expire => {
            // Fails only when the client has left.
            let _ = sender.send(Ok(Frame::data(EXPIRED.event(&passage.content_type)))).await;
        }
    }
}

/// Breaks the body off: the client sees an error and no regular end.
async fn fail(sender: &Sender, reason: &str) {
    tokio::time::sleep(FLUSH).await;
    // Fails only when the client has left.
    let _ = sender.send(Err(io::Error::other(reason.to_owned()))).await;
}

/// The next fault of all watches, for a watch; never for another body.
async fn next_fault(watch: &mut Option<broadcast::Receiver<WatchFault>>) -> WatchFault {
    match watch {
        // An error says that faults came too quickly to see each: then it is broken as well.
        Some(receiver) => receiver.recv().await.unwrap_or(WatchFault::Break),
        None => std::future::pending().await,
    }
}
