//! What a Service is to the API server: one address, and each connection goes to one of the replicas that run.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// A listener and where its connections go.
pub(crate) struct Balancer {
    pub(crate) address: SocketAddr,
    targets: Arc<Mutex<Vec<SocketAddr>>>,
}

impl Balancer {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let targets: Arc<Mutex<Vec<SocketAddr>>> = Arc::default();
        let (to, next) = (targets.clone(), AtomicUsize::new(0));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let targets = to.lock().unwrap().clone();
                let first = next.fetch_add(1, Ordering::Relaxed);
                let reached = (0..targets.len())
                    .find_map(|n| TcpStream::connect(targets[(first + n) % targets.len()]).ok());
                // Nobody is there: the connection closes.
                if let Some(server) = reached {
                    join(&client, &server);
                }
            }
        });
        Self { address, targets }
    }

    /// Connections go to these from now on.
    pub(crate) fn lead_to(&self, targets: Vec<SocketAddr>) {
        *self.targets.lock().unwrap() = targets;
    }
}

fn join(client: &TcpStream, server: &TcpStream) {
    let pairs = || -> io::Result<_> {
        for stream in [client, server] {
            stream.set_nodelay(true)?;
        }
        Ok([(client.try_clone()?, server.try_clone()?), (server.try_clone()?, client.try_clone()?)])
    };
    for (from, to) in pairs().unwrap() {
        thread::spawn(move || pass(&from, &to));
    }
}

/// Passes bytes on until either side ends.
fn pass(mut from: &TcpStream, mut to: &TcpStream) {
    let mut buffer = [0; 1 << 14];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
