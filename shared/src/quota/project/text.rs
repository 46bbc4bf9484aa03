//! Selectors as one line of text, in spreadsheets and in what changes: `team=shop,env in (a,b)`. What means the same
//! reads the same.

use std::collections::BTreeMap;

use super::{NamespaceRequirement, NamespaceSelector, ScopeRequirement, ScopeSelector};
use crate::model::{Requirement, Selector, SelectorError};

/// Every namespace.
const EVERYTHING: &str = "*";

/// A selector of namespaces as text.
pub fn selector(selector: &NamespaceSelector) -> String {
    let labels = selector.match_labels.iter();
    let labels = labels.map(|(key, value)| requirement(key, "In", std::slice::from_ref(value)));
    let expressions = selector.match_expressions.iter();
    let expressions = expressions.map(|one| requirement(&one.key, &one.operator, &one.values));
    let all = joined(labels.chain(expressions).collect());
    if all.is_empty() { EVERYTHING.to_owned() } else { all }
}

/// A selector of scopes as text.
pub fn scopes(selector: &ScopeSelector) -> String {
    let all = selector.match_expressions.iter();
    joined(all.map(|one| requirement(&one.scope_name, &one.operator, &one.values)).collect())
}

/// A selector of namespaces out of text.
pub fn parse_selector(text: &str) -> Result<NamespaceSelector, SelectorError> {
    if text.trim() == EVERYTHING {
        return Ok(NamespaceSelector::default());
    }
    let mut selector = NamespaceSelector { match_labels: BTreeMap::new(), match_expressions: Vec::new() };
    for (key, operator, mut values) in parts(text)? {
        match (operator, values.as_slice()) {
            // Of one label, only one value can be wanted so.
            ("In", [_]) if !selector.match_labels.contains_key(&key) => {
                selector.match_labels.extend(values.pop().map(|value| (key, value)));
            }
            _ => selector.match_expressions.push(NamespaceRequirement {
                key,
                operator: operator.to_owned(),
                values,
            }),
        }
    }
    Ok(selector)
}

/// A selector of scopes out of text.
pub fn parse_scopes(text: &str) -> Result<ScopeSelector, SelectorError> {
    let parts = parts(text)?.into_iter();
    let parts = parts.map(|(scope_name, operator, values)| ScopeRequirement {
        scope_name,
        operator: operator.to_owned(),
        values,
    });
    Ok(ScopeSelector { match_expressions: parts.collect() })
}

fn requirement(key: &str, operator: &str, values: &[String]) -> String {
    let mut values: Vec<Box<str>> = values.iter().map(|value| value.as_str().into()).collect();
    values.sort();
    values.dedup();
    let key = key.into();
    let requirement = match operator {
        "In" => Requirement::In(key, values),
        "NotIn" => Requirement::NotIn(key, values),
        "Exists" => Requirement::Exists(key),
        "DoesNotExist" => Requirement::DoesNotExist(key),
        _ => Requirement::Never,
    };
    Selector::new(vec![requirement]).to_string()
}

fn joined(mut parts: Vec<String>) -> String {
    parts.sort();
    parts.dedup();
    parts.join(",")
}

/// Key, operator, values.
type Part = (String, &'static str, Vec<String>);

fn parts(text: &str) -> Result<Vec<Part>, SelectorError> {
    let owned = |values: &[Box<str>]| values.iter().map(ToString::to_string).collect();
    let selector = Selector::parse(text)?;
    let parts = selector.requirements().iter().map(|requirement| match requirement {
        Requirement::In(key, values) => (key.to_string(), "In", owned(values)),
        Requirement::NotIn(key, values) => (key.to_string(), "NotIn", owned(values)),
        Requirement::Exists(key) => (key.to_string(), "Exists", Vec::new()),
        Requirement::DoesNotExist(key) => (key.to_string(), "DoesNotExist", Vec::new()),
        Requirement::Never => (String::new(), "In", Vec::new()),
    });
    Ok(parts.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_read_back_as_they_were() {
        for text in ["*", "team=shop", "!canary,env in (a,b),team=shop,zone notin (x)", "a=,b"] {
            let read = parse_selector(text).unwrap();
            assert_eq!(selector(&read), text);
            assert_eq!(parse_selector(&selector(&read)).unwrap(), read);
        }
        for text in ["PriorityClass in (high,low)", "Terminating", "!PriorityClass"] {
            assert_eq!(scopes(&parse_scopes(text).unwrap()), text);
        }
        let one = parse_selector("a=1,b in (y,x)").unwrap();
        assert_eq!(selector(&one), selector(&parse_selector("b in (x,y),a in (1)").unwrap()));
        assert!(parse_selector("a b c").is_err());
    }
}
