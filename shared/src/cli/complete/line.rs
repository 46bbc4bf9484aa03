//! The line that is being written, read with the command's own flags.

use clap::{Arg, ArgAction, Command};

/// What stands on the line, and what is being written.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// The command, or the one of its subcommands that the line is in.
    pub command: &'a Command,
    /// Flags that are complete, with their values.
    pub flags: Vec<(&'a Arg, String)>,
    /// Words that are no flags.
    pub positionals: Vec<String>,
    /// What is being written.
    pub slot: Slot<'a>,
    /// The part of it that is there.
    pub prefix: String,
}

/// What is being written.
#[derive(Debug)]
pub(super) enum Slot<'a> {
    /// A flag's name.
    FlagName,
    /// A flag's value.
    Value(&'a Arg),
    /// A word that is no flag.
    Positional,
}

impl<'a> Line<'a> {
    /// Reads the words behind the command's name; the last is being written. `command` must be built.
    pub(super) fn read(command: &'a Command, words: &[String]) -> Self {
        let mut line = Self {
            command,
            flags: Vec::new(),
            positionals: Vec::new(),
            slot: Slot::Positional,
            prefix: String::new(),
        };
        let (last, before) =
            words.split_last().map_or((String::new(), words), |(last, before)| (last.clone(), before));
        let mut waiting: Option<&Arg> = None;
        let mut only_positionals = false;
        for word in before {
            if let Some(arg) = waiting.take() {
                line.flags.push((arg, word.clone()));
            } else if only_positionals || !word.starts_with('-') || word == "-" {
                line.word(word);
            } else if word == "--" {
                only_positionals = true;
            } else {
                waiting = line.flag(word);
            }
        }
        line.current(&last, waiting, only_positionals);
        line
    }

    fn word(&mut self, word: &str) {
        match self.command.find_subcommand(word).filter(|_| self.positionals.is_empty()) {
            Some(subcommand) => self.command = subcommand,
            None => self.positionals.push(word.to_owned()),
        }
    }

    /// A flag word: `--name`, `--name=value`, `-abc`, `-nvalue`. Gives the flag when its value is the next word.
    fn flag(&mut self, word: &str) -> Option<&'a Arg> {
        if let Some(name) = word.strip_prefix("--") {
            let (name, value) =
                name.split_once('=').map_or((name, None), |(name, value)| (name, Some(value)));
            let arg = self.long(name)?;
            if let Some(value) = value {
                self.flags.push((arg, value.to_owned()));
                return None;
            }
            return self.take(arg);
        }
        let letters = &word[1..];
        for (at, letter) in letters.char_indices() {
            let arg = self.command.get_arguments().find(|arg| arg.get_short() == Some(letter))?;
            let rest = &letters[at + letter.len_utf8()..];
            if takes_next_word(arg) && !rest.is_empty() {
                self.flags.push((arg, rest.strip_prefix('=').unwrap_or(rest).to_owned()));
                return None;
            }
            if let Some(arg) = self.take(arg) {
                return Some(arg);
            }
        }
        None
    }

    /// Notes a flag without a value, or gives it back for the next word.
    fn take(&mut self, arg: &'a Arg) -> Option<&'a Arg> {
        if takes_next_word(arg) {
            return Some(arg);
        }
        self.flags.push((arg, "true".to_owned()));
        None
    }

    fn long(&self, name: &str) -> Option<&'a Arg> {
        self.command.get_arguments().find(|arg| {
            arg.get_long() == Some(name)
                || arg.get_all_aliases().is_some_and(|aliases| aliases.contains(&name))
        })
    }

    fn current(&mut self, word: &str, waiting: Option<&'a Arg>, only_positionals: bool) {
        word.clone_into(&mut self.prefix);
        if let Some(arg) = waiting {
            self.slot = Slot::Value(arg);
        } else if !only_positionals && word.starts_with('-') && word != "-" {
            self.slot = Slot::FlagName;
            let Some((name, value)) = word.split_once('=') else { return };
            let arg = match name.strip_prefix("--") {
                Some(name) => self.long(name),
                None => self.command.get_arguments().find(|arg| arg.get_short() == name.chars().nth(1)),
            };
            if let Some(arg) = arg {
                self.slot = Slot::Value(arg);
                value.clone_into(&mut self.prefix);
            }
        } else if word == "-" {
            self.slot = Slot::FlagName;
        }
    }

    /// The last value of the flag with this id.
    pub(super) fn value(&self, id: &str) -> Option<&str> {
        self.flags.iter().rev().find(|(arg, _)| arg.get_id() == id).map(|(_, value)| value.as_str())
    }

    /// Whether a flag that is not repeatable is there already.
    pub(super) fn is_spent(&self, arg: &Arg) -> bool {
        !matches!(arg.get_action(), ArgAction::Append | ArgAction::Count)
            && self.flags.iter().any(|(used, _)| used.get_id() == arg.get_id())
    }
}

fn takes_next_word(arg: &Arg) -> bool {
    arg.get_action().takes_values() && !arg.is_require_equals_set()
}
