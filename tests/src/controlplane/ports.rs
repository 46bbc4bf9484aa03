//! Free ports of this machine.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::net::{Ipv4Addr, TcpListener};

/// Ports below the range that the system gives to outgoing connections: one that is released for a moment,
/// while a component restarts, is not taken by some client meanwhile.
const FIRST: u16 = 10_000;
const COUNT: u16 = 20_000;

/// As many different ports that nobody listens on. Another process may still be quicker to take one.
pub fn free_ports<const N: usize>() -> [u16; N] {
    let mut found = BTreeSet::new();
    std::array::from_fn(|_| {
        loop {
            let port = FIRST + random() % COUNT;
            if !found.contains(&port) && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
                found.insert(port);
                return port;
            }
        }
    })
}

/// The standard library seeds each of its hashers from the system's randomness.
fn random() -> u16 {
    let hash = RandomState::new().hash_one(0);
    u16::from_le_bytes([hash.to_le_bytes()[0], hash.to_le_bytes()[1]])
}
