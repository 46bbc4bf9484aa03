//! From what is written to a value of a key's kind, or to why it is none. Messages never hold a value that may be a
//! secret.

use serde_json::{Map, Value as Json};

use super::{
    keys::Kind,
    tree::{Node, Place, Value},
};
use crate::{
    quota::{Dimension, peak::Period},
    timeout::parse_timeout,
};

/// What is wrong with a value, and where when that is inside of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) place: Option<Place>,
    pub(super) message: String,
}

/// A value as the file has it.
pub(super) fn of_node(kind: Kind, node: &Node) -> Result<Json, Wrong> {
    let at = |message| Wrong { place: Some(node.place), message };
    match (kind, &node.value) {
        (Kind::Words | Kind::Dimensions | Kind::Files, Value::List(nodes)) => {
            let texts: Result<Vec<String>, Wrong> = nodes
                .iter()
                .map(|node| {
                    let text = scalar(node).ok_or_else(|| expected(kind, node.value.kind()));
                    text.and_then(|text| word(kind, text))
                        .map_err(|message| Wrong { place: Some(node.place), message })
                })
                .collect();
            Ok(texts?.into())
        }
        (Kind::Map | Kind::SecretMap, Value::Map(entries)) => {
            let mut map = Map::new();
            for (key, node) in entries {
                let text = scalar(node).ok_or_else(|| Wrong {
                    place: Some(node.place),
                    message: format!("{}: expected a text, found {}", key.name, node.value.kind()),
                })?;
                map.insert(key.name.clone(), text.into());
            }
            Ok(map.into())
        }
        (Kind::Flag, Value::Bool(value)) => Ok((*value).into()),
        (Kind::Map | Kind::SecretMap | Kind::Flag, other) => Err(at(expected(kind, other.kind()))),
        (_, Value::Text(text) | Value::Number(text)) => of_text(kind, text).map_err(at),
        (_, other) => Err(at(expected(kind, other.kind()))),
    }
}

/// A value as a variable of the environment has it.
pub(super) fn of_text(kind: Kind, text: &str) -> Result<Json, String> {
    let refused = || {
        let found = if kind.is_secret() { "something else".to_owned() } else { format!("{text:?}") };
        expected(kind, &found)
    };
    Ok(match kind {
        Kind::Text | Kind::Secret | Kind::File | Kind::Url if text.is_empty() => {
            return Err(expected(kind, "nothing"));
        }
        Kind::Text | Kind::Secret | Kind::File | Kind::Url => text.into(),
        Kind::Flag => match text {
            "true" | "1" => true.into(),
            "false" | "0" => false.into(),
            _ => return Err(refused()),
        },
        Kind::Count => text.parse::<u32>().ok().filter(|count| *count > 0).ok_or_else(refused)?.into(),
        Kind::Timeout => parse_timeout(text).map(|_| text.into()).map_err(|_| refused())?,
        Kind::Period => {
            text.parse::<Period>().map(|period| period.to_string().into()).map_err(|_| refused())?
        }
        Kind::Percent => {
            let percent = text.strip_suffix('%').unwrap_or(text).trim();
            let percent = percent.parse::<u32>().map_err(|_| refused())?;
            format!("{percent}%").into()
        }
        Kind::Word(words) => words.contains(&text).then(|| text.into()).ok_or_else(refused)?,
        Kind::Words | Kind::Dimensions | Kind::Files => {
            let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
            words.map(|one| word(kind, one)).collect::<Result<Vec<String>, String>>()?.into()
        }
        Kind::Map | Kind::SecretMap => {
            let pairs = text.split(',').filter(|pair| !pair.trim().is_empty());
            let pairs = pairs.map(|pair| {
                let (name, value) = pair
                    .split_once('=')
                    .ok_or_else(|| "expected NAME=TEXT, several with commas".to_owned())?;
                Ok((name.trim().to_owned(), Json::from(value.trim())))
            });
            pairs.collect::<Result<Map<String, Json>, String>>()?.into()
        }
    })
}

fn scalar(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Text(text) | Value::Number(text) => Some(text),
        _ => None,
    }
}

fn word(kind: Kind, text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err(expected(kind, "nothing"));
    }
    if kind == Kind::Dimensions {
        text.parse::<Dimension>().map_err(|error| error.to_string())?;
    }
    Ok(text.to_owned())
}

fn expected(kind: Kind, found: &str) -> String {
    format!("expected {}, found {found}", kind.expected())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts() {
        for (kind, text, value) in [
            (Kind::Text, "x", json!("x")),
            (Kind::Flag, "true", json!(true)),
            (Kind::Flag, "0", json!(false)),
            (Kind::Count, "4", json!(4)),
            (Kind::Timeout, "30", json!("30")),
            (Kind::Timeout, "1m30s", json!("1m30s")),
            (Kind::Period, "1d", json!("1d")),
            (Kind::Period, "1d12h", json!("1d12h")),
            (Kind::Percent, "80%", json!("80%")),
            (Kind::Percent, "80", json!("80%")),
            (Kind::Word(&["en", "zh"]), "zh", json!("zh")),
            (Kind::Words, "cpu, memory,", json!(["cpu", "memory"])),
            (Kind::Dimensions, "cluster,label=app", json!(["cluster", "label=app"])),
            (Kind::Map, "cluster=prod, region=eu", json!({"cluster": "prod", "region": "eu"})),
            (Kind::Url, "https://u:p@h:1/x", json!("https://u:p@h:1/x")),
        ] {
            assert_eq!(of_text(kind, text), Ok(value), "{kind:?} {text}");
        }
    }

    #[test]
    fn refusals_say_what_was_expected_and_no_secret() {
        for (kind, text, message) in [
            (Kind::Text, "", "expected a text, found nothing"),
            (Kind::Flag, "yes", "expected true or false, found \"yes\""),
            (Kind::Count, "0", "expected a whole number from 1, found \"0\""),
            (Kind::Timeout, "1d", "expected a duration such as 30s or 2m, found \"1d\""),
            (Kind::Period, "1", "expected a period from 10m to 365d, such as 1d or 12h, found \"1\""),
            (Kind::Period, "1h1d", "expected a period from 10m to 365d, such as 1d or 12h, found \"1h1d\""),
            (Kind::Period, "0d", "expected a period from 10m to 365d, such as 1d or 12h, found \"0d\""),
            (Kind::Period, "", "expected a period from 10m to 365d, such as 1d or 12h, found \"\""),
            (Kind::Percent, "full", "expected a percentage such as 80%, found \"full\""),
            (Kind::Word(&["en", "zh"]), "de", "expected en or zh, found \"de\""),
            (Kind::SecretMap, "secret", "expected NAME=TEXT, several with commas"),
        ] {
            assert_eq!(of_text(kind, text), Err(message.to_owned()), "{kind:?} {text}");
        }
        assert!(of_text(Kind::Dimensions, "pods").is_err_and(|why| why.contains("\"pods\"")));
    }
}
