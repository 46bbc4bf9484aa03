//! From the arguments of `-f` and `-k` to documents.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
    sync::Arc,
    thread,
};

use super::{
    Document, InputError, Origin, Scopes, Skipped,
    encoding::Utf8,
    kustomize,
    parse::Problem,
    parsers::{Parsers, Place, Read},
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
/// Longer documents are parsed while they are read. Of these, and of lists, the memory never holds the whole.
const LONG: u64 = 256 * 1024;

/// Reads everything and hands each object to `sink`, in order, but for custom resources whose scope only a later
/// document tells: those come last. What comes back could not be read.
pub fn read(
    inputs: &Inputs,
    stdin: &mut dyn io::Read,
    scopes: Scopes,
    sink: &mut dyn FnMut(Document),
) -> Result<Vec<Skipped>, InputError> {
    if inputs.kustomize.is_some() && inputs.recursive {
        return Err(InputError::RecursiveKustomize);
    }
    if inputs.kustomize.is_some() && !inputs.files.is_empty() {
        return Err(InputError::BothKinds);
    }
    let mut skipped = Vec::new();
    let sources = expand(&inputs.files, inputs.recursive, &mut skipped)?;
    let mut results = Results { scopes, sink, skipped, told: 0, more: 0 };
    thread::scope(|threads| {
        let mut take = |read| results.take(read);
        let mut parsers = Parsers::new(threads, inputs.keep_data, &mut take);
        if let Some(folder) = &inputs.kustomize {
            let (build, output) = kustomize::build(folder)?;
            read_stream(&format!("kustomization {folder}"), output, &mut parsers);
            build.finish()?;
        }
        for source in sources {
            match source {
                Source::Stdin => read_stream("standard input", &mut *stdin, &mut parsers),
                Source::File(path) => {
                    let name = path.display().to_string();
                    match File::open(&path) {
                        Ok(file) => read_stream(&name, file, &mut parsers),
                        Err(error) if inputs.files.iter().any(|file| Path::new(file) == path) => {
                            return Err(InputError::Open { path: name, error });
                        }
                        Err(error) => parsers.pass(Read::Lost(skip(&path, &error))),
                    }
                }
            }
        }
        parsers.settle();
        Ok(())
    })?;
    results.scopes.finish(results.sink);
    Ok(results.skipped)
}

/// Reads one stream of documents.
fn read_stream(name: &str, reader: impl io::Read, parsers: &mut Parsers<'_, '_, '_>) {
    let file: Arc<str> = name.into();
    let mut splitter = Splitter::new(Utf8::new(reader));
    let mut document = 0;
    loop {
        let head = match splitter.next_document() {
            Ok(Some(head)) => head,
            Ok(None) => break,
            Err(error) => {
                parsers.pass(Read::Lost(skip(Path::new(name), &error)));
                break;
            }
        };
        document += 1;
        let place = Place { file: Arc::clone(&file), document };
        let mut text = Vec::new();
        match splitter.by_ref().take(LONG).read_to_end(&mut text) {
            Ok(length) if (length as u64) < LONG => parsers.parse(place, head, text),
            read => {
                let rest = read.map_or_else(|error| Rest::Broken(Some(error)), |_| Rest::Text(&mut splitter));
                // Reading on from where reading failed gives nonsense, if it ends at all.
                if !parsers.parse_from(&place, &head, &mut text.as_slice().chain(rest)) {
                    break;
                }
            }
        }
    }
    parsers.pass(Read::End(file));
}

/// What follows the beginning of a long document.
enum Rest<'a, R> {
    Text(&'a mut Splitter<R>),
    Broken(Option<io::Error>),
}

impl<R: io::Read> io::Read for Rest<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Text(splitter) => splitter.read(buffer),
            Self::Broken(error) => error.take().map_or(Ok(0), Err),
        }
    }
}

/// What comes of reading.
struct Results<'a> {
    scopes: Scopes,
    sink: &'a mut dyn FnMut(Document),
    skipped: Vec<Skipped>,
    /// What is wrong with the file that is read: what was told of it, and what was not.
    told: usize,
    more: usize,
}

impl Results<'_> {
    fn take(&mut self, read: Read) {
        match read {
            Read::Object(document) => self.scopes.settle(document, self.sink),
            Read::Wrong(origin, problem) => self.wrong(&origin, problem),
            Read::Lost(skipped) => self.skipped.push(skipped),
            Read::End(file) => self.end(&file),
        }
    }

    fn wrong(&mut self, origin: &Origin, Problem { reason, message, .. }: Problem) {
        if self.told == MAX_SKIPPED {
            self.more += 1;
            return;
        }
        self.told += 1;
        self.skipped.push(Skipped {
            resource: origin.to_string(),
            namespace: None,
            reason: reason.to_owned(),
            message,
        });
    }

    fn end(&mut self, file: &str) {
        if self.more > 0 {
            self.skipped.push(Skipped {
                resource: file.to_owned(),
                namespace: None,
                reason: "Invalid".to_owned(),
                message: format!("{} more objects could not be read", self.more),
            });
        }
        (self.told, self.more) = (0, 0);
    }
}
