//! Semantic versions, as the API server compares them: build metadata does not count.

use std::cmp::Ordering;

use super::error::Error;

/// A version. What was built of it is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Semver {
    pub(super) major: u64,
    pub(super) minor: u64,
    pub(super) patch: u64,
    /// Empty for a release.
    before: Vec<Part>,
}

/// Part of what comes before a release. Numbers come before words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Word(String),
}

impl Semver {
    /// Reads a version; `lenient` takes `v1.2` and `01.2.3` too.
    pub(super) fn parse(text: &str, lenient: bool) -> Result<Self, Error> {
        let read = if lenient { completed(text).and_then(|text| strict(&text)) } else { strict(text) };
        read.ok_or_else(|| Error::new(format!("{text:?} is no semantic version")))
    }
}

impl PartialOrd for Semver {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Semver {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = (self.major, self.minor, self.patch).cmp(&(other.major, other.minor, other.patch));
        // A release comes after all that came before it.
        numbers
            .then_with(|| self.before.is_empty().cmp(&other.before.is_empty()))
            .then_with(|| self.before.cmp(&other.before))
    }
}

fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let leading = text.len() > 1 && text.starts_with('0');
    if digits && !leading { text.parse().ok() } else { None }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn strict(text: &str) -> Option<Semver> {
    let mut parts = text.splitn(3, '.');
    let (major, minor, rest) = (number(parts.next()?)?, number(parts.next()?)?, parts.next()?);
    let (rest, build) = rest.split_once('+').map_or((rest, None), |(rest, build)| (rest, Some(build)));
    let (patch, before) = rest.split_once('-').map_or((rest, None), |(patch, before)| (patch, Some(before)));
    let patch = number(patch)?;
    if build.is_some_and(|build| !build.split('.').all(is_word)) {
        return None;
    }
    let part = |text: &str| {
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            number(text).map(Part::Number)
        } else {
            is_word(text).then(|| Part::Word(text.to_owned()))
        }
    };
    let before = before.map(|before| before.split('.').map(part).collect::<Option<Vec<_>>>());
    Some(Semver { major, minor, patch, before: before.unwrap_or(Some(Vec::new()))? })
}

/// The version without `v` and leading zeros, and with all three numbers.
fn completed(text: &str) -> Option<String> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let mut parts: Vec<String> = Vec::new();
    for part in text.splitn(3, '.') {
        let trimmed = part.trim_start_matches('0');
        let is_digit = trimmed.starts_with(|first: char| first.is_ascii_digit());
        parts.push(match part.len() {
            0 | 1 => part.to_owned(),
            _ if is_digit => trimmed.to_owned(),
            _ => format!("0{trimmed}"),
        });
    }
    if parts.len() < 3 && parts.last().is_some_and(|last| last.contains(['+', '-'])) {
        return None;
    }
    parts.resize(3.max(parts.len()), "0".to_owned());
    Some(parts.join("."))
}
