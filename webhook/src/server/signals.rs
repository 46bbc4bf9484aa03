//! Being told to end.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

/// Two futures: one that is done at the first SIGTERM or SIGINT, which asks for an end in good order, and one that is
/// done at the second, which asks for an end at once.
pub fn signals() -> io::Result<(impl Future<Output = ()>, impl Future<Output = ()>)> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (first, at_first) = oneshot::channel();
    let (second, at_second) = oneshot::channel();
    tokio::spawn(async move {
        either(&mut term, &mut int).await;
        // Fails only when nobody waits for it.
        let _ = first.send(());
        either(&mut term, &mut int).await;
        let _ = second.send(());
    });
    Ok((done(at_first), done(at_second)))
}

async fn done(signal: oneshot::Receiver<()>) {
    // A task that is gone without a signal is the runtime's end.
    let _ = signal.await;
}

async fn either(term: &mut Signal, int: &mut Signal) {
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
}
