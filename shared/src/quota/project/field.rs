//! Reading JSON of a shape that may be another than was hoped for: whoever finds something wrong can say where.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{ScopeRequirement, ScopeSelector};
use crate::{
    model::{LabelSelector, LabelSelectorRequirement},
    quantity::Quantity,
    quota::Amounts,
};

/// A field that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct FieldError {
    /// The field, from the object's root: `spec.clusters[0].quota[requests.cpu]`.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

/// A place in an object. What is not there, or null, is nothing, and no error until it is required.
#[derive(Debug, Clone)]
pub struct At<'a> {
    value: Option<&'a Value>,
    path: String,
}

impl<'a> At<'a> {
    /// The root of an object.
    pub fn root(object: &'a Value) -> Self {
        Self { value: Some(object), path: String::new() }
    }

    /// That something is wrong here.
    pub fn wrong(&self, message: impl Into<String>) -> FieldError {
        let field = if self.path.is_empty() { "the object".to_owned() } else { self.path.clone() };
        FieldError { field, message: message.into() }
    }

    /// Whether something is here.
    pub fn is_there(&self) -> bool {
        self.value.is_some()
    }

    /// A field of the object that is here; nothing, when nothing is here.
    pub fn field(&self, name: &str) -> Result<Self, FieldError> {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        let value = match self.value {
            None => None,
            Some(Value::Object(fields)) => fields.get(name).filter(|value| !value.is_null()),
            Some(other) => return Err(self.wrong(format!("{} where an object should be", sort_of(other)))),
        };
        Ok(Self { value, path })
    }

    /// A field of a field and so on.
    pub fn fields(&self, names: &[&str]) -> Result<Self, FieldError> {
        names.iter().try_fold(self.clone(), |at, name| at.field(name))
    }

