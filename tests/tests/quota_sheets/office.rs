//! LibreOffice, told on its command line what to make of what.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// LibreOffice with a profile of its own, and a folder for its files.
pub(crate) struct Office {
    folder: TempDir,
}

/// Commas, quotes where needed, UTF-8, every sheet; cells as they are shown, or with all their digits.
const SHOWN: &str = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1";
const RAW: &str = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";
/// The same going in: what looks like a number, a date or a formula becomes one.
const GUESSED: &str = "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,0,false,true";

impl Office {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into its folder.
    pub(crate) fn put(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("a file");
        path
    }

    /// Reads a file of its folder.
    pub(crate) fn get(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name))
            .unwrap_or_else(|error| panic!("{name}: {error}; there are {:?}", self.files()))
    }

    fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.folder.path())
            .expect("a folder")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        names.sort();
        names
    }

    /// Converts files to `format`.
    pub(crate) fn convert(&self, format: &str, files: &[&Path]) {
        self.run(&["--convert-to", format], files);
    }

    /// Opens csv files as a double click does, and saves them.
    pub(crate) fn convert_csv(&self, format: &str, files: &[&Path]) {
        self.run(&[GUESSED, "--convert-to", format], files);
    }

    fn run(&self, what: &[&str], files: &[&Path]) {
        let profile = self.path("profile");
        let output = Command::new("soffice")
            .args(["--headless", "--norestore", "--nologo"])
            .arg(format!("-env:UserInstallation=file://{}", profile.display()))
            .args(what)
            .arg("--outdir")
            .arg(self.folder.path())
            .args(files)
            .stdin(Stdio::null())
            .output()
            .expect("soffice starts: is libreoffice-calc-nogui installed?");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// The sheets of a file as csv, cells as a person sees them.
    pub(crate) fn shown(&self, file: &Path) {
        self.convert(SHOWN, &[file]);
    }

    /// The sheets of a file as csv, cells with all their digits.
    pub(crate) fn raw(&self, file: &Path) {
        self.convert(RAW, &[file]);
    }

    /// What it made of a sheet.
    pub(crate) fn csv(&self, name: &str) -> Vec<Vec<String>> {
        let bytes = self.get(name);
        let text = String::from_utf8(bytes).expect("UTF-8");
        // Its own dialect is simple: no cell of these tests has a line's end in it.
        text.lines().map(split).collect()
    }
}

fn split(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells
}
