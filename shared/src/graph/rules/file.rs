//! From a rule file to rules, or to what is wrong with it.

use std::sync::Arc;

use super::{
    KindScope,
    field::Field,
    rule::{All, Condition, Finds, Form, Named, Namespaces, Rule, Selected, Source, Target},
    spec::{ConditionSpec, File, NamespacesSpec, OneOrMany, Optional, RuleSpec},
};
use crate::API_VERSION;

/// Why a rule file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// It is not YAML, or not a rule file.
    #[error("{file}: {message}")]
    File {
        /// The file.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// One rule is wrong.
    #[error("{file}: rules[{rule}]{}{field}: {message}", if field.is_empty() { "" } else { "." })]
    Rule {
        /// The file.
        file: String,
        /// Which rule, from 0.
        rule: usize,
        /// The field of the rule; empty when it is the whole rule.
        field: String,
        /// What is wrong.
        message: String,
    },
}

/// What is wrong with a rule: its field, and a sentence.
type Wrong = (&'static str, String);

/// Reads the rules of a file, in YAML or JSON.
pub(super) fn parse(file: &str, text: &str) -> Result<(Vec<Rule>, Vec<KindScope>), RuleError> {
    let wrong = |message: String| RuleError::File { file: file.to_owned(), message };
    let options = serde_saphyr::options! { with_snippet: false };
    let parsed: File =
        serde_saphyr::from_str_with_options(text, options).map_err(|error| wrong(error.to_string()))?;
    if parsed.api_version != API_VERSION || parsed.kind != "RelationRules" {
        return Err(wrong(format!(
            "expected apiVersion {API_VERSION} and kind RelationRules, found {} and {}",
            parsed.api_version, parsed.kind
        )));
    }
    let rule = |(rule, value)| {
        let wrong = |(field, message): Wrong| RuleError::Rule {
            file: file.to_owned(),
            rule,
            field: field.to_owned(),
            message,
        };
        let spec: RuleSpec = serde_json::from_value(value).map_err(|error| wrong(("", error.to_string())))?;
        compile(spec).map_err(wrong)
    };
    let rules = parsed.rules.into_iter().enumerate().map(rule).collect::<Result<_, _>>()?;
    Ok((rules, parsed.kinds))
}

fn compile(spec: RuleSpec) -> Result<Rule, Wrong> {
    let finds = match (&spec.name, &spec.selector) {
        (Some(_), Some(_)) => {
            return Err(("selector", "a rule has either name or selector, this one has both".into()));
        }
        (None, None) => return Err(("", "a rule needs name or selector".into())),
        (Some(_), None) => named(&spec)?,
        (None, Some(_)) => selected(&spec)?,
    };
    if spec.edge.is_empty()
        || !spec.edge.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    {
        return Err(("edge", format!("{:?}: edge types are lower case letters, digits and _", spec.edge)));
    }
    let kinds = spec.source.kind.into_vec();
    if kinds.is_empty() || kinds.iter().any(String::is_empty) {
        return Err(("source.kind", "is empty".into()));
    }
    if spec.target.kind.is_empty() && spec.target.kind_path.is_none() {
        return Err(("target", "needs kind or kindPath".into()));
    }
    let target = Target {
        group: spec.target.group,
        kind: spec.target.kind,
        group_path: path("target.groupPath", spec.target.group_path.as_ref())?,
        api_version_path: path("target.apiVersionPath", spec.target.api_version_path.as_ref())?,
        kind_path: path("target.kindPath", spec.target.kind_path.as_ref())?,
        namespaced: spec.target.namespaced,
    };
    let condition = |condition: ConditionSpec| {
        let path = Field::parse(&condition.path).map_err(|message| ("when", message))?;
        Ok(Condition { path, values: condition.values })
    };
    Ok(Rule {
        source: Source { group: spec.source.group, kinds, namespaced: spec.source.namespaced },
        edge: Arc::from(spec.edge),
        each: path("each", spec.each.as_ref())?,
        when: spec.when.into_iter().map(condition).collect::<Result<_, Wrong>>()?,
        unless: paths("unless", &spec.unless)?,
        target,
        finds,
        via: spec.via,
    })
}

fn named(spec: &RuleSpec) -> Result<Finds, Wrong> {
    for (field, there) in [
        ("absent", spec.absent.is_some()),
        ("empty", spec.empty.is_some()),
        ("namespaces", spec.namespaces.is_some()),
    ] {
        if there {
            return Err((field, "belongs to rules with a selector".into()));
        }
    }
    let names = spec.name.as_ref().map(OneOrMany::as_slice).unwrap_or_default();
    let (optional, optional_path) = match &spec.optional {
        None => (false, None),
        Some(Optional::Always(always)) => (*always, None),
        Some(Optional::Path(optional)) => (false, path("optional", Some(optional))?),
    };
    Ok(Finds::Named(Named {
        names: paths("name", names)?,
        form: spec.form.unwrap_or(Form::Name),
        except: spec.except.clone(),
        namespace: path("namespace", spec.namespace.as_ref())?,
        optional,
        optional_path,
    }))
}

fn selected(spec: &RuleSpec) -> Result<Finds, Wrong> {
    for (field, there) in [
        ("form", spec.form.is_some()),
        ("except", !spec.except.is_empty()),
        ("namespace", spec.namespace.is_some()),
        ("optional", spec.optional.is_some()),
    ] {
        if there {
            return Err((field, "belongs to rules with a name".into()));
        }
    }
    let selector = path("selector", spec.selector.as_ref())?.ok_or(("selector", "is missing".to_owned()))?;
    let namespaces = match &spec.namespaces {
        None => Namespaces::Own,
        Some(NamespacesSpec { all: true, names: None, any: None, selector: None }) => Namespaces::All,
        Some(NamespacesSpec { all: false, names: None, any: None, selector: Some(selector) }) => {
            Namespaces::Labelled(Field::parse(selector).map_err(|message| ("namespaces.selector", message))?)
        }
        Some(NamespacesSpec { all: false, names, any, selector: None })
            if names.is_some() || any.is_some() =>
        {
            Namespaces::Named {
                names: path("namespaces.names", names.as_ref())?,
                any: path("namespaces.any", any.as_ref())?,
            }
        }
        Some(_) => return Err(("namespaces", "needs all: true, or names and any, or selector".into())),
    };
    Ok(Finds::Selected(Selected {
        selector,
        absent: spec.absent.unwrap_or(All::Nothing),
        empty: spec.empty.unwrap_or(All::Everything),
        namespaces,
    }))
}

fn path(field: &'static str, text: Option<&String>) -> Result<Option<Field>, Wrong> {
    text.map(|text| Field::parse(text)).transpose().map_err(|message| (field, message))
}

fn paths(field: &'static str, texts: &[String]) -> Result<Vec<Field>, Wrong> {
    texts.iter().map(|text| Field::parse(text)).collect::<Result<_, _>>().map_err(|message| (field, message))
}
