//! Credentials in plain text: told by what they look like, or by what they are called. What is found says what kind of
//! credential it is and how it starts; the value itself goes nowhere.

mod lines;
mod names;
mod shapes;

use std::fmt;

pub(crate) use lines::{of_lines, of_setting};
pub(crate) use names::{Class, class};
pub(crate) use shapes::of_text;

/// A credential that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credential {
    /// By what it looks like: what it is, and the part of it that every such credential starts with.
    Shape(&'static str, &'static str),
    /// By what it is called.
    Name(Class),
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(what, start) => write!(f, "{what} ({start}…)"),
            Self::Name(class) => write!(f, "{} by its name", class.as_str()),
        }
    }
}

/// The credential that a value is, told by itself or by its name.
pub(crate) fn of_pair(name: &str, value: &str) -> Option<Credential> {
    of_text(value).or_else(|| {
        let class = class(name)?;
        is_credential(class, value).then_some(Credential::Name(class))
    })
}

/// Whether a value can be a credential of this class: not a switch, a path, an address, the name of an object, or
/// something that is filled in later.
pub(crate) fn is_credential(class: Class, value: &str) -> bool {
    let value = value.trim();
    if stands_for_another(value) || is_word_of_configuration(value) || value.contains(char::is_whitespace) {
        return false;
    }
    let is_path =
        value.starts_with(['/', '.', '~']) || value.starts_with("file:") || value.get(1..3) == Some(":\\");
    if is_path || value.contains("://") {
        return false;
    }
    match class {
        Class::Password => value.len() >= 3,
        Class::Secret | Class::Token | Class::Key => {
            let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
            // Names of objects are words held together by dashes; credentials have digits or capitals among them.
            let is_name = value
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'.' | b'/' | b'_'));
            value.len() >= 8 && !is_number && !is_name
        }
    }
}

/// Starts of references that something else resolves.
const REFERENCES: &[&str] = &[
    "$",
    "%(",
    "@Microsoft.KeyVault(",
    "ENC(",
    "ENC[",
    "akv:",
    "arn:",
    "op://",
    "ref+",
    "secret:",
    "secretref:",
    "sm://",
    "vault:",
];
/// What people write where a value is to be filled in, in lower case.
const BLANKS: &[&str] = &["placeholder", "redacted", "replace", "your-", "your_", "yourpassword"];

/// Whether a value is a reference, a part of a template, or a blank to fill in.
pub(crate) fn stands_for_another(value: &str) -> bool {
    let is_masked = value.bytes().all(|byte| matches!(byte, b'*' | b'x' | b'X' | b'.' | b'-' | b'_' | b'#'));
    let is_bracketed = value.starts_with(['<', '[', '{']) && value.ends_with(['>', ']', '}']);
    is_masked
        || is_bracketed
        || REFERENCES.iter().any(|start| value.starts_with(start))
        || ["$(", "${", "{{", "<%"].iter().any(|template| value.contains(template))
        || BLANKS.iter().any(|blank| contains_ignoring_case(value, blank))
}

fn is_word_of_configuration(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "any", "auto", "build", "default", "disable", "disabled", "enable", "enabled", "false", "file",
        "never", "nil", "no", "none", "null", "off", "on", "optional", "prompt", "required", "str", "string",
        "true", "yes",
    ];
    WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

fn contains_ignoring_case(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_by_their_names() {
        for (name, value) in [
            ("DB_PASSWORD", "hunter2"),
            ("PGPASSWORD", "pässword"),
            ("dbPassword", "changeme"),
            ("MYSQL_ROOT_PASS", "root"),
            ("SECRET_KEY", "k3jf93jf93"),
            ("JWT_SECRET", "Zm9vYmFyYmF6"),
            ("AWS_SECRET_ACCESS_KEY", "abcdEFGH1234abcdEFGH1234abcdEFGH1234/+ab"),
            ("api-key", "abcdef123456"),
        ] {
            assert!(of_pair(name, value).is_some(), "{name}={value}");
        }
    }

    #[test]
    fn what_is_only_called_so() {
        for (name, value) in [
            ("DB_PASSWORD_FILE", "/run/secrets/db"),
            ("DB_PASSWORD", "/run/secrets/db"),
            ("DB_PASSWORD", "$(OTHER)"),
            ("DB_PASSWORD", "${OTHER}"),
            ("DB_PASSWORD", "{{ .Values.password }}"),
            ("DB_PASSWORD", "<password>"),
            ("DB_PASSWORD", "********"),
            ("DB_PASSWORD", "vault:secret/data/db#password"),
            ("MYSQL_ALLOW_EMPTY_PASSWORD", "yes"),
            ("DB_PASSWORD", ""),
            ("server-tokens", "off"),
            ("server-tokens", "false"),
            ("MAX_TOKENS", "40960000"),
            ("TOKEN", "40960000"),
            ("admin_email", "admin@example.com"),
            ("TLS_SECRET", "shop-tls"),
            ("IMAGE_PULL_SECRET", "registry2credentials"),
            ("SECRET_NAME", "db-credentials1"),
            ("SESSION_SECRET", "session-secret"),
            ("PUBLIC_KEY", "abcdef123456"),
            ("PRIMARY_KEY", "abcdef123456"),
            ("TOKEN_URL", "https://login.example.com/token1"),
            ("AUTH_TOKEN", "https://login.example.com/token1"),
            ("COMPASS", "north123"),
            ("PASSWORD_MIN_LENGTH", "12345678"),
        ] {
            assert_eq!(of_pair(name, value), None, "{name}={value}");
        }
    }

    #[test]
    fn what_was_found_is_told_without_its_value() {
        let found = of_pair("X", concat!("ghp", "_abcdefghijklmnopqrstuvwxyz0123456789")).unwrap();
        assert_eq!(found.to_string(), "a GitHub token (ghp_…)");
        assert_eq!(of_pair("DB_PASSWORD", "hunter2").unwrap().to_string(), "a password by its name");
    }
}
