//! Certificates that others keep, read from the files of a mounted Secret.
//!
//! The kubelet changes such a volume by renaming a symbolic link above the files. No event of the files themselves says
//! so, hence whoever wants to know reads them again now and then.

use std::{fs, io::ErrorKind, path::PathBuf};

use super::{CertificateError, Leaf, Offer, Pair, parse_bundle};

/// The directory that holds `tls.crt`, `tls.key` and perhaps `ca.crt`.
#[derive(Debug, Clone)]
pub struct Files {
    directory: PathBuf,
}

impl Files {
    /// Those of a directory.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// What they hold now. While they are exchanged, certificate and key may not fit together: that is an error, and
    /// the next look finds both.
    pub fn read(&self) -> Result<Offer, CertificateError> {
        // One look at the link, so that all files are of one version wherever the kubelet wrote them.
        let directory =
            fs::canonicalize(self.directory.join("..data")).unwrap_or_else(|_| self.directory.clone());
        let text = |name: &str| {
            let path = directory.join(name);
            fs::read_to_string(&path).map_err(CertificateError::file(&path))
        };
        let leaf = Leaf::new(Pair { certificates: text("tls.crt")?, key: text("tls.key")? })?;
        let authorities = match text("ca.crt") {
            Ok(text) => parse_bundle(text.as_bytes())?,
            Err(CertificateError::File { source, .. }) if source.kind() == ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok(Offer { leaf, authorities })
    }
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::symlink, path::Path, time::Duration};

    use jiff::Timestamp;

    use super::*;
    use crate::certificates::Authority;

    const DAY: Duration = Duration::from_secs(86_400);

    fn write(directory: &Path, authority: &Authority, pair: &Pair) {
        fs::create_dir_all(directory).unwrap();
        fs::write(directory.join("ca.crt"), authority.certificate().pem()).unwrap();
        fs::write(directory.join("tls.crt"), &pair.certificates).unwrap();
        fs::write(directory.join("tls.key"), &pair.key).unwrap();
    }

    /// As the kubelet does: a new directory, and then one rename.
    fn swap(volume: &Path, version: &str) {
        symlink(version, volume.join("..data_tmp")).unwrap();
        fs::rename(volume.join("..data_tmp"), volume.join("..data")).unwrap();
    }

    #[test]
    fn a_volume_that_is_exchanged_is_read_as_one_version() {
        let now: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
        let authority = Authority::generate(now, DAY).unwrap();
        let volume = tempfile::tempdir().unwrap();
        let pairs = [1, 2].map(|_| authority.sign(&["a".to_owned()], now, DAY).unwrap());
        for (version, pair) in ["..v1", "..v2"].iter().zip(&pairs) {
            write(&volume.path().join(version), &authority, pair);
        }
        swap(volume.path(), "..v1");
        for name in ["ca.crt", "tls.crt", "tls.key"] {
            symlink(Path::new("..data").join(name), volume.path().join(name)).unwrap();
        }
        let files = Files::new(volume.path());
        assert_eq!(files.read().unwrap().leaf.pair(), &pairs[0]);
        swap(volume.path(), "..v2");
        let offer = files.read().unwrap();
        assert_eq!(offer.leaf.pair(), &pairs[1]);
        assert_eq!(offer.authorities, [authority.certificate().clone()]);
    }

    #[test]
    fn plain_files_do_and_what_lacks_is_named() {
        let now: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
        let authority = Authority::generate(now, DAY).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        let [one, other] = [1, 2].map(|_| authority.sign(&["a".to_owned()], now, DAY).unwrap());
        write(path, &authority, &one);
        fs::remove_file(path.join("ca.crt")).unwrap();
        let files = Files::new(path);
        assert_eq!(files.read().unwrap().authorities, []);

        fs::write(path.join("tls.key"), &other.key).unwrap();
        let error = files.read().unwrap_err().to_string();
        assert!(error.starts_with("the certificate can't be served"), "{error}");
        fs::remove_file(path.join("tls.key")).unwrap();
        let error = files.read().unwrap_err().to_string();
        assert!(error.contains("tls.key"), "{error}");
    }
}
