//! The API server's protobuf, read while it arrives.
//!
//! A body is `k8s\0`, then `runtime.Unknown {1: TypeMeta, 2: raw, …}`. The raw bytes of a list are `{1: ListMeta,
//! 2: item, 2: item, …}`: the head with the continue token comes first, and each item can be decoded and dropped
//! before the next one is here. A watch is frames of a 4-byte big-endian length and a `WatchEvent`, whose object is
//! such a body again. (Kubernetes' generated.proto: apimachinery runtime, meta/v1.)

use bytes::{Buf as _, Bytes, BytesMut};
use http::HeaderValue;
use prost::Message;

const MAGIC: &[u8] = b"k8s\0";

/// Larger messages than this are not Kubernetes objects: etcd takes 1.5 MiB.
const LONGEST: usize = 64 << 20;

/// Bytes that are not what the API server sends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum WireError {
    #[error("the body does not start as Kubernetes' protobuf does")]
    NotProtobuf,
    #[error("malformed protobuf")]
    Malformed,
    #[error("a message of {0} bytes is longer than any object")]
    TooLong(u64),
    #[error("the body ends in the middle")]
    Truncated,
}

/// A part of a list.
#[derive(Debug)]
pub(super) enum Part<'a> {
    /// The list's metadata: it comes before the items.
    Head(ListMeta),
    /// One item, to be decoded as the kind that was asked for.
    Item(&'a [u8]),
}

/// The parts of `metav1.ListMeta` that are read.
#[derive(Clone, PartialEq, Eq, Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ListMeta {
    #[prost(string, tag = "2")]
    pub(super) resource_version: String,
    #[prost(string, tag = "3")]
    #[serde(rename = "continue")]
    pub(super) continue_token: String,
}

/// The parts of `metav1.Status` that are read.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Status {
    #[prost(string, tag = "3")]
    pub(super) message: String,
    #[prost(string, tag = "4")]
    pub(super) reason: String,
    #[prost(int32, tag = "6")]
    pub(super) code: i32,
}

#[derive(Clone, PartialEq, Eq, Message)]
struct Unknown {
    #[prost(bytes = "bytes", tag = "2")]
    raw: Bytes,
}

#[derive(Clone, PartialEq, Eq, Message)]
struct RawExtension {
    #[prost(bytes = "bytes", tag = "1")]
    raw: Bytes,
}

#[derive(Clone, PartialEq, Eq, Message)]
struct WatchEvent {
    #[prost(string, tag = "1")]
    kind: String,
    #[prost(message, optional, tag = "2")]
    object: Option<RawExtension>,
}

/// Whether a content type is Kubernetes' protobuf.
pub(super) fn is_protobuf(content_type: Option<&HeaderValue>) -> bool {
    let text = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.starts_with("application/vnd.kubernetes.protobuf")
}

/// The bytes of one object in its envelope.
pub(super) fn open(body: &Bytes) -> Result<Bytes, WireError> {
    if !body.starts_with(MAGIC) {
        return Err(WireError::NotProtobuf);
    }
    let unknown = Unknown::decode(body.slice(MAGIC.len()..)).map_err(|_| WireError::Malformed)?;
    Ok(unknown.raw)
}

/// The failure in a body, if it is Kubernetes' protobuf.
pub(super) fn status(body: &[u8]) -> Option<Status> {
    Status::decode(open(&Bytes::copy_from_slice(body)).ok()?).ok()
}

/// Reads a list while it arrives.
#[derive(Debug, Default)]
pub(super) struct ListDecoder {
    buffer: BytesMut,
    state: State,
    /// Bytes of the list still to come.
    left: usize,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Magic,
    Envelope,
    List,
    Tail,
}

/// A field: its number, its payload's place in the buffer, and where the next one begins.
struct Field {
    number: u64,
    start: usize,
    end: usize,
}

impl ListDecoder {
    /// Takes what has arrived and tells each part that is whole.
    pub(super) fn feed(&mut self, chunk: &[u8], on: &mut dyn FnMut(Part<'_>)) -> Result<(), WireError> {
        if self.state == State::Tail {
            return Ok(());
        }
        self.buffer.extend_from_slice(chunk);
        loop {
            match self.state {
                State::Magic => {
                    if self.buffer.len() < MAGIC.len() {
                        return Ok(());
                    }
                    if !self.buffer.starts_with(MAGIC) {
                        return Err(WireError::NotProtobuf);
                    }
                    self.buffer.advance(MAGIC.len());
                    self.state = State::Envelope;
                }
                State::Envelope => match raw_length(&self.buffer)? {
                    Some((header, length)) => {
                        self.buffer.advance(header);
                        self.left = length;
                        self.state = State::List;
                    }
                    None => match field(&self.buffer)? {
                        Some(other) => self.buffer.advance(other.end),
                        None => return Ok(()),
                    },
                },
                State::List if self.left == 0 => {
                    self.buffer.clear();
                    self.state = State::Tail;
                }
                State::List => {
                    let Some(Field { number, start, end }) = field(&self.buffer)? else { return Ok(()) };
                    self.left = self.left.checked_sub(end).ok_or(WireError::Malformed)?;
                    let payload = &self.buffer[start..end];
                    match number {
                        1 => on(Part::Head(ListMeta::decode(payload).map_err(|_| WireError::Malformed)?)),
                        2 => on(Part::Item(payload)),
                        _ => {}
                    }
                    self.buffer.advance(end);
                }
                State::Tail => return Ok(()),
            }
        }
    }

    /// Says whether the list was whole, once there is no more to come.
    pub(super) fn finish(&self) -> Result<(), WireError> {
        let whole = self.state == State::Tail || (self.state == State::List && self.left == 0);
        if whole { Ok(()) } else { Err(WireError::Truncated) }
    }
}

/// An event of a watch.
#[derive(Debug)]
pub(super) struct Frame {
    /// `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`.
    pub(super) event: String,
    /// The object.
    pub(super) object: Bytes,
}

/// Reads a watch while it arrives.
#[derive(Debug, Default)]
pub(super) struct FrameDecoder {
    buffer: BytesMut,
}

impl FrameDecoder {
    /// Takes what has arrived.
    pub(super) fn feed(&mut self, chunk: &[u8]) {
        self.buffer.extend_from_slice(chunk);
    }

