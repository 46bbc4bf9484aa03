//! Documents parsed on all processors, which come out in the order in which they went in.
//!
//! Text is gathered to batches, batches go to the threads in turn, and what became of them is taken back in the same
//! turn: no order depends on which thread is faster. What is shorter than one batch needs no threads at all.

use std::{
    collections::VecDeque,
    mem,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread::{self, Scope},
};

use super::{
    Document, Origin, Skipped,
    object::{hide_secrets, identify, redact},
    parse::{Problem, parse},
    split::Head,
};
use crate::parallel;

/// Bytes of text that make a batch.
const BATCH: usize = 32 * 1024;
/// Threads that are worth their start: reading and what follows keep one busy too.
const MOST_THREADS: usize = 4;
/// Batches that each thread may have before it and behind it.
const AHEAD: usize = 3;
/// A parser's stack, as the first thread of a program has it: text may nest.
const STACK: usize = 8 << 20;

/// Where a document stands.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) file: Arc<str>,
    /// From 1.
    pub(super) document: u32,
}

/// What came of reading, in the order of the files.
pub(super) enum Read {
    Object(Document),
    /// What is wrong with a document.
    Wrong(Origin, Problem),
    /// A file that can't be read, or not to its end.
    Lost(Skipped),
    /// A file's end.
    End(Arc<str>),
}

/// The text of a document, or what needs no parsing and keeps its place.
enum Task {
    Parse(Place, Head, Vec<u8>),
    Pass(Read),
}

/// Parses in the order in which it is asked.
pub(super) struct Parsers<'scope, 'env, 'sink> {
    threads: &'scope Scope<'scope, 'env>,
    lanes: Vec<Lane>,
    /// Whether threads were started, or could not be.
    started: bool,
    /// Which lane has the next batch.
    next: usize,
    /// The lanes that have batches, in the order of these.
    busy: VecDeque<usize>,
    batch: Vec<Task>,
    /// Bytes of text in the batch.
    length: usize,
    keep_data: bool,
    sink: &'sink mut dyn FnMut(Read),
}

/// One thread.
struct Lane {
    tasks: Sender<Vec<Task>>,
    read: Receiver<Vec<Read>>,
}

impl<'scope, 'env, 'sink> Parsers<'scope, 'env, 'sink> {
    pub(super) fn new(
        threads: &'scope Scope<'scope, 'env>,
        keep_data: bool,
        sink: &'sink mut dyn FnMut(Read),
    ) -> Self {
        Self {
            threads,
            lanes: Vec::new(),
            started: false,
            next: 0,
            busy: VecDeque::new(),
            batch: Vec::new(),
            length: 0,
            keep_data,
            sink,
        }
    }

    /// Parses a document whose text is whole.
    pub(super) fn parse(&mut self, place: Place, head: Head, text: Vec<u8>) {
        self.length += text.len();
        self.batch.push(Task::Parse(place, head, text));
        if self.length >= BATCH {
            self.start();
            self.submit();
        }
    }

    /// Parses a document while it is read, when all that came before has been handed on. `false`: its text could not
    /// be read to its end.
    pub(super) fn parse_from(&mut self, place: &Place, head: &Head, text: &mut dyn std::io::Read) -> bool {
        self.settle();
        parse_one(place, head, text, self.keep_data, self.sink)
    }

    /// Hands something on in its turn.
    pub(super) fn pass(&mut self, read: Read) {
        self.batch.push(Task::Pass(read));
    }

    /// Hands on everything there is.
    pub(super) fn settle(&mut self) {
        if self.busy.is_empty() {
            work(mem::take(&mut self.batch), self.keep_data, self.sink);
            self.length = 0;
            return;
        }
        self.submit();
        while !self.busy.is_empty() {
            self.take_back();
        }
    }

    fn start(&mut self) {
        if mem::replace(&mut self.started, true) {
            return;
        }
        let count = parallel::threads(MOST_THREADS);
        // The one that there is can parse as well as another.
        for _ in 0..if count > 1 { count } else { 0 } {
            let (tasks, taken) = channel::<Vec<Task>>();
            let (done, read) = channel();
            let keep_data = self.keep_data;
            let parse = move || {
                for batch in taken {
                    let mut all = Vec::with_capacity(batch.len());
                    work(batch, keep_data, &mut |read| all.push(read));
                    if done.send(all).is_err() {
                        break;
                    }
                }
            };
            let thread = thread::Builder::new().name("parser".to_owned()).stack_size(STACK);
            if thread.spawn_scoped(self.threads, parse).is_err() {
                // Then there are as many as may be.
                break;
            }
            self.lanes.push(Lane { tasks, read });
        }
    }

