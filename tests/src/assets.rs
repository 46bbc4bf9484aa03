//! Where the control plane's programs are.

use std::env;
use std::path::{Path, PathBuf};

use crate::Error;

/// The directories that hold the programs and kwok's stage files.
///
/// `PASSMUSTER_ASSETS` names the directory that `make controlplane` filled, `target/controlplane` of the
/// workspace by default. Programs that `KUBEBUILDER_ASSETS` has win over those in it.
#[derive(Debug, Clone)]
pub struct Assets {
    root: PathBuf,
    kubebuilder: Option<PathBuf>,
}

const HINT: &str = "run `make controlplane`";

impl Assets {
    /// The assets that the environment names.
    pub fn find() -> Self {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let root = env::var_os("PASSMUSTER_ASSETS").map(PathBuf::from);
        Self {
            root: root.unwrap_or_else(|| workspace.join("target/controlplane")),
            kubebuilder: env::var_os("KUBEBUILDER_ASSETS").map(PathBuf::from),
        }
    }

    /// The program called `name`, for example `kube-apiserver`.
    pub fn program(&self, name: &str) -> Result<PathBuf, Error> {
        let own = self.root.join("bin");
        let path =
            self.kubebuilder.iter().chain([&own]).map(|dir| dir.join(name)).find(|path| path.is_file());
        path.ok_or_else(|| Error::Missing { name: name.to_owned(), dir: own, hint: HINT })
    }

    /// kwok's stage files: how its nodes and pods move through their lives.
    pub fn stages(&self) -> Result<Vec<PathBuf>, Error> {
        self.configs("stages")
    }

    /// kwok's files on usage: what its kubelets say that containers use.
    pub fn usage(&self) -> Result<Vec<PathBuf>, Error> {
        self.configs("usage")
    }

    fn configs(&self, folder: &str) -> Result<Vec<PathBuf>, Error> {
        let dir = self.root.join(folder);
        let missing = || Error::Missing { name: "*.yaml".to_owned(), dir: dir.clone(), hint: HINT };
        let entries = dir.read_dir().map_err(|_| missing())?;
        let mut files: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
        files.sort();
        if files.is_empty() { Err(missing()) } else { Ok(files) }
    }
}
