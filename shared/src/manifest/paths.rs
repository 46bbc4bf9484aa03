//! Which files `-f` and `-R` mean: kubectl's rules and kubectl's words.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use glob::{MatchOptions, glob_with};

use super::parts::{not_manifests, plain};
use crate::model::Skipped;

/// Why nothing could be read at all. Worded as kubectl words it, without its `error: `.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// There is no such file.
    #[error("the path {0:?} does not exist")]
    Missing(String),
    /// There is no such file, and it is no pattern either.
    #[error("pattern {pattern:?} is not valid: {error}")]
    Pattern {
        /// What was given.
        pattern: String,
        /// What is wrong.
        error: glob::PatternError,
    },
    /// A directory without anything to read.
    #[error("error reading [{0}]: recognized file extensions are [.json .yaml .yml]")]
    NoFiles(String),
    /// A named file that can't be opened.
    #[error("{path}: {error}")]
    Open {
        /// The file.
        path: String,
        /// Why not.
        error: io::Error,
    },
    /// `-f -` twice.
    #[error("standard input cannot be used for multiple arguments")]
    TwoStdins,
    /// `-k` with `-f`.
    #[error("only one of -f or -k can be specified")]
    BothKinds,
    /// `-k` with `-R`.
    #[error("the -k flag can't be used with -f or -R")]
    RecursiveKustomize,
    /// An address.
    #[error("{0}: addresses are not read; try `curl -fsSL {0} | … -f -`")]
    Url(String),
    /// kubectl, which builds kustomizations, could not be run.
    #[error(
        "-k builds with kubectl, and {program:?} can't be run ({error}): install kubectl, set KUBECTL_PATH, or pipe in what `kustomize build` prints, with -f -"
    )]
    NoKubectl {
        /// What was tried.
        program: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// kubectl could not build the kustomization; its own words.
    #[error("{0}")]
    Kustomize(String),
}

/// Where documents come from.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Source {
    Stdin,
    File(PathBuf),
}

/// The files that the arguments of `-f` mean, in order. Files in directories that can't be looked at go to `skipped`.
pub(super) fn expand(
    files: &[String],
    recursive: bool,
    skipped: &mut Vec<Skipped>,
) -> Result<Vec<Source>, InputError> {
    let mut sources = Vec::new();
    for file in files {
        if file == "-" {
            if sources.contains(&Source::Stdin) {
                return Err(InputError::TwoStdins);
            }
            sources.push(Source::Stdin);
        } else if file.starts_with("http://") || file.starts_with("https://") {
            return Err(InputError::Url(file.clone()));
        } else {
            for path in matching(file, skipped)? {
                expand_path(&path, recursive, &mut sources, skipped)?;
            }
        }
    }
    Ok(sources)
}

/// The paths that an argument means: itself, or what it matches when there is no such path; sorted.
fn matching(file: &str, skipped: &mut Vec<Skipped>) -> Result<Vec<PathBuf>, InputError> {
    match fs::metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        _ => return Ok(vec![PathBuf::from(file)]),
    }
    let options = MatchOptions { require_literal_separator: true, ..MatchOptions::default() };
    let found =
        glob_with(file, options).map_err(|error| InputError::Pattern { pattern: file.to_owned(), error })?;
    let before = skipped.len();
    let mut paths = Vec::new();
    for path in found {
        match path {
            Ok(path) => paths.push(path),
            Err(error) => skipped.push(skip(error.path(), error.error())),
        }
    }
    if paths.is_empty() && skipped.len() == before {
        return Err(InputError::Missing(file.to_owned()));
    }
    paths.sort();
    Ok(paths)
}

fn expand_path(
    path: &Path,
    recursive: bool,
    sources: &mut Vec<Source>,
    skipped: &mut Vec<Skipped>,
) -> Result<(), InputError> {
    let open = |error| InputError::Open { path: path.display().to_string(), error };
    let metadata = fs::metadata(path).map_err(open)?;
    if metadata.is_dir() {
        let before = skipped.len();
        let mut found = Vec::new();
        walk(path, recursive, &mut found, skipped);
        if found.is_empty() && skipped.len() == before {
            return Err(InputError::NoFiles(path.display().to_string()));
        }
        let files = found.iter().filter_map(|source| match source {
            Source::File(file) => Some(file.as_path()),
            Source::Stdin => None,
        });
        let others = not_manifests(files);
        let is_other =
            |source: &Source| matches!(source, Source::File(file) if others.contains(&plain(file)));
        sources.extend(found.into_iter().filter(|source| !is_other(source)));
    } else {
        // Named by the user: read whatever its extension.
        sources.push(Source::File(path.to_owned()));
    }
    Ok(())
}

