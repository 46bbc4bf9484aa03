//! Label selectors as people write them: `app=web,tier in (a,b),!canary`.

use super::{Requirement, Selector};

/// A label selector that Kubernetes would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unable to parse requirement {0:?}: expected KEY, !KEY, KEY=VALUE, KEY!=VALUE, KEY in (…) or KEY notin (…)"
)]
pub struct SelectorError(String);

impl Selector {
    /// Reads what `kubectl get -l` takes.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        requirements(text).into_iter().map(requirement).collect::<Result<_, _>>().map(Self::new)
    }
}

/// The parts between the commas that are not within parentheses.
fn requirements(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn requirement(text: &str) -> Result<Requirement, SelectorError> {
    let error = || SelectorError(text.to_owned());
    let key = |key: &str| -> Result<Box<str>, SelectorError> {
        let key = key.trim();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        if key.is_empty() || !key.chars().all(plain) { Err(error()) } else { Ok(key.into()) }
    };
    let value = |value: &str| -> Result<Box<str>, SelectorError> {
        let value = value.trim();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if value.chars().all(plain) { Ok(value.into()) } else { Err(error()) }
    };
    if let Some(absent) = text.strip_prefix('!') {
        return Ok(Requirement::DoesNotExist(key(absent)?));
    }
    if let Some((name, wanted)) = text.split_once("!=") {
        return Ok(Requirement::NotIn(key(name)?, vec![value(wanted)?]));
    }
    if let Some((name, wanted)) = text.split_once("==").or_else(|| text.split_once('=')) {
        return Ok(Requirement::In(key(name)?, vec![value(wanted)?]));
    }
    let Some((head, values)) = text.split_once('(') else { return Ok(Requirement::Exists(key(text)?)) };
    let values = values.trim_end().strip_suffix(')').ok_or_else(error)?;
    let values: Vec<Box<str>> = values.split(',').map(value).collect::<Result<_, _>>()?;
    match head.trim().rsplit_once(char::is_whitespace) {
        Some((name, "in")) => Ok(Requirement::In(key(name)?, values)),
        Some((name, "notin")) => Ok(Requirement::NotIn(key(name)?, values)),
        _ => Err(error()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_prints_the_same() {
        for text in ["app=web", "app=web,tier in (a,b),!canary,env notin (x),track", ""] {
            assert_eq!(Selector::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Selector::parse("app == web , env!=x").unwrap().to_string(), "app=web,env notin (x)");
    }

    #[test]
    fn what_kubernetes_refuses_is_refused() {
        for text in ["app=web=x y(", "app in web", "a b", "in (x)", "app in (a"] {
            assert!(Selector::parse(text).is_err(), "{text}");
        }
    }
}
