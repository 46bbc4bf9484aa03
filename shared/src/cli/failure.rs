//! An error as kubectl prints it.

use std::{error::Error as StdError, fmt, io};

use super::usage::UsageError;
use crate::{
    cluster::{ConfigError, Error},
    text::neutral,
};

/// Several failures of one run, printed one after the other.
#[derive(Debug)]
pub struct Failures(pub Vec<anyhow::Error>);

impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let messages: Vec<String> = self.0.iter().map(|failure| format!("{failure:#}")).collect();
        f.write_str(&messages.join("\n"))
    }
}

impl StdError for Failures {}

/// The lines to print for `error`, ready for a terminal: the server's and the kubeconfig's failures in kubectl's words,
/// everything else behind `error: `, which stands there once. `command` is how the user calls the program.
pub fn describe(error: &anyhow::Error, command: &str) -> String {
    if let Some(Failures(failures)) = error.downcast_ref::<Failures>() {
        let lines: Vec<String> = failures.iter().map(|failure| describe(failure, command)).collect();
        return lines.join("\n");
    }
    let text = match (error.downcast_ref::<Error>(), error.downcast_ref::<ConfigError>()) {
        // With a context around it the sentence would not stand alone.
        (Some(failure), _) if error.chain().count() == failure.chain_length() => failure.to_kubectl(),
        (_, Some(failure)) if error.chain().count() == 1 => failure.to_kubectl(),
        _ => match error.downcast_ref::<UsageError>() {
            Some(usage) => usage.to_kubectl(command),
            None => prefixed(&format!("{error:#}")),
        },
    };
    let lines: Vec<_> = text.trim_end().lines().map(neutral).collect();
    lines.join("\n")
}

/// Whether the reader of standard output went away, as `head` does: that is no failure.
pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe)
    })
}

fn prefixed(message: &str) -> String {
    if message.starts_with("error: ") { message.to_owned() } else { format!("error: {message}") }
}

impl Error {
    /// How long the chain of causes is when nothing was put around this error.
    fn chain_length(&self) -> usize {
        std::iter::successors(Some(self as &(dyn StdError + 'static)), |&error| error.source()).count()
    }
}

#[cfg(test)]
mod tests {
    use anyhow::{Context, anyhow};

    use super::*;

    fn refused() -> Error {
        Error::Refused { host: "h:1".into() }
    }

    #[test]
    fn the_servers_failures_stand_alone() {
        let line = "The connection to the server h:1 was refused - did you specify the right host or port?";
        assert_eq!(describe(&refused().into(), "kubectl graph"), line);
        let config = ConfigError::ContextNotFound("x".into());
        let line = "Error in configuration: context was not found for specified context: x";
        assert_eq!(describe(&Error::from(config.clone()).into(), ""), line);
        assert_eq!(describe(&config.into(), ""), line);
    }

    #[test]
    fn others_get_the_prefix_once() {
        assert_eq!(describe(&anyhow!("error: no"), ""), "error: no");
        assert_eq!(describe(&anyhow!("no").context("why"), ""), "error: why: no");
        let wrapped = Err::<(), _>(refused()).context("cluster a").unwrap_err();
        assert_eq!(describe(&wrapped, ""), "error: cluster a: dial tcp h:1: connect: connection refused");
    }

    #[test]
    fn several_and_hostile_ones() {
        let failures = Failures(vec![refused().into(), anyhow!("\u{1b}[31mred")]);
        assert_eq!(
            describe(&failures.into(), ""),
            "The connection to the server h:1 was refused - did you specify the right host or port?\nerror: ^[[31mred"
        );
    }

    #[test]
    fn usage_points_to_help() {
        let usage = UsageError::new("pick one");
        assert_eq!(
            describe(&usage.into(), "kubectl graph"),
            "error: pick one\nSee 'kubectl graph -h' for help and examples"
        );
    }

    #[test]
    fn a_reader_that_left() {
        let gone = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe)).context("writing");
        assert!(is_broken_pipe(&gone) && !is_broken_pipe(&anyhow!("x")));
    }
}
