//! Lists and single objects, decoded while they arrive.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tokio::task::JoinHandle;

use super::{
    Connection, Error,
    reading::{Decode, Reading},
    request::Stream,
    wire::{ListDecoder, ListMeta, Part, open},
};
use crate::model::DecodeError;

/// Objects a page. Streaming makes the size matter little; the API server's own clients ask for 500.
const PAGE: u32 = 500;
/// How often a page is asked for when the server is busy or the answer breaks off.
const TRIES: u32 = 4;
/// The longest that a server may ask to wait before a page is given up.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// What a list tells while it is read.
#[derive(Debug)]
pub enum Listed<T> {
    /// An object.
    Object(T),
    /// An object that can't be read, and why.
    Unreadable(String),
    /// The list was too slow for the server and begins anew: what came before does not count.
    Anew,
}

/// Where a list goes while it is read.
pub trait Sink<T> {
    /// Takes what the list tells.
    fn take(&mut self, listed: Listed<T>);

    /// Lets whoever works on what was taken catch up. Nothing more is read before.
    fn catch_up(&mut self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
}

/// Whatever is done at once needs no catching up.
impl<T, F: FnMut(Listed<T>)> Sink<T> for F {
    fn take(&mut self, listed: Listed<T>) {
        self(listed);
    }
}

/// A list to be read.
#[derive(Clone)]
pub struct List<R = Reading> {
    /// What, and how.
    pub reading: R,
    /// In one namespace, or everywhere.
    pub namespace: Option<String>,
    /// Of whom, for the server to decide: `spec.nodeName=n1`.
    pub field_selector: Option<String>,
    /// With which labels, for the server to decide, as `kubectl get -l` takes it.
    pub label_selector: Option<String>,
}

#[derive(Deserialize)]
struct JsonList {
    metadata: ListMeta,
    /// Null when there are none: lists of metadata alone say it so.
    items: Option<Vec<Value>>,
}

impl<R: Decode> List<R> {
    /// Everything of a type, everywhere or in one namespace.
    pub fn of(reading: R, namespace: Option<&str>) -> Self {
        Self { reading, namespace: namespace.map(str::to_owned), field_selector: None, label_selector: None }
    }

    /// The address, with these parameters and the list's own.
    pub(super) fn path(&self, parameters: &[(&str, &str)]) -> String {
        let mut path = self.reading.resource().path(self.namespace.as_deref());
        let fields = self.field_selector.as_deref().map(|selector| ("fieldSelector", selector));
        let labels = self.label_selector.as_deref().map(|selector| ("labelSelector", selector));
        let all =
            parameters.iter().copied().chain(fields).chain(labels).filter(|(_, value)| !value.is_empty());
        for (n, (key, value)) in all.enumerate() {
            path.push(if n == 0 { '?' } else { '&' });
            path.push_str(key);
            path.push('=');
            path.push_str(&encode(value));
        }
        path
    }

    /// Reads the list, telling each object as soon as it is here, and gives the version to watch from. The next page
    /// is asked for as soon as this one's head is here, before its items are.
    pub async fn read(
        &self,
        connection: &Connection,
        on: &mut impl Sink<R::Object>,
    ) -> Result<String, Error> {
        match self.pages(connection, PAGE, on).await {
            Err(error) if error.is_expired() => {
                // The server has forgotten the version that the pages were cut from. All at once has no pages.
                on.take(Listed::Anew);
                self.pages(connection, 0, on).await
            }
            done => done,
        }
    }

    async fn pages(
        &self,
        connection: &Connection,
        size: u32,
        on: &mut impl Sink<R::Object>,
    ) -> Result<String, Error> {
        let mut page = Page { token: String::new(), size };
        let mut ahead: Option<Ahead> = None;
        loop {
            let mut tried = 0;
            let (meta, next) = loop {
                tried += 1;
                match self.page(connection, &page, ahead.take(), on).await {
                    Ok(done) => break done,
                    Err(error) => match wait_before_retry(&error, tried) {
                        Some(wait) => tokio::time::sleep(wait).await,
                        None => return Err(error),
                    },
                }
            };
            if meta.continue_token.is_empty() {
                return Ok(meta.resource_version);
            }
            page.token = meta.continue_token;
            ahead = next;
        }
    }

