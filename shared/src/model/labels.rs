use std::{collections::BTreeMap, fmt, sync::Arc};

use super::LabelSelector;

/// A set of labels, sorted by key and shared: the pods of a replica set have one between them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Labels(Arc<[(Box<str>, Box<str>)]>);

impl Labels {
    /// The value of a label.
    pub fn get(&self, key: &str) -> Option<&str> {
        let at = self.0.binary_search_by(|(k, _)| k.as_ref().cmp(key)).ok()?;
        self.0.get(at).map(|(_, value)| value.as_ref())
    }

    /// Keys and values, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (k.as_ref(), v.as_ref()))
    }
}

impl From<&BTreeMap<String, String>> for Labels {
    fn from(map: &BTreeMap<String, String>) -> Self {
        Self(map.iter().map(|(k, v)| (k.as_str().into(), v.as_str().into())).collect())
    }
}

/// What a label must be. A requirement with an operator that Kubernetes does not have matches nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Requirement {
    /// The label has one of these values.
    In(Box<str>, Vec<Box<str>>),
    /// The label has none of these values, or is absent.
    NotIn(Box<str>, Vec<Box<str>>),
    /// The label is there.
    Exists(Box<str>),
    /// The label is absent.
    DoesNotExist(Box<str>),
    /// Can not hold.
    Never,
}

impl Requirement {
    /// The label that it is about.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::In(key, _) | Self::NotIn(key, _) | Self::Exists(key) | Self::DoesNotExist(key) => Some(key),
            Self::Never => None,
        }
    }

    /// Whether an object with these labels is as it says.
    pub fn holds(&self, labels: &Labels) -> bool {
        match self {
            Self::In(key, values) => labels.get(key).is_some_and(|v| values.iter().any(|w| w.as_ref() == v)),
            Self::NotIn(key, values) => {
                !labels.get(key).is_some_and(|v| values.iter().any(|w| w.as_ref() == v))
            }
            Self::Exists(key) => labels.get(key).is_some(),
            Self::DoesNotExist(key) => labels.get(key).is_none(),
            Self::Never => false,
        }
    }
}

/// Requirements that must all hold; none at all selects everything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Selector(Vec<Requirement>);

impl Selector {
    /// Selects everything.
    pub fn everything() -> Self {
        Self::default()
    }

    /// All of these labels with exactly these values: the selector of Services and ReplicationControllers.
    pub fn labels(map: &BTreeMap<String, String>) -> Self {
        Self(map.iter().map(|(k, v)| Requirement::In(k.as_str().into(), vec![v.as_str().into()])).collect())
    }

    /// The selector of these requirements.
    pub fn new(requirements: Vec<Requirement>) -> Self {
        Self(requirements)
    }

    /// What must hold, all of it.
    pub fn requirements(&self) -> &[Requirement] {
        &self.0
    }

    /// Whether it selects everything.
    pub fn is_everything(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an object with these labels is selected.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.0.iter().all(|requirement| requirement.holds(labels))
    }
}

impl From<&LabelSelector> for Selector {
    fn from(selector: &LabelSelector) -> Self {
        let mut all = Self::labels(&selector.match_labels).0;
        all.extend(selector.match_expressions.iter().map(|expression| {
            let key: Box<str> = expression.key.as_str().into();
            let values = || expression.values.iter().map(|v| v.as_str().into()).collect();
            match expression.operator.as_str() {
                "In" => Requirement::In(key, values()),
                "NotIn" => Requirement::NotIn(key, values()),
                "Exists" => Requirement::Exists(key),
                "DoesNotExist" => Requirement::DoesNotExist(key),
                _ => Requirement::Never,
            }
        }));
        Self(all)
    }
}

impl fmt::Display for Selector {
    /// As `kubectl get -l` takes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, requirement) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str(",")?;
            }
            match requirement {
                Requirement::In(key, values) if values.len() == 1 => write!(f, "{key}={}", values.join(","))?,
                Requirement::In(key, values) => write!(f, "{key} in ({})", values.join(","))?,
                Requirement::NotIn(key, values) => write!(f, "{key} notin ({})", values.join(","))?,
                Requirement::Exists(key) => f.write_str(key)?,
                Requirement::DoesNotExist(key) => write!(f, "!{key}")?,
                Requirement::Never => f.write_str("<none>")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        (&pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<BTreeMap<_, _>>()).into()
    }

    fn expression(key: &str, operator: &str, values: &[&str]) -> Selector {
        let values = values.iter().map(|v| (*v).to_owned()).collect();
        let requirement =
            super::super::LabelSelectorRequirement { key: key.into(), operator: operator.into(), values };
        (&LabelSelector { match_expressions: vec![requirement], ..Default::default() }).into()
    }

    #[test]
    fn expressions_follow_the_api_server() {
        let web = labels(&[("app", "web"), ("tier", "")]);
        assert!(Selector::everything().matches(&Labels::default()));
        assert!(expression("app", "In", &["db", "web"]).matches(&web));
        assert!(!expression("app", "In", &["db"]).matches(&web));
        assert!(expression("zone", "NotIn", &["a"]).matches(&web), "an absent label is not in any set");
        assert!(!expression("app", "NotIn", &["web"]).matches(&web));
        assert!(expression("tier", "Exists", &[]).matches(&web), "an empty value is a value");
        assert!(expression("zone", "DoesNotExist", &[]).matches(&web));
        assert!(!expression("app", "Nonsense", &[]).matches(&web));
    }
}