    fn submit(&mut self) {
        self.length = 0;
        let batch = mem::take(&mut self.batch);
        if self.busy.len() == self.lanes.len() * AHEAD {
            self.take_back();
        }
        let Some(lane) = self.lanes.get(self.next) else {
            return work(batch, self.keep_data, self.sink);
        };
        // A thread that is gone has panicked, which the scope passes on.
        if lane.tasks.send(batch).is_ok() {
            self.busy.push_back(self.next);
        }
        self.next = (self.next + 1) % self.lanes.len();
    }

    fn take_back(&mut self) {
        let lane = self.busy.pop_front().and_then(|lane| self.lanes.get(lane));
        let read = lane.and_then(|lane| lane.read.recv().ok());
        read.into_iter().flatten().for_each(&mut *self.sink);
    }
}

fn work(batch: Vec<Task>, keep_data: bool, sink: &mut dyn FnMut(Read)) {
    for task in batch {
        match task {
            Task::Pass(read) => sink(read),
            Task::Parse(place, head, text) => {
                parse_one(&place, &head, &mut text.as_slice(), keep_data, sink);
            }
        }
    }
}

fn parse_one(
    place: &Place,
    head: &Head,
    text: &mut dyn std::io::Read,
    keep_data: bool,
    sink: &mut dyn FnMut(Read),
) -> bool {
    let at = |line, item| Origin { file: place.file.clone(), document: place.document, line, item };
    let wrong = parse(head, text, &mut |mut object, item| {
        if keep_data {
            hide_secrets(&mut object);
        } else {
            redact(&mut object);
        }
        sink(match identify(&object) {
            Ok((api_version, kind)) => {
                Read::Object(Document { object, api_version, kind, origin: at(head.line, item) })
            }
            Err(message) => {
                Read::Wrong(at(head.line, item), Problem { line: head.line, reason: "Invalid", message })
            }
        });
    });
    let readable = wrong.iter().all(|problem| problem.reason != "Unreadable");
    for problem in wrong {
        sink(Read::Wrong(at(problem.line, None), problem));
    }
    readable
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::manifest::{Inputs, Scopes, read, tests::told};

    /// As many documents as several batches hold, each of which says its number; some are broken, some are long.
    fn many(count: usize) -> (String, Vec<String>, usize) {
        let (mut text, mut names, mut broken) = (String::new(), Vec::new(), 0);
        for number in 0..count {
            let line = text.matches('\n').count() + 1;
            let filler = if number % 500 == 77 { 300_000 } else { number % 90 };
            let filler = "x".repeat(filler);
            match number % 61 {
                60 => {
                    broken += 1;
                    writeln!(text, "kind: [Pod").unwrap();
                }
                7 => {
                    let items = format!(
                        r#"{{"kind": "List", "apiVersion": "v1", "items": [{{"kind": "Pod", "apiVersion": "v1", "metadata": {{"name": "p{number}"}}}}, {{"kind": "Pod", "apiVersion": "v1", "metadata": {{"name": "q{number}"}}}}]}}"#
                    );
                    writeln!(text, "{items}").unwrap();
                    names.extend([format!("Pod/p{number}@{line}"), format!("Pod/q{number}@{line}")]);
                }
                _ => {
                    names.push(format!("Pod/p{number}@{line}"));
                    writeln!(text, "kind: Pod\napiVersion: v1\nmetadata:\n  name: p{number}\nx: {filler}")
                        .unwrap();
                }
            }
            text.push_str("---\n");
        }
        (text, names, broken)
    }

    #[test]
    fn what_comes_out_is_in_order() {
        let (text, names, broken) = many(2_500);
        let (found, wrong) = told(&text);
        assert_eq!(found, names);
        assert_eq!(wrong.len(), broken);
        let mut lines: Vec<u32> = wrong
            .iter()
            .map(|it| it.split("line ").nth(1).unwrap().split(':').next().unwrap().parse().unwrap())
            .collect();
        let told = lines.clone();
        lines.sort_unstable();
        assert_eq!(told, lines);
    }

    #[test]
    fn files_are_read_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let mut expected = Vec::new();
        for file in 0..40 {
            let name = format!("{file:02}.yaml");
            for document in 0..60 {
                expected.push(format!("{name}: document {}", document + 1));
            }
            let pod =
                format!("kind: Pod\napiVersion: v1\nmetadata: {{name: p}}\nx: {}\n---\n", "y".repeat(40));
            std::fs::write(folder.path().join(&name), pod.repeat(60)).unwrap();
        }
        let inputs = Inputs { files: vec![folder.path().to_str().unwrap().to_owned()], ..Inputs::default() };
        let mut places = Vec::new();
        let skipped = read(&inputs, &mut std::io::empty(), Scopes::new("default"), &mut |document| {
            let place = document.origin.to_string();
            let place = place.rsplit('/').next().unwrap().split(',').next().unwrap().to_owned();
            places.push(place);
        });
        assert_eq!(skipped.unwrap(), []);
        assert_eq!(places, expected);
    }
}
