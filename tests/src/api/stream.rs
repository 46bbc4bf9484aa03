//! A response body that is read as it comes.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http_body_util::BodyExt;
use hyper::body::Incoming;

use super::{chain, content_type, runtime};

/// An answer whose body is still coming.
#[derive(Debug)]
pub struct Chunks {
    /// The status code.
    pub status: u16,
    /// The content type.
    pub content_type: String,
    receiver: Receiver<Result<Bytes, String>>,
    reader: tokio::task::AbortHandle,
}

/// What came next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Bytes of the body.
    Data(Bytes),
    /// The regular end of the body.
    End,
    /// The body broke off, for this reason.
    Broken(String),
    /// Nothing, for the time that was given.
    Silence,
}

impl Chunks {
    pub(super) fn start(answer: Response<Incoming>) -> Self {
        let (sender, receiver) = mpsc::channel();
        let (status, content_type) = (answer.status().as_u16(), content_type(answer.headers()));
        let mut body = answer.into_body();
        let task = runtime().spawn(async move {
            while let Some(frame) = body.frame().await {
                let data = frame.map(|frame| frame.into_data().unwrap_or_default());
                if sender.send(data.map_err(|error| chain(&error))).is_err() {
                    break;
                }
            }
        });
        Self { status, content_type, receiver, reader: task.abort_handle() }
    }

    /// The next piece of the body, waited for no longer than this.
    pub fn next(&self, within: Duration) -> Next {
        match self.receiver.recv_timeout(within) {
            Ok(Ok(data)) => Next::Data(data),
            Ok(Err(reason)) => Next::Broken(reason),
            Err(RecvTimeoutError::Disconnected) => Next::End,
            Err(RecvTimeoutError::Timeout) => Next::Silence,
        }
    }

    /// Everything until something other than data comes, and that.
    pub fn rest(&self, within: Duration) -> (Vec<u8>, Next) {
        let mut all = Vec::new();
        loop {
            match self.next(within) {
                Next::Data(data) => all.extend_from_slice(&data),
                other => return (all, other),
            }
        }
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        self.reader.abort();
    }
}
