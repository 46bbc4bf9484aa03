//! A folder of files for one test, and the plugin over it without a cluster.

use std::path::Path;

use passmuster_tests::{Plugin, plugin::Run};
use tempfile::TempDir;

pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, its folders included.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    /// The plugin in this folder.
    pub(crate) fn plugin(&self, args: &[&str]) -> Plugin {
        Plugin::new("kubectl-graph").dir(self.path()).args(args)
    }

    /// A run in this folder.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.plugin(args).run()
    }
}

/// A config map of this name as a YAML document.
pub(crate) fn map(name: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n")
}

/// Standard error, which must be one line.
pub(crate) fn only_line(run: &Run) -> &str {
    assert_eq!(run.stderr.lines().count(), 1, "{run}");
    run.stderr.trim_end()
}
