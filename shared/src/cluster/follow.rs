//! Lists objects of any reading once, then watches them, and tells how far that has come. It fails alone, backs off
//! alone and comes back alone.

use std::time::Duration;

use prost::Message;
use serde::Deserialize;
use serde_json::Value;

use super::{
    ApiStatus, Connection, Error,
    list::{List, Listed, listed},
    reading::Decode,
    request::Stream,
    wire::{FrameDecoder, Status},
};

/// How long the server keeps a watch open; then it ends, and we go on from where it was.
const WATCH_SECONDS: u64 = 290;
/// First and longest wait before a failed watch is tried again. Whoever decides by what is told can't wait long.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

/// What is told of objects that are followed.
#[derive(Debug)]
pub enum Told<T> {
    /// A list begins: what it names from here on is there.
    Listing,
    /// An object is so now.
    Seen(T),
    /// An object has gone; so it was.
    Gone(T),
    /// The list is whole, as of this version: what it did not name has gone.
    Listed(String),
    /// Everything up to this version was told.
    Reached(String),
    /// An object that can't be read, and why.
    Unreadable(String),
    /// It does not get on: what was told may be old. It tries again by itself.
    Stale(Error),
    /// It gets on again.
    Fresh,
}

#[derive(Clone, PartialEq, Message)]
struct Versioned {
    #[prost(message, optional, tag = "1")]
    metadata: Option<Version>,
}

/// Of metadata, the version alone.
#[derive(Clone, PartialEq, Message)]
struct Version {
    #[prost(string, tag = "6")]
    resource_version: String,
}

#[derive(Deserialize)]
struct JsonEvent {
    r#type: String,
    object: Value,
}

/// Lists and watches for as long as it is polled.
pub async fn follow<R: Decode>(
    connection: Connection,
    list: List<R>,
    on: impl FnMut(Told<R::Object>) + Send,
) {
    let mut follower = Follower { connection, list, on, stale: false, failures: 0 };
    let mut version = None;
    loop {
        let done = match version.take() {
            None => follower.list().await.map_err(|error| (error, None)),
            Some(from) => follower.watch(from).await,
        };
        match done {
            Ok(reached) => version = Some(reached),
            Err((error, reached)) => {
                version = reached.filter(|_| !error.is_expired());
                follower.back_off(error).await;
            }
        }
    }
}

struct Follower<R: Decode, F> {
    connection: Connection,
    list: List<R>,
    on: F,
    stale: bool,
    failures: u32,
}

impl<R: Decode, F: FnMut(Told<R::Object>) + Send> Follower<R, F> {
    async fn list(&mut self) -> Result<String, Error> {
        let Self { connection, list, on, .. } = self;
        on(Told::Listing);
        let mut take = |item: Listed<R::Object>| {
            on(match item {
                Listed::Object(object) => Told::Seen(object),
                Listed::Unreadable(why) => Told::Unreadable(why),
                Listed::Anew => Told::Listing,
            });
        };
        let version = list.read(connection, &mut take).await?;
        on(Told::Listed(version.clone()));
        self.recovered();
        Ok(version)
    }

    /// Tells events until the server ends the watch, and gives the version to go on from.
    async fn watch(&mut self, from: String) -> Result<String, (Error, Option<String>)> {
        let mut version = from;
        match self.events(&mut version).await {
            Ok(()) => Ok(version),
            Err(error) => Err((error, Some(version))),
        }
    }

    async fn events(&mut self, version: &mut String) -> Result<(), Error> {
        let seconds = WATCH_SECONDS.to_string();
        let path = self.list.path(&[
            ("watch", "true"),
            ("allowWatchBookmarks", "true"),
            ("resourceVersion", version.as_str()),
            ("timeoutSeconds", &seconds),
        ]);
        let mut stream = Stream::open(&self.connection, &path, &self.list.reading.accept_watch()).await?;
        stream.wait(Duration::from_secs(WATCH_SECONDS + 40));
        self.recovered();
        let (mut frames, mut lines) = (FrameDecoder::default(), Vec::new());
        while let Some(chunk) = stream.chunk().await? {
            if stream.protobuf {
                frames.feed(&chunk);
                while let Some(frame) = frames.next().map_err(|error| stream.unreadable(error))? {
                    if frame.event == "ERROR" {
                        let status = Status::decode(frame.object).unwrap_or_default();
                        let code = u16::try_from(status.code).unwrap_or(500);
                        return Err(ApiStatus::from_event(code, &status.reason, &status.message).into());
                    }
                    let seen = Versioned::decode(frame.object.clone()).unwrap_or_default();
                    let seen = seen.metadata.unwrap_or_default().resource_version;
                    let bookmark = frame.event == "BOOKMARK";
                    let read = (!bookmark).then(|| listed(self.list.reading.protobuf(&frame.object)));
                    self.event(&frame.event, read, seen, version);
                }
            } else {
                lines.extend_from_slice(&chunk);
                while let Some(end) = lines.iter().position(|byte| *byte == b'\n') {
                    let line: Vec<u8> = lines.drain(..=end).collect();
                    let event: JsonEvent =
                        serde_json::from_slice(&line).map_err(|error| stream.unreadable(error))?;
                    let text = |pointer: &str| {
                        event.object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
                    };
                    if event.r#type == "ERROR" {
                        let code = event.object.pointer("/code").and_then(Value::as_u64);
                        let code = code.and_then(|code| u16::try_from(code).ok()).unwrap_or(500);
                        return Err(ApiStatus::from_event(code, &text("/reason"), &text("/message")).into());
                    }
                    let seen = text("/metadata/resourceVersion");
                    let bookmark = event.r#type == "BOOKMARK";
                    let read = (!bookmark).then(|| listed(self.list.reading.json(event.object)));
                    self.event(&event.r#type, read, seen, version);
                }
            }
        }
        Ok(())
    }

    fn event(&mut self, kind: &str, read: Option<Listed<R::Object>>, seen: String, version: &mut String) {
        match read {
            Some(Listed::Object(object)) => {
                (self.on)(if kind == "DELETED" { Told::Gone(object) } else { Told::Seen(object) });
            }
            Some(Listed::Unreadable(why)) => (self.on)(Told::Unreadable(why)),
            Some(Listed::Anew) | None => {}
        }
        if !seen.is_empty() {
            version.clone_from(&seen);
            (self.on)(Told::Reached(seen));
        }
    }

    fn recovered(&mut self) {
        self.failures = 0;
        if std::mem::take(&mut self.stale) {
            (self.on)(Told::Fresh);
        }
    }

    async fn back_off(&mut self, error: Error) {
        let asked = error.status().and_then(|status| status.retry_after);
        // A version too old is no failure: the list comes at once. Neither is a connection that breaks once.
        let first = self.failures == 0;
        self.failures += 1;
        if first && (error.is_expired() || error.status().is_none()) {
            return;
        }
        if !std::mem::replace(&mut self.stale, true) {
            (self.on)(Told::Stale(error));
        }
        let wait = BACKOFF.0.saturating_mul(1 << self.failures.min(16)).min(BACKOFF.1);
        tokio::time::sleep(asked.unwrap_or(wait).clamp(wait, BACKOFF.1)).await;
    }
}
