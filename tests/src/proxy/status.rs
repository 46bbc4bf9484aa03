//! Kubernetes' `Status` objects, in the encodings that the API server uses.

use bytes::Bytes;
use serde_json::{Value, json};

const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";
const MAGIC: &[u8] = b"k8s\0";

/// An error as the API server explains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status<'a> {
    /// The HTTP status.
    pub code: u16,
    /// The machine's word for it.
    pub reason: &'a str,
    /// The sentence.
    pub message: &'a str,
}

/// A body and its content type.
pub(super) type Encoded = (&'static str, Bytes);

impl Status<'_> {
    /// The object as the body of an answer to a request with this `Accept` header.
    pub(super) fn body(&self, accept: &str) -> Encoded {
        if prefers_protobuf(accept) {
            return (PROTOBUF, self.protobuf().into());
        }
        ("application/json", self.json().to_string().into())
    }

    /// The object as the `ERROR` event of a watch with this content type; an `Accept` header serves as well.
    pub fn event(&self, content_type: &str) -> Bytes {
        if !prefers_protobuf(content_type) {
            return format!("{}\n", json!({"type": "ERROR", "object": self.json()})).into();
        }
        let raw = field(1, &self.protobuf());
        let event = [field(1, b"ERROR"), field(2, &raw)].concat();
        let length = u32::try_from(event.len()).unwrap_or(u32::MAX).to_be_bytes();
        [&length[..], &event].concat().into()
    }

    /// The content type of a watch for a request with this `Accept` header.
    pub(super) fn stream_type(accept: &str) -> &'static str {
        if prefers_protobuf(accept) {
            "application/vnd.kubernetes.protobuf;stream=watch"
        } else {
            "application/json"
        }
    }

    fn json(&self) -> Value {
        json!({
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason,
            "code": self.code,
        })
    }

    /// `k8s\0` and `runtime.Unknown {typeMeta, raw, contentEncoding, contentType}` around the message.
    fn protobuf(&self) -> Vec<u8> {
        let type_meta = [field(1, b"v1"), field(2, b"Status")].concat();
        // ListMeta writes its string fields even when they are empty.
        let metadata = [field(1, b""), field(2, b""), field(3, b"")].concat();
        let status = [
            field(1, &metadata),
            field(2, b"Failure"),
            field(3, self.message.as_bytes()),
            field(4, self.reason.as_bytes()),
            // The code, a number: tag 6 with wire type 0.
            [vec![6 << 3], varint(self.code.into())].concat(),
        ];
        let unknown = [field(1, &type_meta), field(2, &status.concat()), field(3, b""), field(4, b"")];
        [MAGIC, &unknown.concat()].concat()
    }
}

/// Whether the first media type that both sides know is protobuf.
fn prefers_protobuf(accept: &str) -> bool {
    accept
        .split(',')
        .map(str::trim)
        .find(|one| one.starts_with(PROTOBUF) || one.contains("json"))
        .is_some_and(|first| {
            // Tables exist as JSON only.
            first.starts_with(PROTOBUF) && !first.contains("as=Table")
        })
}

/// A field of bytes: tag, length, value.
fn field(tag: u8, value: &[u8]) -> Vec<u8> {
    [vec![tag << 3 | 2], varint(value.len()), value.to_vec()].concat()
}

fn varint(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or_default();
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}
