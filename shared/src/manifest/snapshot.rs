//! Saved snapshots: what was read of a cluster, to be asked again later and elsewhere.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tempfile::NamedTempFile;

use super::{
    Skipped,
    object::{identify, redact},
};
use crate::{API_VERSION, graph::edges::group_of, model::ObjectKey};

/// A kind that was listed, and where: an object of it that is not in the snapshot does not exist, while of any other
/// kind nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Covered {
    /// API group; empty for the core group.
    #[serde(default)]
    pub group: String,
    /// Kind.
    pub kind: String,
    /// The namespace that was listed; none when all were, or when the kind has no namespaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// Whether an object of this key would be there if it existed.
pub fn covers(covered: &[Covered], key: &ObjectKey) -> bool {
    covered.iter().any(|covered| {
        covered.group == *key.group
            && covered.kind == *key.kind
            && covered.namespace.as_deref().is_none_or(|namespace| *namespace == *key.namespace)
    })
}

/// Writes a snapshot item by item, in any order and without keeping the items in memory; the file has them sorted,
/// so that one state gives one file. The file appears, whole, when [`Self::finish`] returns.
#[derive(Debug)]
pub struct SnapshotWriter {
    path: PathBuf,
    cluster: String,
    namespace: Option<String>,
    spool: BufWriter<File>,
    /// Where the items stand in the spool, and how long they are.
    items: Vec<(ObjectKey, u64, u64)>,
    length: u64,
}

/// The file but for its items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotHeader {
    /// `passmuster.dev/v1alpha1`.
    pub api_version: String,
    /// `Snapshot`.
    pub kind: String,
    /// Name of the cluster.
    #[serde(default)]
    pub cluster: String,
    /// The namespace that was asked for, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The kinds that were listed, and where.
    #[serde(default)]
    pub covered: Vec<Covered>,
    /// What could not be read.
    #[serde(default)]
    pub skipped: Vec<Skipped>,
}

impl SnapshotWriter {
    /// Begins a snapshot that will be at `path`.
    pub fn new(path: impl Into<PathBuf>, cluster: &str, namespace: Option<&str>) -> io::Result<Self> {
        let path = path.into();
        let spool = BufWriter::new(tempfile::tempfile_in(folder_of(&path))?);
        let (cluster, namespace) = (cluster.to_owned(), namespace.map(str::to_owned));
        Ok(Self { path, cluster, namespace, spool, items: Vec::new(), length: 0 })
    }

    /// Adds an object, without what must not be kept. It must say its apiVersion and kind: without them nobody can
    /// tell that it is a secret.
    pub fn item(&mut self, mut object: Value) -> io::Result<()> {
        redact(&mut object);
        let invalid = |message| io::Error::new(io::ErrorKind::InvalidInput, message);
        let (api_version, kind) = identify(&object).map_err(invalid)?;
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let (namespace, name) = (text("/metadata/namespace"), text("/metadata/name"));
        let key = ObjectKey::new(group_of(&api_version), kind, namespace, name);
        let bytes = serde_json::to_vec(&object)?;
        self.spool.write_all(&bytes)?;
        let length = bytes.len() as u64;
        self.items.push((key, self.length, length));
        self.length += length;
        Ok(())
    }

    /// Puts the file in place. Until then there is none, or the one that was there before.
    pub fn finish(mut self, mut covered: Vec<Covered>, mut skipped: Vec<Skipped>) -> io::Result<()> {
        covered.sort();
        covered.dedup();
        skipped.sort();
        skipped.dedup();
        self.items.sort();
        // Of an object that was read twice, the later reading.
        self.items.reverse();
        self.items.dedup_by(|next, first| next.0 == first.0);
        self.items.reverse();
        let header = SnapshotHeader {
            api_version: API_VERSION.to_owned(),
            kind: "Snapshot".to_owned(),
            cluster: self.cluster,
            namespace: self.namespace,
            covered,
            skipped,
        };
        let mut head = serde_json::to_vec(&header)?;
        head.pop();
        let file = NamedTempFile::new_in(folder_of(&self.path))?;
        let mut out = BufWriter::new(file);
        out.write_all(&head)?;
        out.write_all(b",\"items\":[")?;
        let mut spool = BufReader::new(self.spool.into_inner()?);
        let mut at = 0;
        spool.seek(SeekFrom::Start(0))?;
        for (n, (_, offset, length)) in self.items.iter().enumerate() {
            out.write_all(if n == 0 { b"\n" } else { b",\n" })?;
            // Relative, so that what is in the buffer is used when items are in order already.
            spool.seek_relative(distance(at, *offset))?;
            io::copy(&mut spool.by_ref().take(*length), &mut out)?;
            at = offset + length;
        }
        out.write_all(b"\n]}\n")?;
        let file = out.into_inner()?;
        file.as_file().sync_all()?;
        file.persist(&self.path)?;
        Ok(())
    }
}

fn distance(from: u64, to: u64) -> i64 {
    // Files longer than i64 do not exist.
    i64::try_from(to).unwrap_or(i64::MAX) - i64::try_from(from).unwrap_or(i64::MAX)
}

/// Where a file must be made so that it can be renamed to `path`.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_was_listed_is_covered() {
        let covered = |namespace: Option<&str>| {
            [Covered {
                group: String::new(),
                kind: "Pod".to_owned(),
                namespace: namespace.map(str::to_owned),
            }]
        };
        let pod = "Pod/shop/a".parse().unwrap();
        assert!(covers(&covered(None), &pod));
        assert!(covers(&covered(Some("shop")), &pod));
        assert!(!covers(&covered(Some("other")), &pod));
        assert!(!covers(&covered(None), &"Pod.example.com/shop/a".parse().unwrap()));
    }

    #[test]
    fn the_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("saved.json");
        let mut writer = SnapshotWriter::new(&path, "kind", None).unwrap();
        assert!(
            writer.item(json!({"kind": "Secret", "data": {"a": "b"}, "metadata": {"name": "x"}})).is_err()
        );
        writer.item(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "b"}})).unwrap();
        writer.item(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}})).unwrap();
        writer
            .item(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "b"}, "new": true}))
            .unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing to be seen yet");
        writer.finish(Vec::new(), Vec::new()).unwrap();
        let saved: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let expected = json!({
            "apiVersion": API_VERSION, "kind": "Snapshot", "cluster": "kind", "covered": [], "skipped": [],
            "items": [
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}},
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "b"}, "new": true},
            ],
        });
        assert_eq!(saved, expected);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing left behind");
    }
}
