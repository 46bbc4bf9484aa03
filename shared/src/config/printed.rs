//! What a check prints: `kubectl quota-usage config check`.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::{
    check::{Checked, Value},
    file::File,
    problem::{Problem, Severity},
};
use crate::{
    API_VERSION,
    report::{Make, Options, Output, Printable},
    text::{neutral, width},
};

/// What is wrong with a configuration, and what counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct ConfigCheck {
    /// `passmuster.dev/v1alpha1`.
    pub api_version: String,
    /// `ConfigCheck`.
    pub kind: String,
    /// The configuration file, whether it is there or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Whether the configuration can be used.
    pub usable: bool,
    /// All that is wrong or doubtful: the file's by line, then the environment's.
    pub problems: Vec<ConfigProblem>,
    /// Each key and what counts for it.
    pub values: Vec<ConfigValue>,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ConfigProblem {
    /// `error` or `warning`.
    pub severity: &'static str,
    /// Where: `FILE:LINE:COLUMN`, or a variable of the environment.
    pub source: String,
    /// Of which key; absent for the file as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What is wrong, and what to do.
    pub message: String,
}

/// A key and what counts for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ConfigValue {
    /// The key.
    pub key: String,
    /// The value; secrets are `***`, and what nobody sets is empty.
    pub value: String,
    /// Where it is from: `FILE:LINE:COLUMN`, a variable of the environment, or `default`.
    pub source: String,
}

impl ConfigCheck {
    /// What came of checking this file.
    pub fn new(file: Option<&File>, checked: &Checked) -> Self {
        let problem = |problem: &Problem| ConfigProblem {
            severity: problem.severity.as_str(),
            source: problem.source.to_string(),
            key: Some(problem.key.clone()).filter(|key| !key.is_empty()),
            message: problem.message.clone(),
        };
        let value = |Value { key, value, source }: &Value| ConfigValue {
            key: key.clone(),
            value: value.clone(),
            source: source.to_string(),
        };
        Self {
            api_version: API_VERSION.to_owned(),
            kind: "ConfigCheck".to_owned(),
            file: file.map(File::name),
            usable: checked.problems.iter().all(|problem| problem.severity != Severity::Error),
            problems: checked.problems.iter().map(problem).collect(),
            values: checked.values.iter().map(value).collect(),
        }
    }
}

static TABLE: Output<ConfigCheck> =
    Output { name: "table", about: "lines for people; the default", make: Make::Plain(table) };

static OUTPUTS: &[&Output<ConfigCheck>] = &[&TABLE];

impl Printable for ConfigCheck {
    const DEFAULT: &'static str = "table";

    fn own_outputs() -> &'static [&'static Output<Self>] {
        OUTPUTS
    }

    fn items(&self) -> Box<dyn Iterator<Item = serde_json::Result<Json>> + '_> {
        Box::new(self.values.iter().map(serde_json::to_value))
    }
}

/// A line for each problem, and one for each key that has a value.
fn table(check: &ConfigCheck, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    for ConfigProblem { severity, source, key, message } in &check.problems {
        let key = key.as_ref().map(|key| format!("{key}: ")).unwrap_or_default();
        writeln!(out, "{severity}: {}", neutral(&format!("{source}: {key}{message}")))?;
    }
    let wrong = |value: &&ConfigValue| {
        let of_it = |problem: &&ConfigProblem| problem.key.as_ref() == Some(&value.key);
        check.problems.iter().filter(of_it).any(|problem| problem.severity == Severity::Error.as_str())
    };
    let set = || check.values.iter().filter(|value| !value.value.is_empty() && !wrong(value));
    let widest =
        |of: fn(&ConfigValue) -> &str| set().map(|value| width(&neutral(of(value)))).max().unwrap_or(0);
    let (keys, values) = (widest(|value| &value.key), widest(|value| &value.value));
    for ConfigValue { key, value, source } in set() {
        let padded = |text: &str, columns: usize| {
            let text = neutral(text);
            format!("{text}{}", " ".repeat(columns.saturating_sub(width(&text))))
        };
        writeln!(out, "ok  {}  {}  {}", padded(key, keys), padded(value, values), neutral(source))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::{
        config::{Config, Place, Source},
        report::Format,
    };

    #[test]
    fn lines_and_documents() {
        let source = |line| Source::File("c.yaml".into(), Some(Place { line, column: 3 }));
        let value = |key: &str, value: &str, source| Value { key: key.into(), value: value.into(), source };
        let checked = Checked {
            problems: vec![
                Problem::error(source(2), "quota.lang", "no\u{1b}"),
                Problem::warning(source(9), "", "odd"),
            ],
            values: vec![
                value("quota.by", "cluster", source(4)),
                value("quota.lang", "de", source(2)),
                value("quota.threshold", "", Source::Default),
                value("quota.accurate", "false", Source::Variable("V".into())),
            ],
            config: Config::default(),
        };
        let file = File { path: PathBuf::from("c.yaml"), named: false };
        let print = |format: &str| {
            let mut out = Vec::new();
            let format = Format::parse(format, |_| unreachable!()).unwrap();
            format.render(&ConfigCheck::new(Some(&file), &checked), &Options::default(), &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            print(""),
            "error: c.yaml:2:3: quota.lang: no^[\nwarning: c.yaml:9:3: odd\nok  quota.by        cluster  c.yaml:4:3\nok  \
             quota.accurate  false    V\n"
        );
        assert_eq!(print("custom-columns=K:.key").lines().count(), 5);
        let json: Json = serde_json::from_str(&print("json")).unwrap();
        assert_eq!(json, serde_saphyr::from_str::<Json>(&print("yaml")).unwrap());
        let schemas = crate::report::schema::schemas();
        let (_, schema) = schemas.into_iter().find(|(file, _)| *file == "config-check.json").unwrap();
        assert!(jsonschema::is_valid(&schema, &json) && !jsonschema::is_valid(&schema, &Json::Null));
        assert_eq!(
            (json["usable"].clone(), json["problems"][0]["severity"].clone()),
            (false.into(), "error".into())
        );
    }
}