/// Files with a recognized extension in the order of their names. Links to directories are not followed, so that
/// loops can't be; links to files are.
fn walk(folder: &Path, recursive: bool, sources: &mut Vec<Source>, skipped: &mut Vec<Skipped>) {
    let mut unreadable = |path: &Path, error: &io::Error| skipped.push(skip(path, error));
    let mut paths = Vec::new();
    match fs::read_dir(folder) {
        Ok(entries) => {
            for entry in entries {
                match entry {
                    Ok(entry) => paths.push(entry.path()),
                    Err(error) => unreadable(folder, &error),
                }
            }
        }
        Err(error) => unreadable(folder, &error),
    }
    paths.sort();
    for path in paths {
        let is_folder = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir());
        if is_folder {
            if recursive {
                walk(&path, recursive, sources, skipped);
            }
        } else if has_extension(&path) {
            match fs::metadata(&path) {
                Ok(metadata) if metadata.is_file() => sources.push(Source::File(path)),
                // A link to a directory, a socket, a device.
                Ok(_) => {}
                Err(error) => skipped.push(skip(&path, &error)),
            }
        }
    }
}

/// A file that a directory holds and that can't be read.
pub(super) fn skip(path: &Path, error: &io::Error) -> Skipped {
    Skipped {
        resource: path.display().to_string(),
        namespace: None,
        reason: "Unreadable".to_owned(),
        message: error.to_string(),
    }
}

fn has_extension(path: &Path) -> bool {
    matches!(path.extension().and_then(OsStr::to_str), Some("json" | "yaml" | "yml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(files: &[&str], recursive: bool) -> Result<Vec<String>, String> {
        let files: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
        let sources = expand(&files, recursive, &mut Vec::new()).map_err(|error| error.to_string())?;
        Ok(sources
            .into_iter()
            .map(|source| match source {
                Source::Stdin => "-".to_owned(),
                Source::File(path) => path.file_name().unwrap().to_string_lossy().into_owned(),
            })
            .collect())
    }

    #[test]
    fn directories_give_their_manifests_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["b.yaml", "a.json", "c.txt", "x.yaml/d.yml", "s/e.yaml", "empty/none.md"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path(), folder.path().join("s/loop.yaml")).unwrap();
        let at = |path: &str| folder.path().join(path).display().to_string();
        assert_eq!(names(&[&at("")], false).unwrap(), ["a.json", "b.yaml"]);
        assert_eq!(names(&[&at("")], true).unwrap(), ["a.json", "b.yaml", "e.yaml", "d.yml"]);
        assert_eq!(names(&[&at("c.txt"), "-"], false).unwrap(), ["c.txt", "-"]);
        assert_eq!(names(&[&at("[bc].*"), &at("*/e.y?ml")], false).unwrap(), ["b.yaml", "c.txt", "e.yaml"]);
        assert_eq!(names(&[&at("x*")], false).unwrap(), ["d.yml"], "a directory that matches");
        let nothing = at("*.toml");
        assert_eq!(names(&[&nothing], false).unwrap_err(), format!("the path {nothing:?} does not exist"));
        let broken = names(&[&at("a***")], false).unwrap_err();
        assert!(broken.contains("is not valid: "), "{broken}");
        fs::write(folder.path().join("[x].json"), "").unwrap();
        assert_eq!(names(&[&at("[x].json")], false).unwrap(), ["[x].json"], "a file of that name");
        let empty = names(&[&at("empty")], true).unwrap_err();
        assert!(empty.ends_with("empty]: recognized file extensions are [.json .yaml .yml]"), "{empty}");
    }

    #[test]
    fn what_kustomizations_are_made_with_is_no_manifest() {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in [
            (
                "base/kustomization.yaml",
                "resources: [web.yaml]\nconfigMapGenerator: [{name: c, files: [k=map.yaml]}]",
            ),
            ("base/web.yaml", ""),
            ("base/map.yaml", ""),
            (
                "over/kustomization.yml",
                "patches: [{path: ./patch.yaml, target: {kind: Pod}}, {path: ../shared/p.yaml}, {patch: 'x: y'}]\npatchesStrategicMerge: [merge.yaml, \"kind: Pod\\nx: y\"]",
            ),
            ("over/patch.yaml", ""),
            ("over/merge.yaml", ""),
            ("over/own.yaml", ""),
            ("shared/p.yaml", ""),
            (
                "flux/kustomization.yaml",
                "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\npatches: [{path: x.yaml}]",
            ),
            ("flux/x.yaml", ""),
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let at = |path: &str| folder.path().join(path).display().to_string();
        assert_eq!(
            names(&[&at("")], true).unwrap(),
            ["web.yaml", "kustomization.yaml", "x.yaml", "own.yaml"]
        );
        assert_eq!(names(&[&at("over/patch.yaml")], false).unwrap(), ["patch.yaml"], "asked for by name");
    }

    #[test]
    fn errors_are_kubectls() {
        assert_eq!(names(&["no/such.yaml"], false).unwrap_err(), "the path \"no/such.yaml\" does not exist");
        let twice = names(&["-", "-"], false).unwrap_err();
        assert_eq!(twice, "standard input cannot be used for multiple arguments");
        assert!(
            names(&["https://example.com/a.yaml"], false).unwrap_err().contains("addresses are not read")
        );
    }
}
