//! Everything that can be said of a configuration, key by key.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::Value as Json;

use super::{
    file::{File, read},
    keys::{CONTEXT, KEYS, Kind, SECTIONS, capitals},
    problem::{Problem, Severity, Source, sort},
    settings::{Context, Settings, beside, shown},
    types::Config,
};

/// What is known of the world around a configuration.
pub struct Surroundings<'a> {
    /// The contexts of the kubeconfig; `None` when there is none to be read.
    pub contexts: Option<Vec<String>>,
    /// Why a file can't be read, if it can't.
    pub unreadable: &'a dyn Fn(&Path) -> Option<String>,
    /// Whether others than its owner may read a file.
    pub exposed: &'a dyn Fn(&Path) -> bool,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// All that is wrong or doubtful, by place.
    pub problems: Vec<Problem>,
    /// Each key's value; without keys of contexts that nobody set.
    pub values: Vec<Value>,
    /// What comes of it, as far as it is right.
    pub config: Config,
}

/// A key and the value that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The key, such as `quota.period`.
    pub key: String,
    /// The value, secrets left out; empty when there is none.
    pub value: String,
    /// Where it is from.
    pub source: Source,
}

impl Checked {
    /// Whether the configuration can be used.
    pub fn is_usable(&self) -> bool {
        self.problems.iter().all(|problem| problem.severity != Severity::Error)
    }
}

/// Checks a file, when there is one, and the environment over it.
pub fn check(
    file: Option<&File>,
    variables: &BTreeMap<String, String>,
    surroundings: &Surroundings<'_>,
) -> Checked {
    let (mut settings, config) = read(file, variables);
    let path = file.map(|file| file.path.as_path());
    let mut doubts = Vec::new();
    doubts.extend(secrets_for_all(&settings, path, surroundings));
    doubts.extend(unreadable_files(&settings, path, surroundings));
    doubts.extend(unknown_contexts(&settings, surroundings));
    doubts.extend(same_names(&config, &settings));
    settings.problems.extend(doubts);
    sort(&mut settings.problems);
    Checked { values: values(&settings), problems: settings.problems, config }
}

/// Passwords in a file that others may read.
fn secrets_for_all(
    settings: &Settings,
    file: Option<&Path>,
    surroundings: &Surroundings<'_>,
) -> Option<Problem> {
    let secret = settings
        .all
        .iter()
        .find(|setting| setting.key.kind.is_secret() && matches!(setting.source, Source::File(..)))?;
    let exposed = file.filter(|path| (surroundings.exposed)(path))?;
    let way_out = format!("it holds a secret and others may read it: chmod 600 {}", exposed.display());
    let Source::File(name, _) = &secret.source else { return None };
    Some(Problem::warning(Source::File(name.clone(), None), secret.path(), way_out))
}

fn unreadable_files(
    settings: &Settings,
    file: Option<&Path>,
    surroundings: &Surroundings<'_>,
) -> Vec<Problem> {
    let named = settings.all.iter().flat_map(|setting| {
        let texts: Vec<&str> = match (setting.key.kind, &setting.value) {
            (Kind::File, Json::String(text)) => vec![text],
            (Kind::Files, Json::Array(texts)) => texts.iter().filter_map(Json::as_str).collect(),
            _ => Vec::new(),
        };
        texts.into_iter().map(move |text| (setting, text))
    });
    named
        .filter_map(|(setting, text)| {
            let file = file.filter(|_| matches!(setting.source, Source::File(..)));
            let path = beside(file, text);
            let why = (surroundings.unreadable)(&path)?;
            let message = format!("can't read {}: {why}", path.display());
            Some(Problem::warning(setting.source.clone(), setting.path(), message))
        })
        .collect()
}

/// Entries of contexts that the kubeconfig doesn't have.
fn unknown_contexts(settings: &Settings, surroundings: &Surroundings<'_>) -> Vec<Problem> {
    let Some(contexts) = &surroundings.contexts else { return Vec::new() };
    let message = |name: &str, known: Vec<&str>| {
        let meant = super::suggest::suggestion(name, known.into_iter());
        let meant = meant.map(|meant| format!(", did you mean {meant}?")).unwrap_or_default();
        format!("the kubeconfig has no such context{meant}")
    };
    let mut problems = Vec::new();
    let known = || contexts.iter().map(String::as_str).collect();
    for (section, name, place) in &settings.entries {
        if name != "*" && !contexts.contains(name) {
            let source = Source::File(settings.file.clone().unwrap_or_default(), Some(*place));
            problems.push(Problem::warning(source, format!("{section}.{name}"), message(name, known())));
        }
    }
    let in_capitals: BTreeSet<String> = contexts.iter().map(|name| capitals(name)).collect();
    for setting in &settings.all {
        if let Some(Context::Capitals(name)) = &setting.context
            && !in_capitals.contains(name)
        {
            let known = in_capitals.iter().map(String::as_str).collect();
            problems.push(Problem::warning(setting.source.clone(), setting.path(), message(name, known)));
        }
    }
    problems
}

/// Clusters that outputs could not tell apart.
fn same_names(config: &Config, settings: &Settings) -> Vec<Problem> {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let mut problems = Vec::new();
    for (context, cluster) in &config.clusters.named {
        let Some(name) = cluster.name.as_deref() else { continue };
        if let Some(other) = first.get(name) {
            let message =
                format!("clusters.{other}.name is {name:?} too: rows of both are one cluster's then");
            let source = settings.source("clusters", context, "name");
            problems.push(Problem::warning(source, format!("clusters.{context}.name"), message));
        } else {
            first.insert(name, context);
        }
    }
    problems
}

/// What counts for each key, by contexts where keys have some.
fn values(settings: &Settings) -> Vec<Value> {
    let mut last: BTreeMap<(usize, String, usize), Value> = BTreeMap::new();
    for (n, key) in KEYS.iter().enumerate() {
        let name = key.path.split('.').next();
        let section = SECTIONS.iter().position(|(section, _)| Some(*section) == name).unwrap_or_default();
        if !key.path.contains(CONTEXT) {
            let default =
                Value { key: key.path.to_owned(), value: key.default.to_owned(), source: Source::Default };
            last.insert((section, String::new(), n), default);
        }
        // What is said later counts.
        for setting in settings.all.iter().filter(|setting| setting.key == key) {
            for (context, path) in settings.paths(setting) {
                let value = shown(setting.key.kind, &setting.value);
                let value = Value { key: path, value, source: setting.source.clone() };
                last.insert((section, context, n), value);
            }
        }
    }
    last.into_values().collect()
}
