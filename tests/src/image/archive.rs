//! Tar archives that depend on nothing but their content.

use std::io;

use tar::{Builder, EntryType, Header};

/// An archive in the making.
pub(super) struct Archive {
    tar: Builder<Vec<u8>>,
    epoch: u64,
}

impl Archive {
    /// An empty one, all of whose files are of this time.
    pub(super) fn new(epoch: u64) -> Self {
        Self { tar: Builder::new(Vec::new()), epoch }
    }

    pub(super) fn directory(&mut self, path: &str, mode: u32) -> io::Result<()> {
        self.add(&format!("{path}/"), EntryType::Directory, mode, &[])
    }

    pub(super) fn file(&mut self, path: &str, mode: u32, content: &[u8]) -> io::Result<()> {
        self.add(path, EntryType::Regular, mode, content)
    }

    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        self.tar.into_inner()
    }

    fn add(&mut self, path: &str, kind: EntryType, mode: u32, content: &[u8]) -> io::Result<()> {
        let mut header = Header::new_ustar();
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(self.epoch);
        header.set_size(content.len() as u64);
        self.tar.append_data(&mut header, path, content)
    }
}