    /// The next event that is whole.
    pub(super) fn next(&mut self) -> Result<Option<Frame>, WireError> {
        let Some(head) = self.buffer.first_chunk::<4>() else { return Ok(None) };
        let length = u32::from_be_bytes(*head);
        let size = usize::try_from(length).ok().filter(|size| *size <= LONGEST);
        let size = size.ok_or(WireError::TooLong(length.into()))?;
        if self.buffer.len() < 4 + size {
            return Ok(None);
        }
        self.buffer.advance(4);
        let event =
            WatchEvent::decode(self.buffer.split_to(size).freeze()).map_err(|_| WireError::Malformed)?;
        let object = open(&event.object.unwrap_or_default().raw)?;
        Ok(Some(Frame { event: event.kind, object }))
    }
}

/// Where `Unknown.raw` begins and how long it is, if that is the field at the buffer's start.
fn raw_length(buffer: &[u8]) -> Result<Option<(usize, usize)>, WireError> {
    let Some((tag, n)) = varint(buffer)? else { return Ok(None) };
    if tag != (2 << 3 | 2) {
        return Ok(None);
    }
    let Some((length, m)) = varint(&buffer[n..])? else { return Ok(None) };
    let length = usize::try_from(length).map_err(|_| WireError::TooLong(length))?;
    Ok(Some((n + m, length)))
}

/// The field at the buffer's start, once all of it is there.
fn field(buffer: &[u8]) -> Result<Option<Field>, WireError> {
    let Some((tag, n)) = varint(buffer)? else { return Ok(None) };
    let (start, size) = match tag & 7 {
        0 => match varint(&buffer[n..])? {
            Some((_, size)) => (n, size),
            None => return Ok(None),
        },
        1 => (n, 8),
        2 => match varint(&buffer[n..])? {
            Some((length, m)) => {
                let size = usize::try_from(length).ok().filter(|size| *size <= LONGEST);
                (n + m, size.ok_or(WireError::TooLong(length))?)
            }
            None => return Ok(None),
        },
        5 => (n, 4),
        _ => return Err(WireError::Malformed),
    };
    let end = start + size;
    Ok((buffer.len() >= end).then_some(Field { number: tag >> 3, start, end }))
}

/// The number at the buffer's start and how many bytes it takes.
fn varint(buffer: &[u8]) -> Result<Option<(u64, usize)>, WireError> {
    let mut value = 0u64;
    for (at, byte) in buffer.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at).min(63);
        if byte & 0x80 == 0 {
            return Ok(Some((value, at + 1)));
        }
    }
    if buffer.len() >= 10 { Err(WireError::Malformed) } else { Ok(None) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, PartialEq, Message)]
    struct List {
        #[prost(message, optional, tag = "1")]
        metadata: Option<ListMeta>,
        #[prost(bytes = "vec", repeated, tag = "2")]
        items: Vec<Vec<u8>>,
    }

    fn body(list: &List) -> Vec<u8> {
        let unknown = Unknown { raw: list.encode_to_vec().into() };
        [MAGIC, &unknown.encode_to_vec()].concat()
    }

    fn read(chunks: &[&[u8]]) -> Result<(Vec<ListMeta>, Vec<Vec<u8>>), WireError> {
        let (mut heads, mut items) = (Vec::new(), Vec::new());
        let mut decoder = ListDecoder::default();
        for chunk in chunks {
            decoder.feed(chunk, &mut |part| match part {
                Part::Head(head) => heads.push(head),
                Part::Item(item) => items.push(item.to_vec()),
            })?;
        }
        decoder.finish().map(|()| (heads, items))
    }

    proptest! {
        #[test]
        fn a_list_reads_the_same_however_it_is_cut(items in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..20), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8)) {
            let metadata = ListMeta { resource_version: "7".into(), continue_token: "next".into() };
            let list = List { metadata: Some(metadata.clone()), items: items.clone() };
            let bytes = body(&list);
            let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
            at.extend([0, bytes.len()]);
            at.sort_unstable();
            let chunks: Vec<&[u8]> = at.windows(2).map(|w| &bytes[w[0]..w[1]]).collect();
            prop_assert_eq!(read(&chunks), Ok((vec![metadata], items)));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&[MAGIC, &bytes]);
            let mut frames = FrameDecoder::default();
            frames.feed(&bytes);
            while let Ok(Some(_)) = frames.next() {}
        }
    }

    #[test]
    fn a_body_cut_short_is_noticed() {
        let bytes = body(&List { metadata: Some(ListMeta::default()), items: vec![vec![1; 100]; 3] });
        assert_eq!(read(&[&bytes[..bytes.len() - 1]]), Err(WireError::Truncated));
        assert_eq!(read(&[b"{\"kind\":\"PodList\"}"]), Err(WireError::NotProtobuf));
    }
}
