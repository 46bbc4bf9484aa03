//! An answer that streams: what every list, get and watch has in common.

use std::time::Duration;

use bytes::Bytes;
use http::header;
use http_body_util::BodyExt as _;
use kube::client::Body;

use super::{Connection, Error, connect::get_request, wire::is_protobuf};

/// How long an answer may keep silent, unless `--request-timeout` says otherwise. kubectl waits for ever; one dead
/// aggregated API would then hang the whole run.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer that has begun: a success, its body still to be read.
#[derive(Debug)]
pub(super) struct Stream {
    /// Whether the server answered in protobuf; JSON otherwise.
    pub(super) protobuf: bool,
    connection: Connection,
    body: Body,
    patience: Duration,
    path: String,
}

impl Stream {
    /// Asks, and waits for the head of the answer. A failure that the server reports is an error.
    pub(super) async fn open(connection: &Connection, path: &str, accept: &str) -> Result<Self, Error> {
        let patience = connection.request_timeout.unwrap_or(PATIENCE);
        let answer = within(patience, path, connection.send(get_request(path, accept)?)).await??;
        let protobuf = is_protobuf(answer.headers().get(header::CONTENT_TYPE));
        let body = answer.into_body();
        Ok(Self { protobuf, connection: connection.clone(), body, patience, path: path.to_owned() })
    }

    /// What arrives next; `None` at the end.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let Some(frame) = within(self.patience, &self.path, self.body.frame()).await? else {
                return Ok(None);
            };
            let frame = frame.map_err(|error| self.connection.broken(error))?;
            if let Ok(data) = frame.into_data() {
                return Ok(Some(data));
            }
        }
    }

    /// All that is left.
    pub(super) async fn whole(&mut self) -> Result<Bytes, Error> {
        let mut all = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            all.extend_from_slice(&chunk);
        }
        Ok(all.into())
    }

    /// Lets the answer keep silent for this long from here on: a watch may have nothing to say.
    pub(super) fn wait(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// That the answer can't be understood.
    pub(super) fn unreadable(&self, why: impl ToString) -> Error {
        Error::decode(&self.path, why)
    }
}

async fn within<T>(patience: Duration, path: &str, work: impl Future<Output = T>) -> Result<T, Error> {
    let late = |_| Error::Timeout(format!("no answer to {path} within {} s", patience.as_secs_f32()));
    tokio::time::timeout(patience, work).await.map_err(late)
}
