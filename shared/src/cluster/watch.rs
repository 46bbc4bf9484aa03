//! List once, then watch. Each watch is on its own: when one fails it backs off alone, and the others go on.

use std::time::Duration;

use prost::Message;
use serde::Deserialize;
use serde_json::Value;

use super::{
    ApiStatus, Connection, Error,
    changes::{Change, Changes, WatchId},
    list::{List, Listed, Sink, listed},
    reading::{Decode as _, Found},
    request::Stream,
    wire::{FrameDecoder, Status},
};
use crate::model::ObjectMeta;

/// How long the server keeps a watch open; then it ends, and we go on from where it was.
const WATCH_SECONDS: u64 = 290;
/// First and longest wait before a failed watch is tried again.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(30));

#[derive(Clone, PartialEq, Message)]
struct Bookmark {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
}

#[derive(Deserialize)]
struct JsonEvent {
    r#type: String,
    object: Value,
}

/// Lists and watches until the receiver is gone.
pub async fn watch(connection: Connection, list: List, id: WatchId, changes: Changes) {
    let mut watcher = Watcher { connection, list, id, changes, stale: false, failures: 0 };
    let mut version = None;
    while !watcher.changes.is_closed() {
        let done = match version.take() {
            None => watcher.list().await,
            Some(from) => watcher.follow(from).await,
        };
        match done {
            Ok(from) => {
                watcher.recovered();
                version = Some(from);
            }
            Err((error, from)) => {
                // Connections break, and a watch goes on where it was: only when it does not, what it told is old.
                let broke_off = from.is_some() && error.status().is_none();
                // Too old to go on from: list again. Otherwise go on from the last version that was seen.
                version = from.filter(|_| !error.is_expired());
                watcher.back_off(error, broke_off).await;
            }
        }
    }
}

struct Watcher {
    connection: Connection,
    list: List,
    id: WatchId,
    changes: Changes,
    stale: bool,
    failures: u32,
}

/// A list that is told as changes.
struct Told<'a> {
    changes: &'a Changes,
    id: WatchId,
}

impl Sink<Found> for Told<'_> {
    fn take(&mut self, listed: Listed<Found>) {
        self.changes.tell(
            self.id,
            match listed {
                Listed::Object((facts, _)) => Change::Applied(facts),
                Listed::Unreadable(why) => Change::Unreadable(why),
                Listed::Anew => Change::Listing,
            },
        );
    }

    async fn catch_up(&mut self) {
        self.changes.few().await;
    }
}

/// The version to go on from, or why not, and the version that was reached.
type Step = Result<String, (Error, Option<String>)>;

impl Watcher {
    fn tell(&self, change: Change) {
        self.changes.tell(self.id, change);
    }

    async fn list(&mut self) -> Step {
        self.tell(Change::Listing);
        let mut told = Told { changes: &self.changes, id: self.id };
        let version = self.list.read(&self.connection, &mut told).await.map_err(|error| (error, None))?;
        self.tell(Change::Listed);
        Ok(version)
    }

    async fn follow(&mut self, from: String) -> Step {
        let mut version = from;
        match self.events(&mut version).await {
            Ok(()) => Ok(version),
            Err(error) => Err((error, Some(version))),
        }
    }

    /// Tells events until the server ends the watch.
    async fn events(&mut self, version: &mut String) -> Result<(), Error> {
        let seconds = (WATCH_SECONDS + self.id.0 as u64 % 10).to_string();
        let path = self.list.path(&[
            ("watch", "true"),
            ("allowWatchBookmarks", "true"),
            ("resourceVersion", version.as_str()),
            ("timeoutSeconds", &seconds),
        ]);
        let accept = self.list.reading.accept_watch();
        let mut stream = Stream::open(&self.connection, &path, &accept).await?;
        stream.wait(Duration::from_secs(WATCH_SECONDS + 40));
        self.recovered();
        let (mut frames, mut lines) = (FrameDecoder::default(), Vec::new());
        while let Some(chunk) = stream.chunk().await? {
            if stream.protobuf {
                frames.feed(&chunk);
                while let Some(frame) = frames.next().map_err(|error| stream.unreadable(error))? {
                    match frame.event.as_str() {
                        "BOOKMARK" => {
                            let bookmark = Bookmark::decode(frame.object).unwrap_or_default();
                            reached(version, bookmark.metadata.unwrap_or_default().resource_version);
                        }
                        "ERROR" => {
                            let status = Status::decode(frame.object).unwrap_or_default();
                            let code = u16::try_from(status.code).unwrap_or(500);
                            return Err(ApiStatus::from_event(code, &status.reason, &status.message).into());
                        }
                        event => {
                            let read = self.list.reading.protobuf(&frame.object);
                            self.event(event == "DELETED", listed(read), version);
                        }
                    }
                }
            } else {
                lines.extend_from_slice(&chunk);
                while let Some(end) = lines.iter().position(|byte| *byte == b'\n') {
                    let line: Vec<u8> = lines.drain(..=end).collect();
                    let event: JsonEvent =
                        serde_json::from_slice(&line).map_err(|error| stream.unreadable(error))?;
                    self.json_event(event, version)?;
                }
            }
        }
        Ok(())
    }

    fn json_event(&self, event: JsonEvent, version: &mut String) -> Result<(), Error> {
        let text = |pointer: &str| event.object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        match event.r#type.as_str() {
            "BOOKMARK" => reached(version, text("/metadata/resourceVersion").to_owned()),
            "ERROR" => {
                let code = event.object.pointer("/code").and_then(Value::as_u64);
                let code = code.and_then(|code| u16::try_from(code).ok()).unwrap_or(500);
                return Err(ApiStatus::from_event(code, text("/reason"), text("/message")).into());
            }
            kind => {
                let deleted = kind == "DELETED";
                self.event(deleted, listed(self.list.reading.json(event.object)), version);
            }
        }
        Ok(())
    }

    fn event(&self, deleted: bool, listed: Listed<Found>, version: &mut String) {
        match listed {
            Listed::Object((facts, _)) => {
                reached(version, facts.resource_version.clone());
                self.tell(if deleted { Change::Deleted(facts.key) } else { Change::Applied(facts) });
            }
            Listed::Unreadable(why) => self.tell(Change::Unreadable(why)),
            Listed::Anew => {}
        }
    }

    fn recovered(&mut self) {
        self.failures = 0;
        if std::mem::take(&mut self.stale) {
            self.tell(Change::Fresh);
        }
    }

    async fn back_off(&mut self, error: Error, broke_off: bool) {
        // A version too old is no failure: the list comes at once.
        if error.is_expired() && self.failures == 0 {
            self.failures = 1;
            return;
        }
        let asked = error.status().and_then(|status| status.retry_after);
        if !self.stale && (self.failures > 0 || !broke_off) {
            self.stale = true;
            self.tell(Change::Stale(error));
        }
        let wait = BACKOFF.0.saturating_mul(1 << self.failures.min(16)).min(BACKOFF.1);
        self.failures += 1;
        // Watches that failed together do not all come back together.
        let spread = Duration::from_millis(self.id.0 as u64 * 7 % 100);
        tokio::select! {
            () = tokio::time::sleep(asked.unwrap_or(wait).max(wait) + spread) => {}
            () = self.changes.closed() => {}
        }
    }
}

fn reached(version: &mut String, seen: String) {
    if !seen.is_empty() {
        *version = seen;
    }
}
