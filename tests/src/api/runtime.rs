//! One runtime for everything asynchronous in the test support, behind blocking calls.

use std::sync::{OnceLock, mpsc};

use tokio::runtime::{Builder, Runtime};

/// The process-wide runtime. Tests block their own threads; this one keeps the proxy and the client running.
pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("the system gives threads")
    })
}

/// Runs the future on the runtime and blocks for its result. Works inside an asynchronous test too, where
/// `block_on` would panic.
pub(crate) fn wait<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let (sender, receiver) = mpsc::sync_channel(1);
    runtime().spawn(async move {
        // Nobody waits any more only when the waiting thread panicked.
        let _ = sender.send(future.await);
    });
    receiver.recv().expect("the future does not panic")
}
