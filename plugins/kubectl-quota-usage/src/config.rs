//! `kubectl quota-usage config`, and the configuration that every subcommand reads.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use anyhow::{Context as _, Result};
use passmuster::{
    cli::{Exit, Session, UsageError},
    cluster::contexts,
    config::{Config, ConfigCheck, File, Surroundings, check, example},
    report::{Format, Options},
};

use crate::args::Common;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum ConfigCommand {
    /// Say what is wrong with the configuration file, and what counts for each key
    Check,
    /// Print where the configuration file is, or would be
    Path,
    /// Print a configuration file with every key, explained
    Example,
}

pub(crate) fn run(command: &ConfigCommand, common: &Common, session: &Session) -> Result<Exit> {
    if !matches!(command, ConfigCommand::Check) && !common.output.is_empty() {
        return Err(UsageError::new("--output is for config check").into());
    }
    match command {
        ConfigCommand::Check => check_all(common, session),
        ConfigCommand::Path => {
            let file =
                find(common, session).context("there is no home directory: name the file with --config")?;
            writeln!(io::stdout(), "{}", file.path.display())?;
            Ok(Exit::Ok)
        }
        ConfigCommand::Example => {
            io::stdout().write_all(example().as_bytes())?;
            Ok(Exit::Ok)
        }
    }
}

/// The configuration that every subcommand reads.
pub(crate) fn load(common: &Common, session: &Session) -> Result<Config> {
    session.config(common.config.as_deref())
}

fn find(common: &Common, session: &Session) -> Option<File> {
    File::find(common.config.as_deref(), session.env.variables())
}

fn check_all(common: &Common, session: &Session) -> Result<Exit> {
    let format = Format::<ConfigCheck>::parse(&common.output, |file| fs::read_to_string(file))?;
    let file = find(common, session);
    // In a pod there are none, and no entry is wrong for it.
    let contexts = contexts(&common.options.connect, &session.env).ok().filter(|all| !all.is_empty());
    let surroundings = Surroundings {
        contexts: contexts.map(|all| all.into_iter().map(|context| context.name).collect()),
        unreadable: &unreadable,
        exposed: &exposed,
    };
    let checked = check(file.as_ref(), session.env.variables(), &surroundings);
    let document = ConfigCheck::new(file.as_ref(), &checked);
    let options = Options {
        colour: session.stdout.color,
        headers: !common.no_headers,
        width: session.stdout.width,
        now: None,
    };
    format.render(&document, &options, &mut io::stdout().lock())?;
    Ok(if document.usable { Exit::Ok } else { Exit::Failed })
}

/// Why a file can't be read. It is opened and not read: it may be a secret.
fn unreadable(path: &Path) -> Option<String> {
    let opened = fs::File::open(path).and_then(|file| file.metadata());
    match opened {
        Ok(metadata) if metadata.is_dir() => Some("it is a directory".to_owned()),
        Ok(_) => None,
        Err(error) => {
            let text = error.to_string();
            Some(text.split(" (os error").next().unwrap_or(&text).to_lowercase())
        }
    }
}

/// Whether others than its owner may read a file.
fn exposed(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o044 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}
