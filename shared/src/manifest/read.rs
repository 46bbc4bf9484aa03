//! From the arguments of `-f` and `-k` to documents.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
    sync::Arc,
};

use super::{
    Document, InputError, Origin, Scopes, Skipped,
    encoding::Utf8,
    kustomize,
    object::{hide_secrets, identify, redact},
    parse::{Problem, parse},
    paths::{Source, expand, skip},
    split::Splitter,
};

/// What the user asked to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs {
    /// `-f`: files, directories, `-` for standard input.
    pub files: Vec<String>,
    /// `-k`: a directory with a kustomization.
    pub kustomize: Option<String>,
    /// `-R`: directories with all that is below them.
    pub recursive: bool,
    /// Whether the data of config maps is kept, and the keys of secrets: rules look into them. Values of secrets never
    /// are.
    pub keep_data: bool,
}

/// Of one file no more than this is told to be broken in detail: a file of rubbish must not fill the memory.
const MAX_SKIPPED: usize = 100;

/// Reads everything and hands each object to `sink`, in order, but for custom resources whose scope only a later
/// document tells: those come last. What comes back could not be read.
pub fn read(
    inputs: &Inputs,
    stdin: &mut dyn Read,
    mut scopes: Scopes,
    sink: &mut dyn FnMut(Document),
) -> Result<Vec<Skipped>, InputError> {
    let mut skipped = Vec::new();
    if let Some(folder) = &inputs.kustomize {
        if inputs.recursive {
            return Err(InputError::RecursiveKustomize);
        }
        if !inputs.files.is_empty() {
            return Err(InputError::BothKinds);
        }
        let (build, output) = kustomize::build(folder)?;
        let name = format!("kustomization {folder}");
        read_stream(&name, output, inputs.keep_data, &mut skipped, &mut |document| {
            scopes.settle(document, sink);
        });
        build.finish()?;
    }
    for source in expand(&inputs.files, inputs.recursive, &mut skipped)? {
        let mut settled = |document| scopes.settle(document, sink);
        match source {
            Source::Stdin => {
                read_stream("standard input", &mut *stdin, inputs.keep_data, &mut skipped, &mut settled);
            }
            Source::File(path) => {
                let name = path.display().to_string();
                match File::open(&path) {
                    Ok(file) => read_stream(&name, file, inputs.keep_data, &mut skipped, &mut settled),
                    Err(error) if inputs.files.iter().any(|file| Path::new(file) == path) => {
                        return Err(InputError::Open { path: name, error });
                    }
                    Err(error) => skipped.push(skip(&path, &error)),
                }
            }
        }
    }
    scopes.finish(sink);
    Ok(skipped)
}

/// Reads one stream of documents.
pub(super) fn read_stream(
    name: &str,
    reader: impl Read,
    keep_data: bool,
    skipped: &mut Vec<Skipped>,
    sink: &mut dyn FnMut(Document),
) {
    let file: Arc<str> = name.into();
    let mut splitter = Splitter::new(Utf8::new(reader));
    let mut problems = Problems { all: skipped, told: 0, more: 0 };
    let mut number = 0;
    loop {
        let head = match splitter.next_document() {
            Ok(Some(head)) => head,
            Ok(None) => break,
            Err(error) => {
                problems.unreadable(&file, &error);
                break;
            }
        };
        number += 1;
        let at = |line, item| Origin { file: file.clone(), document: number, line, item };
        let wrong = parse(&head, &mut splitter, &mut |mut object, item| {
            if keep_data {
                hide_secrets(&mut object);
            } else {
                redact(&mut object);
            }
            match identify(&object) {
                Ok((api_version, kind)) => {
                    sink(Document { object, api_version, kind, origin: at(head.line, item) });
                }
                Err(message) => problems.push(&at(head.line, item), "Invalid", message),
            }
        });
        let unreadable = wrong.iter().any(|problem| problem.reason == "Unreadable");
        for Problem { line, reason, message } in wrong {
            problems.push(&at(line, None), reason, message);
        }
        if unreadable {
            // Reading on from where reading failed gives nonsense, if it ends at all.
            break;
        }
    }
    problems.finish(&file);
}

/// What is wrong with one file.
struct Problems<'a> {
    all: &'a mut Vec<Skipped>,
    told: usize,
    more: usize,
}

impl Problems<'_> {
    fn push(&mut self, origin: &Origin, reason: &str, message: String) {
        if self.told == MAX_SKIPPED {
            self.more += 1;
            return;
        }
        self.told += 1;
        self.all.push(Skipped {
            resource: origin.to_string(),
            namespace: None,
            reason: reason.to_owned(),
            message,
        });
    }

    fn unreadable(&mut self, file: &str, error: &io::Error) {
        self.all.push(skip(Path::new(file), error));
    }

    fn finish(self, file: &str) {
        if self.more > 0 {
            self.all.push(Skipped {
                resource: file.to_owned(),
                namespace: None,
                reason: "Invalid".to_owned(),
                message: format!("{} more objects could not be read", self.more),
            });
        }
    }
}
