//! From files to a [`World`].

use std::io::Read;

use super::world::World;
use crate::{
    manifest::{self, InputError, Inputs, SavedError, SavedSnapshot, Scopes},
    model::Skipped,
};

/// Reads manifests. `namespace` is that of objects which leave theirs out. `complete`: there is nothing outside of the
/// files, so that a reference to an object which they don't hold is a reference to nothing.
pub fn from_files(
    inputs: &Inputs,
    stdin: &mut dyn Read,
    namespace: &str,
    complete: bool,
) -> Result<(World, Vec<Skipped>), InputError> {
    read_files(World::of_files(), inputs, stdin, namespace, complete)
}

/// The same, into a world that may keep more of some kinds than others do.
pub fn read_files(
    mut world: World,
    inputs: &Inputs,
    stdin: &mut dyn Read,
    namespace: &str,
    complete: bool,
) -> Result<(World, Vec<Skipped>), InputError> {
    let inputs = Inputs { keep_data: true, ..inputs.clone() };
    let mut unreadable = Vec::new();
    let mut sink = |document: manifest::Document| {
        let manifest::Document { object, api_version, kind, origin } = document;
        if let Err(error) = world.take_document(&api_version, &kind, object) {
            unreadable.push(Skipped {
                resource: origin.to_string(),
                namespace: None,
                reason: "Invalid".to_owned(),
                message: format!("{kind}: {error}"),
            });
        }
    };
    let mut skipped = manifest::read(&inputs, stdin, Scopes::new(namespace), &mut sink)?;
    skipped.extend(unreadable);
    world.cover_documents(complete);
    Ok((world, skipped))
}

/// Reads a snapshot: as live as it was when it was saved. Comes back: the name of its cluster with it.
pub fn from_snapshot(snapshot: SavedSnapshot) -> Result<(World, String, Vec<Skipped>), SavedError> {
    read_snapshot(World::of_cluster(), snapshot)
}

/// The same, into a world that may keep more of some kinds than others do.
pub fn read_snapshot(
    mut world: World,
    snapshot: SavedSnapshot,
) -> Result<(World, String, Vec<Skipped>), SavedError> {
    let mut unreadable = Vec::new();
    let header = snapshot.read(&mut |document| {
        let group = crate::graph::edges::group_of(&document.api_version).to_owned();
        if let Err(error) = world.take_live(&group, &document.kind, document.object) {
            unreadable.push(Skipped {
                resource: document.origin.to_string(),
                namespace: None,
                reason: "Invalid".to_owned(),
                message: format!("{}: {error}", document.kind),
            });
        }
    })?;
    for covered in &header.covered {
        world.coverage.cover(&covered.group, &covered.kind, covered.namespace.as_deref());
    }
    let mut skipped = header.skipped;
    skipped.extend(unreadable);
    Ok((world, header.cluster, skipped))
}