    /// Text; `None` when nothing is here.
    pub fn text(&self) -> Result<Option<&'a str>, FieldError> {
        match self.value {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(format!("{} where text should be", sort_of(other)))),
        }
    }

    /// Text that is not empty; `None` when it is, or nothing is here.
    pub fn some_text(&self) -> Result<Option<String>, FieldError> {
        Ok(self.text()?.filter(|text| !text.is_empty()).map(str::to_owned))
    }

    /// Text that must be there.
    pub fn required(&self) -> Result<String, FieldError> {
        self.some_text()?.ok_or_else(|| self.wrong("nothing, and it must be there"))
    }

    /// Yes or no; `None` when nothing is here.
    pub fn boolean(&self) -> Result<Option<bool>, FieldError> {
        match self.value {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(other) => Err(self.wrong(format!("{} where true or false should be", sort_of(other)))),
        }
    }

    /// The items of a list; none, when nothing is here.
    pub fn items(&self) -> Result<Vec<Self>, FieldError> {
        match self.value {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => {
                let items = items.iter().enumerate();
                Ok(items
                    .map(|(n, item)| Self { value: Some(item), path: format!("{}[{n}]", self.path) })
                    .collect())
            }
            Some(other) => Err(self.wrong(format!("{} where a list should be", sort_of(other)))),
        }
    }

    /// Keys and values, sorted by key; none, when nothing is here.
    pub fn entries(&self) -> Result<BTreeMap<&'a str, Self>, FieldError> {
        match self.value {
            None => Ok(BTreeMap::new()),
            Some(Value::Object(fields)) => Ok(fields
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| {
                    (key.as_str(), Self { value: Some(value), path: format!("{}[{key}]", self.path) })
                })
                .collect()),
            Some(other) => Err(self.wrong(format!("{} where an object should be", sort_of(other)))),
        }
    }

    /// A list of text.
    pub fn texts(&self) -> Result<Vec<String>, FieldError> {
        self.items()?.iter().map(Self::required).collect()
    }

    /// Text by key: labels, annotations.
    pub fn text_map(&self) -> Result<BTreeMap<String, String>, FieldError> {
        let entries = self.entries()?.into_iter();
        entries.map(|(key, at)| Ok((key.to_owned(), at.text()?.unwrap_or_default().to_owned()))).collect()
    }

    /// An amount, as text or as a number.
    pub fn quantity(&self) -> Result<Option<Quantity>, FieldError> {
        let text = match self.value {
            None => return Ok(None),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(other) => return Err(self.wrong(format!("{} where a quantity should be", sort_of(other)))),
        };
        match text.parse() {
            Ok(quantity) => Ok(Some(quantity)),
            Err(_) => Err(self.wrong(format!("{text:?} is no quantity; such as 500m, 2, 16Gi are"))),
        }
    }

    /// Amounts by resource.
    pub fn amounts(&self) -> Result<Amounts, FieldError> {
        let entries = self.entries()?.into_iter();
        let entries = entries.map(|(key, at)| Ok(at.quantity()?.map(|amount| (key.to_owned(), amount))));
        entries.filter_map(Result::transpose).collect()
    }

    /// Amounts, when they are there.
    pub fn some_amounts(&self) -> Result<Option<Amounts>, FieldError> {
        if self.is_there() { self.amounts().map(Some) } else { Ok(None) }
    }

    /// `metav1.LabelSelector`; `None` when nothing is here.
    pub fn selector(&self) -> Result<Option<LabelSelector>, FieldError> {
        if !self.is_there() {
            return Ok(None);
        }
        let mut match_expressions = Vec::new();
        for at in self.field("matchExpressions")?.items()? {
            let operator = at.field("operator")?;
            if !OPERATORS.contains(&operator.required()?.as_str()) {
                return Err(operator.wrong(format!("none of {}", OPERATORS.join(", "))));
            }
            match_expressions.push(LabelSelectorRequirement {
                key: at.field("key")?.required()?,
                operator: operator.required()?,
                values: at.field("values")?.plain_texts()?,
            });
        }
        Ok(Some(LabelSelector { match_labels: self.field("matchLabels")?.text_map()?, match_expressions }))
    }

    /// `v1.ScopeSelector`; `None` when nothing is here, or no requirement is in it.
    pub fn scope_selector(&self) -> Result<Option<ScopeSelector>, FieldError> {
        let mut match_expressions = Vec::new();
        for at in self.field("matchExpressions")?.items()? {
            match_expressions.push(ScopeRequirement {
                scope_name: at.field("scopeName")?.required()?,
                operator: at.field("operator")?.required()?,
                values: at.field("values")?.plain_texts()?,
            });
        }
        Ok((!match_expressions.is_empty()).then_some(ScopeSelector { match_expressions }))
    }

    /// A list of text that may be empty: an empty value of a label is a value.
    fn plain_texts(&self) -> Result<Vec<String>, FieldError> {
        self.items()?.iter().map(|at| Ok(at.text()?.unwrap_or_default().to_owned())).collect()
    }
}

const OPERATORS: &[&str] = &["In", "NotIn", "Exists", "DoesNotExist"];

/// What a value is, for messages.
fn sort_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_wrong_is_named_by_its_place() {
        let object = json!({"spec": {"clusters": [{"quota": {"pods": []}}], "name": 3, "on": "yes"}});
        let spec = At::root(&object).field("spec").unwrap();
        let quota = spec.field("clusters").unwrap().items().unwrap()[0].field("quota").unwrap();
        let message = quota.amounts().unwrap_err().to_string();
        assert_eq!(message, "spec.clusters[0].quota[pods]: a list where a quantity should be");
        assert_eq!(
            spec.field("name").unwrap().text().unwrap_err().to_string(),
            "spec.name: a number where text should be"
        );
        assert!(spec.field("name").unwrap().field("x").is_err());
        assert!(spec.field("on").unwrap().boolean().is_err());
        assert!(spec.field("on").unwrap().items().is_err());
        assert!(spec.fields(&["nowhere", "at", "all"]).unwrap().required().is_err());
        let text = json!("x");
        assert_eq!(At::root(&text).field("a").unwrap_err().field, "the object");
    }
}
