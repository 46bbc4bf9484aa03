use super::{Credential, stands_for_another};

/// Credentials of one maker: how all of them start, how many characters follow at least and at most, and which.
struct Shape {
    start: &'static str,
    at_least: usize,
    at_most: usize,
    follows: fn(u8) -> bool,
    what: &'static str,
}

const fn shape(
    start: &'static str,
    at_least: usize,
    at_most: usize,
    follows: fn(u8) -> bool,
    what: &'static str,
) -> Shape {
    Shape { start, at_least, at_most, follows, what }
}

fn upper(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn hex(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

fn alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn url_safe(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// No length in particular.
const ANY: usize = usize::MAX;

/// As their makers document them.
const SHAPES: &[Shape] = &[
    shape("AKIA", 16, 16, upper, "an AWS access key"),
    shape("ASIA", 16, 16, upper, "a temporary AWS access key"),
    shape("AIza", 35, 35, url_safe, "a Google API key"),
    shape("GOCSPX-", 28, 28, url_safe, "a Google client secret"),
    shape("ya29.", 20, ANY, url_safe, "a Google access token"),
    shape("ghp_", 36, ANY, alphanumeric, "a GitHub token"),
    shape("gho_", 36, ANY, alphanumeric, "a GitHub token"),
    shape("ghu_", 36, ANY, alphanumeric, "a GitHub token"),
    shape("ghs_", 36, ANY, alphanumeric, "a GitHub token"),
    shape("ghr_", 36, ANY, alphanumeric, "a GitHub token"),
    shape("github_pat_", 60, ANY, url_safe, "a GitHub token"),
    shape("glpat-", 20, ANY, url_safe, "a GitLab token"),
    shape("gldt-", 20, ANY, url_safe, "a GitLab token"),
    shape("glrt-", 20, ANY, url_safe, "a GitLab token"),
    shape("xoxb-", 20, ANY, url_safe, "a Slack token"),
    shape("xoxp-", 20, ANY, url_safe, "a Slack token"),
    shape("xoxa-", 20, ANY, url_safe, "a Slack token"),
    shape("xoxr-", 20, ANY, url_safe, "a Slack token"),
    shape("xoxs-", 20, ANY, url_safe, "a Slack token"),
    shape("xapp-", 20, ANY, url_safe, "a Slack token"),
    shape("sk_live_", 20, ANY, alphanumeric, "a Stripe key"),
    shape("rk_live_", 20, ANY, alphanumeric, "a Stripe key"),
    shape("npm_", 36, 36, alphanumeric, "an npm token"),
    shape("pypi-AgEIcHlwaS5vcmc", 40, ANY, url_safe, "a PyPI token"),
    shape("dckr_pat_", 20, ANY, url_safe, "a Docker Hub token"),
    shape("hvs.", 24, ANY, url_safe, "a Vault token"),
    shape("dop_v1_", 64, 64, hex, "a DigitalOcean token"),
    shape("shpat_", 32, 32, hex, "a Shopify token"),
    shape("dapi", 32, 32, hex, "a Databricks token"),
    shape("glsa_", 32, ANY, url_safe, "a Grafana token"),
    shape("SG.", 60, 80, url_safe, "a SendGrid key"),
    shape("sk-ant-", 40, ANY, url_safe, "an Anthropic key"),
    shape("sk-proj-", 40, ANY, url_safe, "an OpenAI key"),
    shape("AGE-SECRET-KEY-1", 50, ANY, upper, "an age key"),
];
/// No credential of those is shorter.
const SHORTEST: usize = 20;

/// The credential that a text holds, told by what it looks like.
pub(crate) fn of_text(text: &str) -> Option<Credential> {
    if text.len() < 8 {
        return None;
    }
    of_url(text).or_else(|| of_key(text)).or_else(|| of_words(text))
}

fn of_words(text: &str) -> Option<Credential> {
    if text.len() < SHORTEST {
        return None;
    }
    let words = text.split(|letter: char| !letter.is_ascii() || !url_safe(letter as u8));
    // A sentence may end behind a word.
    let words = words.map(|word| word.trim_end_matches('.')).filter(|word| word.len() >= SHORTEST);
    let mut found = words.filter_map(|word| Some((word, of_word(word)?)));
    let is_real = |word: &str| !stands_for_another(word) && !word.contains("EXAMPLE");
    found.find(|(word, _)| is_real(word)).map(|(_, credential)| credential)
}

fn of_word(word: &str) -> Option<Credential> {
    let first = word.as_bytes().first()?;
    let shapes = SHAPES.iter().filter(|shape| shape.start.as_bytes().first() == Some(first));
    let mut shapes = shapes.filter(|shape| {
        let rest = word.strip_prefix(shape.start).map(str::as_bytes);
        rest.is_some_and(|rest| {
            (shape.at_least..=shape.at_most).contains(&rest.len())
                && rest.iter().all(|byte| (shape.follows)(*byte))
        })
    });
    if let Some(shape) = shapes.next() {
        return Some(Credential::Shape(shape.what, shape.start));
    }
    is_token(word).then_some(Credential::Shape("a JSON web token", "eyJ"))
}

/// Whether it is a JSON web token: header and claims, both JSON objects in base64, and a signature.
fn is_token(word: &str) -> bool {
    let mut parts = word.split('.');
    let (Some(header), Some(claims), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    header.len() >= 12 && header.starts_with("eyJ") && claims.starts_with("eyJ") && signature.len() >= 16
}

/// A private key in PEM: the line that says so, and the key behind it.
fn of_key(text: &str) -> Option<Credential> {
    const END: &str = "PRIVATE KEY-----";
    // Most texts have no dash, and a byte is found sooner than a word.
    if !text.contains('-') {
        return None;
    }
    let (before, after) = text.split_once(END)?;
    let begins =
        before.rsplit_once("-----BEGIN ").is_some_and(|(_, kind)| kind.len() <= 24 && !kind.contains('-'));
    // Line ends may be escaped, as in JSON.
    let body =
        after.trim_start_matches(|letter: char| letter.is_whitespace() || matches!(letter, '\\' | 'n' | 'r'));
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let length = body.bytes().take_while(|byte| is_base64(*byte)).take(16).count();
    (begins && length == 16).then_some(Credential::Shape("a private key", "-----BEGIN"))
}

/// An address with a password in it: `postgres://shop:password@db/shop`.
fn of_url(text: &str) -> Option<Credential> {
    if !text.contains(':') {
        return None;
    }
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        rest = after;
        let ends = |letter: char| {
            letter.is_whitespace() || matches!(letter, '/' | '?' | '#' | '"' | '\'' | '`' | '<' | '>' | ',')
        };
        let authority = after.split(ends).next().unwrap_or_default();
        let has_scheme = before.bytes().last().is_some_and(|byte| byte.is_ascii_alphanumeric());
        let Some((user, _)) = authority.rsplit_once('@').filter(|(_, host)| has_scheme && !host.is_empty())
        else {
            continue;
        };
        let password = user.split_once(':').map_or("", |(_, password)| password);
        if !password.is_empty() && !stands_for_another(password) {
            return Some(Credential::Shape("an address with a password", "://"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn credentials_wherever_they_stand() {
        for (text, what) in [
            (concat!("AKIA", "Q3EGRIPTOZ7LDXWV"), "an AWS access key"),
            (concat!("id = \"AKIA", "Q3EGRIPTOZ7LDXWV\";"), "an AWS access key"),
            (concat!("AIza", "SyA1234567890abcdefghijklmnopqrstuv"), "a Google API key"),
            (concat!("token=ghp", "_abcdefghijklmnopqrstuvwxyz0123456789"), "a GitHub token"),
            (concat!("xoxb", "-123456789012-abcdefghijkl"), "a Slack token"),
            (concat!("glpat", "-abcdefghij0123456789."), "a GitLab token"),
            ("postgres://shop:hunter2@db:5432/shop", "an address with a password"),
            ("redis://:hunter2@cache", "an address with a password"),
            ("see https://example.com and amqp://a:b@mq", "an address with a password"),
            (concat!("-----BEGIN RSA ", "PRIVATE KEY-----\nMIIEowIBAAKCAQEAxyz0"), "a private key"),
            (
                concat!("{\"private_key\": \"-----BEGIN ", "PRIVATE KEY-----\\nMIIEowIBAAKCAQEAxyz0"),
                "a private key",
            ),
            (
                concat!("Bearer eyJ", "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijklmnopqrstuvwx"),
                "a JSON web token",
            ),
        ] {
            let found = of_text(text);
            assert!(matches!(found, Some(Credential::Shape(it, _)) if it == what), "{text}: {found:?}");
        }
    }

    #[test]
    fn what_only_looks_like_one() {
        for text in [
            concat!("AKIA", "IOSFODNN7EXAMPLE"),
            concat!("AKIA", "Q3EGRIPTOZ7LDXW"),
            concat!("AKIA", "Q3EGRIPTOZ7LDXWVA"),
            "ghp_short",
            "https://example.com/a:b@c",
            "https://user@example.com",
            "postgres://shop:$(PASSWORD)@db/shop",
            "postgres://shop:${PASSWORD}@db/shop",
            "postgres://user:<password>@db/shop",
            "postgres://user:****@db/shop",
            "mailto:a:b@example.com",
            "grep -q 'BEGIN PRIVATE KEY-----' file",
            concat!("-----BEGIN ", "PRIVATE KEY-----\n...\n"),
            concat!("-----BEGIN PUBLIC", " KEY-----\nMIIEowIBAAKCAQEAxyz0"),
            "eyJhbGciOiJIUzI1NiJ9",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "com.example.eyJ.some.java.package.name",
        ] {
            assert_eq!(of_text(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}|[A-Za-z0-9:/@.-]{0,60}") {
            let _ = of_text(&text);
        }
    }
}
