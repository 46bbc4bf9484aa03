//! Shell completion, for kubectl and for the shells themselves.
//!
//! kubectl runs `kubectl_complete-graph ARG…` for `kubectl graph ARG…<TAB>`; the shells' own scripts run `kubectl-graph
//! __complete ARG…`. Both get what cobra programs answer: a candidate a line, a description behind a tab, and at the
//! end `:` with a number that says what the shell is to do. Whatever fails, fails silently: nobody wants an error in the
//! middle of the line that is being written.

mod answer;
mod cluster;
mod engine;
mod install;
mod line;
mod objects;
mod scripts;

use std::{
    ffi::OsString,
    io::{self, Write},
};

use clap::{Arg, ArgMatches, Command, ValueHint, builder::PossibleValuesParser};

use self::scripts::SHELLS;
use super::{exit::Exit, program::Program};
use crate::cluster::Env;

/// What an argument stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A namespace of the cluster.
    Namespace,
    /// A context of the kubeconfig.
    Context,
    /// Contexts of the kubeconfig with commas between them.
    Contexts,
    /// A cluster of the kubeconfig.
    Cluster,
    /// A user of the kubeconfig.
    User,
    /// A resource type.
    Type,
    /// Resource types with commas between them.
    Types,
    /// One object as `TYPE/NAME`.
    Object,
    /// kubectl's resource arguments: `TYPE`, `TYPE NAME…`, `TYPE/NAME…`.
    Resources,
    /// One of these words; one that ends with `=` goes on.
    Word(&'static [&'static str]),
    /// Some of these words with commas between them; one that ends with `=` goes on.
    Words(&'static [&'static str]),
    /// A file.
    File,
    /// A directory.
    Directory,
    /// Something that can't be guessed.
    Unknown,
}

impl What {
    /// What an argument stands for that has the same name in every plugin.
    fn of_common(id: &str) -> Option<Self> {
        Some(match id {
            "resources" => Self::Resources,
            "to" => Self::Object,
            "include" | "exclude" => Self::Types,
            "filename" | "snapshot" => Self::File,
            "kustomize" => Self::Directory,
            "namespace" => Self::Namespace,
            "context" => Self::Context,
            "contexts" => Self::Contexts,
            "cluster" => Self::Cluster,
            "user" => Self::User,
            _ => return None,
        })
    }

    fn of_hint(hint: ValueHint) -> Self {
        match hint {
            ValueHint::FilePath | ValueHint::AnyPath | ValueHint::ExecutablePath => Self::File,
            ValueHint::DirPath => Self::Directory,
            _ => Self::Unknown,
        }
    }
}

/// Prints the candidates for the last of `args`.
pub(super) fn answer(
    program: &Program,
    mut command: Command,
    args: &[OsString],
    env: &Env,
) -> anyhow::Result<Exit> {
    command.build();
    let words: Vec<String> = args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let answer = engine::complete(program, &command, &words, env);
    answer.write(&mut io::stdout().lock())?;
    Ok(Exit::Ok)
}

/// `completion SHELL` and `completion install`.
pub(super) fn subcommand(plugin: &str) -> Command {
    let shell = Arg::new("shell")
        .value_name("SHELL")
        .required(true)
        .value_parser(PossibleValuesParser::new(SHELLS))
        .help("Shell to print the script for: bash, zsh, fish or powershell");
    let install =
        Command::new("install").about(format!("Make kubectl complete `kubectl {plugin}`")).arg(
            Arg::new("dir").long("dir").value_name("DIR").value_hint(ValueHint::DirPath).help(
                "Directory of PATH to write to; beside the plugin, or ~/.local/bin, when it is not given",
            ),
        );
    Command::new("completion")
        .about("Print a shell's completion script, or install completion for kubectl")
        .arg(shell)
        .subcommand(install)
        .subcommand_negates_reqs(true)
        .args_conflicts_with_subcommands(true)
        .disable_help_subcommand(true)
}

/// Runs [`subcommand`].
pub(super) fn run_subcommand(program: &Program, matches: &ArgMatches, env: &Env) -> anyhow::Result<Exit> {
    let given = |matches: &ArgMatches, id: &str| matches.get_one::<String>(id).cloned();
    let text = if let Some(("install", matches)) = matches.subcommand() {
        install::install(program.name, given(matches, "dir").as_deref(), env)?
    } else {
        scripts::script(&given(matches, "shell").unwrap_or_default(), program.name)
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Exit::Ok)
}
