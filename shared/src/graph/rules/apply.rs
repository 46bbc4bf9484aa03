use std::{borrow::Cow, collections::BTreeMap};

use serde_json::Value;

use super::{
    field::Field,
    rule::{All, Finds, Form, Named, Namespaces, Rule, Selected, Target},
};
use crate::{
    graph::{Facts, Reference, Selection, Where, Within, edges::group_of},
    model::{LabelSelector, Selector},
};

/// Adds what one rule finds in an object.
pub(super) fn apply(rule: &Rule, object: &Value, facts: &mut Facts) {
    let holds = rule.when.iter().all(|condition| {
        condition.path.values(object).iter().any(|value| {
            condition.values.is_empty()
                || value.as_str().is_some_and(|text| condition.values.iter().any(|wanted| wanted == text))
        })
    });
    if !holds || rule.unless.iter().any(|path| !path.values(object).is_empty()) {
        return;
    }
    let elements = rule.each.as_ref().map_or_else(|| vec![object], |each| each.values(object));
    for element in elements {
        match &rule.finds {
            Finds::Named(named) => refer(rule, named, element, facts),
            Finds::Selected(selected) => select(rule, selected, element, facts),
        }
    }
}

fn refer(rule: &Rule, named: &Named, element: &Value, facts: &mut Facts) {
    let Some((field, names)) = named.names.iter().find_map(|field| {
        let names: Vec<&str> = field
            .values(element)
            .into_iter()
            .filter_map(Value::as_str)
            .filter(|name| !name.is_empty())
            .collect();
        (!names.is_empty()).then_some((field, names))
    }) else {
        return;
    };
    let Some((group, kind)) = rule.target.kind_in(element) else {
        return;
    };
    let namespace =
        named.namespace.as_ref().and_then(|path| path.text(element)).filter(|text| !text.is_empty());
    let by_path = named.optional_path.as_ref().map(|path| path.values(element));
    let optional = named.optional || by_path.is_some_and(|values| values.contains(&&Value::Bool(true)));
    for written in names.into_iter().filter(|name| !named.except.iter().any(|except| except == name)) {
        let Some((in_name, name)) = named.form.take_apart(written) else {
            continue;
        };
        let own = &*facts.key.namespace;
        let reference = Reference {
            edge: rule.edge(),
            group: group.clone().into_owned().into(),
            kind: kind.clone().into_owned().into(),
            at: place(rule.target.namespaced, in_name.or(namespace), own),
            name: name.to_owned(),
            via: via(rule, field),
            uid: None,
            optional,
            imaginary: false,
            count: 1,
        };
        facts.references.push(reference);
    }
}

impl Form {
    /// Namespace, if it is in the name, and name; `None` when the name is not one of a Kubernetes object.
    fn take_apart(self, written: &str) -> Option<(Option<&str>, &str)> {
        match self {
            Self::Name => Some((None, written)),
            Self::Slash => {
                Some(written.split_once('/').map_or((None, written), |(space, name)| (Some(space), name)))
            }
            Self::Host => {
                let mut labels = written.split('.');
                let name = labels.next().filter(|name| !name.is_empty() && !name.contains('*'))?;
                match (labels.next(), labels.next()) {
                    (None, _) => Some((None, name)),
                    (Some(namespace), Some("svc")) => Some((Some(namespace), name)),
                    _ => None,
                }
            }
        }
    }
}

fn place(namespaced: Option<bool>, named: Option<&str>, own: &str) -> Where {
    let namespace = named.unwrap_or(own).to_owned();
    match namespaced {
        Some(false) => Where::Cluster,
        // An object of the whole cluster has no namespace to lend.
        _ if namespace.is_empty() => Where::Cluster,
        Some(true) => Where::Namespace(namespace),
        None => Where::NamespaceIfAny(namespace),
    }
}

