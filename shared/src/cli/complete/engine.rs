//! From a line to candidates.

use clap::{Arg, Command};

use super::{
    What,
    answer::{Answer, Candidate},
    cluster::Cluster,
    line::{Line, Slot},
    objects,
};
use crate::{cli::program::Program, cluster::Env};

/// The candidates for the last of `words`.
pub(super) fn complete(program: &Program, command: &Command, words: &[String], env: &Env) -> Answer {
    let line = Line::read(command, words);
    match line.slot {
        Slot::FlagName => flag_names(&line),
        Slot::Value(arg) => value(program, &line, arg, env),
        Slot::Positional => {
            let mut answer = match positional(&line) {
                Some(arg) => value(program, &line, arg, env),
                None => Answer::nothing(),
            };
            if line.positionals.is_empty() {
                answer.candidates.extend(subcommands(&line));
            }
            answer
        }
    }
}

/// The argument that a word without a dash belongs to: the next one, or the last when it takes any number.
fn positional<'a>(line: &Line<'a>) -> Option<&'a Arg> {
    let mut args: Vec<&Arg> = line.command.get_positionals().collect();
    args.sort_by_key(|arg| arg.get_index());
    let many = |arg: &&&Arg| arg.get_num_args().is_some_and(|range| range.max_values() > 1);
    args.get(line.positionals.len()).or_else(|| args.last().filter(many)).copied()
}

fn value(program: &Program, line: &Line<'_>, arg: &Arg, env: &Env) -> Answer {
    let possible: Vec<Candidate> = arg
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| {
            Candidate::new(value.get_name(), value.get_help().map(ToString::to_string).unwrap_or_default())
        })
        .collect();
    if !possible.is_empty() {
        return Answer::of(matching(possible, &line.prefix));
    }
    let id = arg.get_id().as_str();
    let what = (program.completes)(id).or_else(|| What::of_common(id));
    let what = what.unwrap_or_else(|| What::of_hint(arg.get_value_hint()));
    let cluster = || Cluster::of(program, line, env);
    let prefix = line.prefix.as_str();
    match what {
        What::File => Answer::files(),
        What::Directory => Answer::directories(),
        What::Unknown => Answer::nothing(),
        What::Word(words) => word(words, prefix),
        What::Words(words) => with_commas(candidates(words), prefix),
        What::Namespace => Answer::of(matching(cluster().namespaces(), prefix)),
        What::Context => Answer::of(matching(cluster().contexts(), prefix)),
        What::Contexts => with_commas(cluster().contexts(), prefix),
        What::Cluster => Answer::of(matching(cluster().clusters(), prefix)),
        What::User => Answer::of(matching(cluster().users(), prefix)),
        What::Type => objects::types(&cluster(), prefix),
        What::Types => objects::type_list(&cluster(), prefix),
        What::Object => objects::object(&cluster(), prefix, &[]),
        What::Resources => objects::resources(&cluster(), prefix, &line.positionals),
    }
}

fn word(words: &[&str], prefix: &str) -> Answer {
    going_on(matching(candidates(words), prefix))
}

/// Several with commas between them, each once: the last is being written.
fn with_commas(candidates: Vec<Candidate>, prefix: &str) -> Answer {
    let (done, last) = prefix.rsplit_once(',').map_or((None, prefix), |(done, last)| (Some(done), last));
    let is_done = |value: &str| done.is_some_and(|done| done.split(',').any(|other| other == value));
    let mut open = matching(candidates, last);
    open.retain(|candidate| !is_done(&candidate.value));
    if let Some(done) = done {
        for candidate in &mut open {
            candidate.value = format!("{done},{}", candidate.value);
        }
    }
    going_on(open)
}

/// These; a single one that ends with `=` has more to come.
fn going_on(found: Vec<Candidate>) -> Answer {
    let goes_on = matches!(found.as_slice(), [only] if only.value.ends_with('='));
    let answer = Answer::of(found);
    if goes_on { answer.without_space() } else { answer }
}

fn candidates(words: &[&str]) -> Vec<Candidate> {
    words.iter().map(|&word| Candidate::new(word, "")).collect()
}

fn flag_names(line: &Line<'_>) -> Answer {
    let mut candidates = Vec::new();
    for arg in line.command.get_arguments().filter(|arg| !arg.is_hide_set() && !line.is_spent(arg)) {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let help = help.lines().next().unwrap_or_default();
        let long = arg.get_long().map(|name| format!("--{name}"));
        // A single dash asks for everything; the short names would only be in the way otherwise.
        let short = arg.get_short().filter(|_| line.prefix == "-").map(|letter| format!("-{letter}"));
        candidates.extend(long.into_iter().chain(short).map(|name| Candidate::new(name, help)));
    }
    Answer::of(matching(candidates, &line.prefix))
}

fn subcommands(line: &Line<'_>) -> Vec<Candidate> {
    let shown = line.command.get_subcommands().filter(|command| !command.is_hide_set());
    let candidates = shown.map(|command| {
        Candidate::new(command.get_name(), command.get_about().map(ToString::to_string).unwrap_or_default())
    });
    matching(candidates.collect(), &line.prefix)
}

/// Those that begin with what is written.
pub(super) fn matching(mut candidates: Vec<Candidate>, prefix: &str) -> Vec<Candidate> {
    candidates.retain(|candidate| candidate.value.starts_with(prefix));
    candidates
}

#[cfg(test)]
mod tests;