    fn ask(&self, connection: &Connection, page: &Page) -> Ahead {
        let size = if page.size == 0 { String::new() } else { page.size.to_string() };
        let path = self.path(&[("limit", &size), ("continue", &page.token)]);
        let (connection, accept) = (connection.clone(), self.reading.accept("List"));
        Ahead(tokio::spawn(async move { Stream::open(&connection, &path, &accept).await }))
    }

    /// Reads one page, and asks for the next as soon as it is known that there is one.
    async fn page(
        &self,
        connection: &Connection,
        page: &Page,
        ahead: Option<Ahead>,
        on: &mut impl Sink<R::Object>,
    ) -> Result<(ListMeta, Option<Ahead>), Error> {
        let mut ahead = ahead.unwrap_or_else(|| self.ask(connection, page));
        let mut stream = (&mut ahead.0).await.map_err(|error| Error::Request(error.to_string()))??;
        if !stream.protobuf {
            let list: JsonList =
                serde_json::from_slice(&stream.whole().await?).map_err(|error| stream.unreadable(error))?;
            for item in list.items.unwrap_or_default() {
                on.take(listed(self.reading.json(item)));
            }
            return Ok((list.metadata, None));
        }
        let mut decoder = ListDecoder::default();
        let (mut meta, mut next) = (ListMeta::default(), None);
        while let Some(chunk) = stream.chunk().await? {
            let mut head = None;
            let fed = decoder.feed(&chunk, &mut |part| match part {
                Part::Head(found) => head = Some(found),
                Part::Item(item) => on.take(listed(self.reading.protobuf(item))),
            });
            fed.map_err(|error| stream.unreadable(error))?;
            on.catch_up().await;
            if let Some(found) = head {
                if !found.continue_token.is_empty() {
                    let page = Page { token: found.continue_token.clone(), size: page.size };
                    next = Some(self.ask(connection, &page));
                }
                meta = found;
            }
        }
        decoder.finish().map_err(|error| Error::Unreachable(error.to_string()))?;
        Ok((meta, next))
    }
}

/// Reads one object; `None` when it does not exist.
pub async fn get<R: Decode>(
    connection: &Connection,
    reading: &R,
    namespace: &str,
    name: &str,
) -> Result<Option<Listed<R::Object>>, Error> {
    let path = reading.resource().object_path(Some(namespace), name);
    let mut stream = match Stream::open(connection, &path, &reading.accept("")).await {
        Err(Error::Api(status)) if status.code == 404 => return Ok(None),
        opened => opened?,
    };
    let body = stream.whole().await?;
    if stream.protobuf {
        let object = open(&body).map_err(|error| stream.unreadable(error))?;
        return Ok(Some(listed(reading.protobuf(&object))));
    }
    let value = serde_json::from_slice(&body).map_err(|error| stream.unreadable(error))?;
    Ok(Some(listed(reading.json(value))))
}

/// What could be read, or why not.
pub(super) fn listed<T>(read: Result<T, DecodeError>) -> Listed<T> {
    match read {
        Ok(object) => Listed::Object(object),
        Err(error) => Listed::Unreadable(error.to_string()),
    }
}

struct Page {
    token: String,
    size: u32,
}

/// A request under way. Dropped, it is withdrawn.
struct Ahead(JoinHandle<Result<Stream, Error>>);

impl Drop for Ahead {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How long to wait before asking again, if that makes sense: the server asked to, or the answer broke off. An API
/// that is down says so at once and is left out at once.
fn wait_before_retry(error: &Error, tried: u32) -> Option<Duration> {
    if tried >= TRIES {
        return None;
    }
    match error {
        Error::Api(status) => match (status.code, status.retry_after) {
            (429 | 503, Some(wait)) => Some(wait).filter(|wait| *wait <= LONGEST_WAIT),
            (429, None) => Some(Duration::from_secs(1)),
            _ => None,
        },
        Error::Unreachable(_) => Some(Duration::from_millis(50) * tried),
        _ => None,
    }
}

/// A value in a query, percent-encoded.
pub(crate) fn encode(value: &str) -> String {
    use std::fmt::Write as _;

    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