fn select(rule: &Rule, selected: &Selected, element: &Value, facts: &mut Facts) {
    let Some(selector) = selector(selected, element) else {
        return;
    };
    let Some((group, kind)) = rule.target.kind_in(element) else {
        return;
    };
    for within in within(&selected.namespaces, element, &facts.key.namespace) {
        facts.selections.push(Selection {
            edge: rule.edge(),
            group: group.clone().into_owned().into(),
            kind: kind.clone().into_owned().into(),
            within,
            selector: selector.clone(),
            via: via(rule, &selected.selector),
        });
    }
}

/// The selector that stands in the field; `None` when it selects nothing.
fn selector(selected: &Selected, element: &Value) -> Option<Selector> {
    let found = selected.selector.values(element);
    let selector = match found.first() {
        Some(value) => read_selector(value)?,
        None => return (selected.absent == All::Everything).then(Selector::everything),
    };
    (!selector.is_everything() || selected.empty == All::Everything).then_some(selector)
}

/// A `metav1.LabelSelector`, or labels that must be there as they are.
fn read_selector(value: &Value) -> Option<Selector> {
    let map = value.as_object()?;
    let is_selector = map.get("matchLabels").is_some_and(Value::is_object)
        || map.get("matchExpressions").is_some_and(Value::is_array);
    if is_selector || map.is_empty() {
        let mut map = map.clone();
        map.retain(|_, value| !value.is_null());
        let selector: LabelSelector = serde_json::from_value(Value::Object(map)).ok()?;
        return Some(Selector::from(&selector));
    }
    let labels: Option<BTreeMap<String, String>> =
        map.iter().map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect();
    Some(Selector::labels(&labels?))
}

fn within(namespaces: &Namespaces, element: &Value, own: &str) -> Vec<Within> {
    let own = || vec![if own.is_empty() { Within::Cluster } else { Within::Namespace(own.to_owned()) }];
    match namespaces {
        Namespaces::Own => own(),
        Namespaces::All => vec![Within::Cluster],
        Namespaces::Named { names, any } => {
            if any.as_ref().is_some_and(|any| any.values(element).contains(&&Value::Bool(true))) {
                return vec![Within::Cluster];
            }
            let names = names.as_ref().map(|names| names.values(element)).unwrap_or_default();
            let named: Vec<_> = names
                .into_iter()
                // One path may lead to the list, another to its elements.
                .flat_map(|value| value.as_array().map_or_else(|| vec![value], |list| list.iter().collect()))
                .filter_map(|name| name.as_str().map(|name| Within::Namespace(name.to_owned())))
                .collect();
            if named.is_empty() { own() } else { named }
        }
        Namespaces::Labelled(path) => match path.values(element).first().map(|value| read_selector(value)) {
            None => own(),
            Some(None) => Vec::new(),
            Some(Some(selector)) if selector.is_everything() => vec![Within::Cluster],
            Some(Some(selector)) => vec![Within::Namespaces(selector)],
        },
    }
}

impl Target {
    /// Group and kind of the target that an element names; `None` when it does not say a kind.
    fn kind_in<'a>(&'a self, element: &'a Value) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
        fn text<'a>(path: Option<&Field>, element: &'a Value) -> Option<&'a str> {
            path.and_then(|path| path.text(element))
        }
        let kind =
            text(self.kind_path.as_ref(), element).filter(|kind| !kind.is_empty()).unwrap_or(&self.kind);
        let group = text(self.group_path.as_ref(), element)
            .or_else(|| {
                text(self.api_version_path.as_ref(), element).filter(|text| !text.is_empty()).map(group_of)
            })
            .unwrap_or(&self.group);
        (!kind.is_empty()).then_some((Cow::Borrowed(group), Cow::Borrowed(kind)))
    }
}

/// The field, from the object's root, without indices.
fn via(rule: &Rule, field: &Field) -> Cow<'static, str> {
    if let Some(via) = &rule.via {
        return Cow::Owned(via.clone());
    }
    match &rule.each {
        Some(each) if field.via().is_empty() => Cow::Owned(each.via().to_owned()),
        Some(each) => Cow::Owned(format!("{}.{}", each.via(), field.via())),
        None => Cow::Owned(field.via().to_owned()),
    }
}
