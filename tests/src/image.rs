//! Container images of one static program: an OCI archive, made without Docker and always the same.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::Error;

mod archive;
mod layer;
mod layout;

/// What an image is made of. The same recipe gives the same bytes, on any machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// The program, which needs no other file. It becomes `/NAME`.
    pub program: Vec<u8>,
    /// Its name, without a directory.
    pub name: String,
    /// What the image is called, as in `docker.io/library/passmuster:0.1.0`.
    pub reference: String,
    /// The numeric user and group as whom it runs.
    pub user: u32,
    /// When it was made, in seconds of Unix time: SOURCE_DATE_EPOCH.
    pub epoch: u64,
    /// The machine that it is for, in Go's words: `amd64`.
    pub architecture: String,
    /// Labels, as in `org.opencontainers.image.source`.
    pub labels: Vec<(String, String)>,
}

/// An image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The archive, as `ctr images import` and `skopeo copy oci-archive:` take it.
    pub archive: Vec<u8>,
    /// The manifest's digest, by which the image is pinned: `sha256:…`.
    pub digest: String,
}

impl Recipe {
    /// The image.
    pub fn make(&self) -> Result<Image, Error> {
        layout::image(self).map_err(|source| Error::Image { reference: self.reference.clone(), source })
    }

    /// A recipe for the program in a file, as an unprivileged user, for this machine.
    pub fn of(program: &Path, reference: &str) -> Result<Self, Error> {
        let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self {
            program: fs::read(program).map_err(Error::file(program))?,
            name,
            reference: reference.to_owned(),
            user: 65_532,
            epoch: 0,
            architecture: architecture().to_owned(),
            labels: Vec::new(),
        })
    }
}

/// This machine in Go's words.
const fn architecture() -> &'static str {
    if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" }
}

/// A blob's name.
fn digest(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in Sha256::digest(bytes) {
        // Writing into a string does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Read;

    use serde_json::Value;

    use super::*;

    fn recipe() -> Recipe {
        Recipe {
            program: b"program".to_vec(),
            name: "passmuster".to_owned(),
            reference: "docker.io/library/passmuster:0.1.0".to_owned(),
            user: 65_532,
            epoch: 1_795_867_200,
            architecture: "amd64".to_owned(),
            labels: vec![("b".to_owned(), "2".to_owned()), ("a".to_owned(), "1".to_owned())],
        }
    }

    /// The files of an archive, and what is said of each.
    fn files(archive: &[u8]) -> BTreeMap<String, (Vec<u8>, u32, u64, u64)> {
        let mut archive = tar::Archive::new(archive);
        archive
            .entries()
            .unwrap()
            .map(|entry| {
                let mut entry = entry.unwrap();
                let mut content = Vec::new();
                entry.read_to_end(&mut content).unwrap();
                let (path, header) = (entry.path().unwrap().display().to_string(), entry.header());
                let said = (header.mode().unwrap(), header.uid().unwrap(), header.mtime().unwrap());
                (path, (content, said.0, said.1, said.2))
            })
            .collect()
    }

    #[test]
    fn the_same_recipe_gives_the_same_image() {
        assert_eq!(recipe().make().unwrap(), recipe().make().unwrap());
        let mut turned = recipe();
        turned.labels.reverse();
        assert_eq!(turned.make().unwrap(), recipe().make().unwrap());
        let changed = Recipe { program: b"another".to_vec(), ..recipe() };
        assert_ne!(changed.make().unwrap().digest, recipe().make().unwrap().digest);
    }

    #[test]
    fn every_blob_is_what_its_name_says() {
        let image = recipe().make().unwrap();
        let files = files(&image.archive);
        let blob = |digest: &Value| {
            let hash = digest.as_str().unwrap().strip_prefix("sha256:").unwrap();
            let content = &files[&format!("blobs/sha256/{hash}")].0;
            assert_eq!(super::digest(content), hash);
            content
        };
        let json = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();

        let index = json(&files["index.json"].0);
        let described = &index["manifests"][0];
        assert_eq!(described["digest"], image.digest.as_str());
        assert_eq!(described["annotations"]["io.containerd.image.name"], recipe().reference.as_str());
        assert_eq!(described["annotations"]["org.opencontainers.image.ref.name"], "0.1.0");
        let manifest = blob(&described["digest"]);
        assert_eq!(described["size"], manifest.len());
        let manifest = json(manifest);
        let config = json(blob(&manifest["config"]["digest"]));
        assert_eq!(config["config"]["User"], "65532:65532");
        assert_eq!(config["config"]["Entrypoint"][0], "/passmuster");
        assert_eq!(config["created"], "2026-11-28T12:00:00Z");
        let layer = &manifest["layers"][0];
        assert_eq!(config["rootfs"]["diff_ids"][0], layer["digest"], "the layer is not compressed");

        let inside = self::files(blob(&layer["digest"]));
        assert_eq!(inside["passmuster"], (b"program".to_vec(), 0o755, 0, recipe().epoch));
        let names: Vec<_> = inside.keys().map(String::as_str).collect();
        assert_eq!(names, ["etc/", "etc/group", "etc/passwd", "passmuster"]);
        assert_eq!(files["oci-layout"].0, br#"{"imageLayoutVersion":"1.0.0"}"#);
    }
}
