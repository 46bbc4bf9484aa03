//! Wrong usage, in the words of kubectl and of the flag library that it uses.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Arguments that make no sense together, or don't suffice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct UsageError {
    message: String,
    hint: Hint,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hint {
    Examples,
    Flags,
}

impl UsageError {
    /// What is wrong, as a sentence without full stop.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: Hint::Examples }
    }

    /// What clap refused.
    pub(super) fn from_clap(error: &clap::Error) -> Self {
        Self { message: message(error), hint: Hint::Flags }
    }

    /// The lines that kubectl would print, `command` being how the user calls the program.
    pub(super) fn to_kubectl(&self, command: &str) -> String {
        let hint = match self.hint {
            Hint::Examples => format!("See '{command} -h' for help and examples"),
            Hint::Flags => format!("See '{command} --help' for usage."),
        };
        format!("error: {}\n{hint}", self.message)
    }
}

fn message(error: &clap::Error) -> String {
    let flag = text(error, ContextKind::InvalidArg).unwrap_or_default();
    // clap names the values too: `--context <NAME>`, `--flag[=<BOOL>]`.
    let flag = flag.split([' ', '[', '=']).next().unwrap_or_default();
    let value = text(error, ContextKind::InvalidValue).unwrap_or_default();
    let of = if flag.starts_with('-') { format!(" for {flag:?} flag") } else { String::new() };
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let suggestion =
                text(error, ContextKind::SuggestedArg).map(|name| format!(", did you mean {name}?"));
            let suggestion = suggestion.unwrap_or_default();
            match (flag.starts_with("--"), flag.strip_prefix('-')) {
                (true, _) => format!("unknown flag: {flag}{suggestion}"),
                (false, Some(letter)) => format!("unknown shorthand flag: '{letter}' in {flag}{suggestion}"),
                (false, None) => format!("unexpected argument {flag:?}{suggestion}"),
            }
        }
        ErrorKind::InvalidValue if value.is_empty() && flag.starts_with('-') => {
            format!("flag needs an argument: {flag}")
        }
        ErrorKind::InvalidValue => match text(error, ContextKind::ValidValue) {
            Some(valid) => format!("invalid argument {value:?}{of}: must be one of {valid}"),
            None => format!("invalid argument {value:?}{of}"),
        },
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(|why| format!(": {why}")).unwrap_or_default();
            format!("invalid argument {value:?}{of}{why}")
        }
        _ => {
            let rendered = error.render().to_string();
            let first: Vec<&str> =
                rendered.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
            first.join(" ").trim_start_matches("error: ").to_owned()
        }
    }
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) if !texts.is_empty() => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::CommonOptions;

    #[derive(Debug, Parser)]
    struct Args {
        #[command(flatten)]
        _common: CommonOptions,
        #[arg(long)]
        depth: Option<u32>,
    }

    fn refuse(args: &[&str]) -> String {
        let error = Args::try_parse_from(["graph"].iter().chain(args)).unwrap_err();
        UsageError::from_clap(&error).to_string()
    }

    #[test]
    fn words_of_kubectls_flag_library() {
        assert_eq!(refuse(&["--nope"]), "unknown flag: --nope");
        assert_eq!(refuse(&["--namespac", "x"]), "unknown flag: --namespac, did you mean --namespace?");
        assert_eq!(refuse(&["-z"]), "unknown shorthand flag: 'z' in -z");
        assert_eq!(refuse(&["--context"]), "flag needs an argument: --context");
        assert_eq!(
            refuse(&["--depth", "x"]),
            r#"invalid argument "x" for "--depth" flag: invalid digit found in string"#
        );
        assert_eq!(
            refuse(&["--color", "blue"]),
            r#"invalid argument "blue" for "--color" flag: must be one of auto, always, never"#
        );
        assert_eq!(
            refuse(&["--insecure-skip-tls-verify=maybe"]),
            r#"invalid argument "maybe" for "--insecure-skip-tls-verify" flag: must be one of true, false"#
        );
        assert_eq!(refuse(&["pods"]), r#"unexpected argument "pods""#);
    }
}
