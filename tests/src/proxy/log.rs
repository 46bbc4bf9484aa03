//! What passed through the proxy.

use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A request that came to the proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query, without the question mark.
    pub query: String,
    /// The `Accept` header.
    pub accept: String,
    /// The answer's status; 0 before there is one.
    pub status: u16,
    /// The bytes of the answer's body so far.
    pub bytes: u64,
}

impl Request {
    /// Whether it asks for a watch.
    pub fn is_watch(&self) -> bool {
        is_watch(&self.query)
    }
}

/// Whether the query asks for a watch.
pub(super) fn is_watch(query: &str) -> bool {
    query.split('&').any(|pair| matches!(pair, "watch=true" | "watch=1" | "watch"))
}

/// All requests, each of which may still be running.
#[derive(Debug, Default)]
pub(super) struct Log(Mutex<Vec<Arc<Entry>>>);

/// A request and how far its answer is.
#[derive(Debug)]
pub(super) struct Entry {
    request: Request,
    status: AtomicU16,
    bytes: AtomicU64,
}

impl Log {
    pub(super) fn begin(&self, request: Request) -> Arc<Entry> {
        let entry = Arc::new(Entry { request, status: AtomicU16::new(0), bytes: AtomicU64::new(0) });
        self.entries().push(entry.clone());
        entry
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.entries().iter().map(|entry| entry.snapshot()).collect()
    }

    pub(super) fn forget(&self) {
        self.entries().clear();
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Entry>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// The request as it came.
    pub(super) fn request(&self) -> &Request {
        &self.request
    }

    pub(super) fn answered(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }

    pub(super) fn passed(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn snapshot(&self) -> Request {
        let (status, bytes) = (self.status.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed));
        Request { status, bytes, ..self.request.clone() }
    }
}
