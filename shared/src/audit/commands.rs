//! What containers run, as far as their command and arguments tell.

use super::subject::ContainerView;

/// A program that a container runs, and where that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run<'w> {
    /// Name of the program without its directory.
    pub(crate) program: &'w str,
    list: &'static str,
    index: usize,
}

impl Run<'_> {
    /// The field of the container: `args[0]`.
    pub(crate) fn field(&self) -> String {
        format!("{}[{}]", self.list, self.index)
    }
}

/// The programs that a container runs: its first word, and those that start a command of a script for a shell. What an
/// image runs of itself is not known.
pub(crate) fn runs<'w>(container: &ContainerView<'w>) -> impl Iterator<Item = Run<'w>> + use<'w> {
    let container = container.get();
    let words = |list: &'static str, words: &'w [String]| {
        words.iter().enumerate().map(move |(index, word)| (list, index, word.as_str()))
    };
    let command = words("command", &container.command);
    let first = (!container.command.is_empty()).then_some(("command", 0));
    let all = command.chain(words("args", &container.args));
    // What stands alone in an argument is data, unless it is what the container starts.
    all.flat_map(move |(list, index, text)| {
        let is_first = first == Some((list, index));
        let is_script = !is_first && text.contains(char::is_whitespace);
        let commands = is_script.then(|| text.split([';', '&', '|', '\n', '(', ')', '`']));
        let scripted = commands.into_iter().flatten().filter_map(|command| {
            let mut words = command.split_whitespace().filter(|word| !PREFIXES.contains(word));
            words.find(|word| !word.contains('='))
        });
        let direct = is_first.then_some(text);
        direct.into_iter().chain(scripted).map(move |word| Run {
            program: word.rsplit('/').next().unwrap_or(word),
            list,
            index,
        })
    })
}

/// Words of a shell that stand before a command.
const PREFIXES: &[&str] = &[
    "!", "command", "do", "elif", "else", "env", "exec", "if", "nohup", "then", "time", "until", "while", "{",
];
