//! From what an object says to the nodes that it means.

use super::{Graph, NodeId, symbols::Symbol};
use crate::graph::{Reference, Where};

/// A reference resolved to a node.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Out {
    pub(super) target: NodeId,
    pub(super) edge: Symbol,
    pub(super) via: Symbol,
    /// Digest of the uid that the target must have.
    pub(super) uid: Option<u128>,
    pub(super) optional: bool,
    pub(super) count: u32,
}

impl Graph {
    pub(super) fn resolve(&mut self, reference: &Reference) -> Out {
        let kind = self.kind(&reference.group, &reference.kind);
        let namespace = match &reference.at {
            Where::Cluster => "",
            Where::Namespace(namespace) => namespace,
            Where::NamespaceIfAny(namespace) => match self.scopes.get(&kind) {
                Some(false) => "",
                _ => namespace,
            },
        };
        let namespace = self.symbols.intern(namespace);
        let target = self.node_for(kind, namespace, &reference.name);
        if reference.imaginary {
            self.node_mut(target).imaginary = true;
        }
        Out {
            target,
            edge: self.symbols.intern(&reference.edge),
            via: self.symbols.intern(&reference.via),
            uid: reference.uid.as_deref().map(digest),
            optional: reference.optional,
            count: reference.count,
        }
    }
}

/// 128 bits that tell uids apart: the uid itself where it is a UUID, as the API server makes them.
pub(super) fn digest(uid: &str) -> u128 {
    let mut value = 0u128;
    let mut digits = 0;
    for byte in uid.bytes().filter(|byte| *byte != b'-') {
        match (byte as char).to_digit(16) {
            Some(digit) => value = value << 4 | u128::from(digit),
            None => return fnv(uid),
        }
        digits += 1;
    }
    if digits == 32 { value } else { fnv(uid) }
}

/// FNV-1a of 128 bits: the same in every run, unlike the standard library's hashes.
fn fnv(text: &str) -> u128 {
    text.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}
