//! The fetch of lists with nothing done to them: what reading them costs at least.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use http::Method;
use passmuster_tests::proxy::Request;
use passmuster_tests::{Api, ControlPlane};

/// A collection and the `Accept` header that it was asked for with.
pub(crate) type List = (String, String);

/// What a fetch took.
pub(crate) struct Fetched {
    pub(crate) wall: Duration,
    pub(crate) requests: usize,
}

/// The collections among the requests, each once.
pub(crate) fn lists(requests: &[Request]) -> Vec<List> {
    let is_list = |request: &&Request| {
        let discovery = ["/api", "/apis", "/api/v1", "/version"].contains(&request.path.as_str());
        // `/apis/GROUP/VERSION` has three parts, a collection in it has more.
        let deep = request.path.starts_with("/api/") || request.path.split('/').count() > 4;
        request.method == "GET" && request.status == 200 && !discovery && deep
    };
    let lists: BTreeMap<_, _> = requests
        .iter()
        .filter(is_list)
        .map(|request| (request.path.clone(), request.accept.clone()))
        .collect();
    lists.into_iter().collect()
}

/// Fetches the lists one after the other, in pages of 500, on one new connection.
pub(crate) fn fetch(plane: &ControlPlane, lists: &[List]) -> Fetched {
    let start = Instant::now();
    let api = Api::new(&plane.server(), plane.authority(), Some("admin-token")).expect("a client");
    let mut requests = 0;
    for (path, accept) in lists {
        let mut token = Some(String::new());
        while let Some(current) = token {
            let path = format!("{path}?limit=500&continue={current}");
            let page = api.send(&Method::GET, &path, &[("accept", accept)], "").expect("a page");
            assert!(page.status == 200, "{path}: HTTP {}", page.status);
            requests += 1;
            token = if page.body.starts_with(b"k8s\0") {
                continuation(&page.body)
            } else {
                page.json()["metadata"]["continue"].as_str().map(str::to_owned)
            };
            token = token.filter(|token| !token.is_empty());
        }
    }
    Fetched { wall: start.elapsed(), requests }
}

/// The continue token of a list in protobuf: `Unknown.raw`, then its `ListMeta`, then field 3 of that.
fn continuation(body: &[u8]) -> Option<String> {
    let list = field(body.get(4..)?, 2)?;
    let token = field(field(list, 1)?, 3)?;
    Some(String::from_utf8_lossy(token).into_owned())
}

/// The value of the first field of bytes with this number.
fn field(mut message: &[u8], number: usize) -> Option<&[u8]> {
    loop {
        let tag = varint(&mut message)?;
        // Kubernetes' lists start with fields of bytes only, and a number is skipped the same way.
        let length = varint(&mut message)?;
        if tag & 7 != 2 {
            continue;
        }
        let value = message.get(..length)?;
        if tag >> 3 == number {
            return Some(value);
        }
        message = &message[length..];
    }
}

fn varint(message: &mut &[u8]) -> Option<usize> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let (&byte, rest) = message.split_first()?;
        *message = rest;
        value |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
        shift += 7;
    }
}
