//! The frame of every plugin's `main`.

use std::{
    ffi::OsString,
    future::Future,
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use clap::{ArgMatches, Command, FromArgMatches, Parser, error::ErrorKind};

use super::{
    complete::{self, What},
    exit::Exit,
    failure::{Failures, describe, is_broken_pipe},
    help::dress,
    invocation::Invocation,
    log,
    terminal::{ColorChoice, Terminal},
    usage::UsageError,
};
use crate::{
    cluster::{ConnectOptions, Env},
    config::Config,
};

/// A plugin: what it is called, and what its arguments stand for.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    /// The plugin's name, as in `graph` or `quota-usage`.
    pub name: &'static str,
    /// What the argument with this clap id stands for, to complete it. The flags of
    /// [`CommonOptions`](super::CommonOptions) are known.
    pub completes: fn(&str) -> Option<What>,
}

/// What a run knows of where it runs.
#[derive(Debug, Clone)]
pub struct Session {
    /// The environment.
    pub env: Env,
    /// How the user calls the program, as in `kubectl graph`.
    pub command: String,
    /// Standard output.
    pub stdout: Terminal,
    /// Standard error.
    pub stderr: Terminal,
    agent: String,
}

impl Session {
    /// The options with what the client is to call itself, `http2` as the work wants it.
    pub fn prepare(&self, options: &ConnectOptions, http2: bool) -> ConnectOptions {
        ConnectOptions { user_agent: Some(self.agent.clone()), http2, ..options.clone() }
    }

    /// The configuration that all plugins share; `file` is that of `--config`.
    pub fn config(&self, file: Option<&Path>) -> anyhow::Result<Config> {
        Config::load(file, self.env.variables()).map_err(|error| {
            Failures(error.0.iter().map(|problem| anyhow::anyhow!("{problem}")).collect()).into()
        })
    }
}

impl Program {
    /// Parses the arguments into `A`, runs `body`, prints what went wrong, and gives the exit code. Answers
    /// completion, help and `completion` itself.
    pub fn run<A: Parser>(&self, body: impl FnOnce(A, &Session) -> anyhow::Result<Exit>) -> ExitCode {
        let invocation = Invocation::current(self.name);
        let env = Env::current();
        let command = self.command(A::command(), &invocation.command);
        if invocation.completing {
            return finish(complete::answer(self, command, &invocation.args, &env), &invocation.command);
        }
        let outcome = match parse(command, &invocation.args) {
            Ok(Some(matches)) => self.matched(&matches, &invocation, env, body),
            Ok(None) => Ok(Exit::Ok),
            Err(error) => Err(error),
        };
        finish(outcome, &invocation.command)
    }

    fn command(&self, command: Command, name: &str) -> Command {
        dress(command.subcommand(complete::subcommand(self.name)), name)
    }

    fn matched<A: FromArgMatches>(
        &self,
        matches: &ArgMatches,
        invocation: &Invocation,
        env: Env,
        body: impl FnOnce(A, &Session) -> anyhow::Result<Exit>,
    ) -> anyhow::Result<Exit> {
        let color = matches.try_get_one::<ColorChoice>("color").ok().flatten().copied().unwrap_or_default();
        log::start(matches.try_get_one::<u8>("v").ok().flatten().copied().unwrap_or(0));
        if let Some(("completion", matches)) = matches.subcommand() {
            return complete::run_subcommand(self, matches, &env);
        }
        let session = Session {
            command: invocation.command.clone(),
            stdout: Terminal::stdout(color, &env),
            stderr: Terminal::stderr(color, &env),
            agent: user_agent(self.name),
            env,
        };
        let args = A::from_arg_matches(matches).map_err(|error| UsageError::from_clap(&error))?;
        body(args, &session)
    }
}

/// The parsed arguments; `None` when it was help or the version that was asked for, and is now printed.
fn parse(command: Command, args: &[OsString]) -> anyhow::Result<Option<ArgMatches>> {
    let name = OsString::from(command.get_name());
    match command.try_get_matches_from(std::iter::once(name).chain(args.iter().cloned())) {
        Ok(matches) => Ok(Some(matches)),
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            io::stdout().write_all(error.render().to_string().as_bytes())?;
            Ok(None)
        }
        Err(error) => Err(UsageError::from_clap(&error).into()),
    }
}

fn finish(outcome: anyhow::Result<Exit>, command: &str) -> ExitCode {
    // What is still buffered may be what fails.
    match outcome.and_then(|exit| Ok(io::stdout().flush().map(|()| exit)?)) {
        Ok(exit) => exit.into(),
        Err(error) if is_broken_pipe(&error) => Exit::Ok.into(),
        Err(error) => {
            // Nobody is left to be told when standard error is gone too.
            let _ = writeln!(io::stderr(), "{}", describe(&error, command));
            Exit::Failed.into()
        }
    }
}

/// `kubectl-graph/0.1.0 (linux/amd64)`, in Go's words for systems and processors as other clients have it.
fn user_agent(name: &str) -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let processor = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    format!("kubectl-{name}/{} ({system}/{processor})", env!("CARGO_PKG_VERSION"))
}

/// Runs `work` to its end on this thread, which for a command that asks once and ends is quicker than several.
pub fn block_on<T>(work: impl Future<Output = T>) -> io::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let done = runtime.block_on(work);
    // A credential plugin or a name server that hangs was given up long ago: the end does not wait for it either.
    runtime.shutdown_background();
    Ok(done)
}
