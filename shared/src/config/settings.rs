//! Each key's value, and where it is from.

use std::{collections::BTreeMap, path::Path};

use serde_json::Value as Json;

use super::{
    keys::{CONTEXT, KEYS, Key, Kind, capitals},
    problem::{Problem, Source},
    suggest::suggestion,
    tree::Place,
    values::of_text,
};
use crate::text::without_password;

/// A key that has a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Setting {
    pub(super) key: &'static Key,
    /// The context, where the key has one.
    pub(super) context: Option<Context>,
    pub(super) value: Json,
    pub(super) source: Source,
}

/// A context as it is named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Context {
    /// In the file; `*` is any other.
    Named(String),
    /// In a variable.
    Capitals(String),
}

impl Context {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Named(name) | Self::Capitals(name) => name,
        }
    }
}

impl Setting {
    /// The key with the context's name in it.
    pub(super) fn path(&self) -> String {
        match &self.context {
            Some(context) => self.key.path.replacen(CONTEXT, context.name(), 1),
            None => self.key.path.to_owned(),
        }
    }
}

impl Settings {
    /// The contexts and the keys that a setting is for: a variable may name several contexts of the file, which are
    /// alike in capitals. No context is empty.
    pub(super) fn paths(&self, setting: &Setting) -> Vec<(String, String)> {
        let path = |context: &str| (context.to_owned(), setting.key.path.replacen(CONTEXT, context, 1));
        let Some(Context::Capitals(name)) = &setting.context else {
            return vec![path(setting.context.as_ref().map_or("", Context::name))];
        };
        let section = setting.key.path.split('.').next().unwrap_or_default();
        let meant = self.entries.iter().filter(|(of, entry, _)| *of == section && capitals(entry) == *name);
        let paths: Vec<(String, String)> = meant.map(|(_, entry, _)| path(entry)).collect();
        if paths.is_empty() { vec![path(name)] } else { paths }
    }
}

/// What a file and the environment say, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) all: Vec<Setting>,
    pub(super) problems: Vec<Problem>,
    /// What messages call the file, when there is one.
    pub(super) file: Option<String>,
    /// Where each entry of a section by contexts begins.
    pub(super) entries: Vec<(&'static str, String, Place)>,
}

impl Settings {
    /// Adds what the variables of the environment say.
    pub(super) fn add_variables(&mut self, variables: &BTreeMap<String, String>) {
        for (name, text) in variables {
            let Some(rest) = name.strip_prefix("PASSMUSTER_") else { continue };
            // Set to nothing is not set.
            if rest == "CONFIG" || text.is_empty() {
                continue;
            }
            let source = Source::Variable(name.clone());
            let Some((key, context)) = of_variable(rest) else {
                let known: Vec<String> = KEYS.iter().map(Key::variable).collect();
                let meant = suggestion(name, known.iter().map(String::as_str));
                let meant = meant.map(|name| format!(", did you mean {name}?")).unwrap_or_default();
                self.problems.push(Problem::warning(
                    source,
                    "",
                    format!("no key of the configuration{meant}"),
                ));
                continue;
            };
            let setting = |value| Setting { key, context: context.clone(), value, source: source.clone() };
            match of_text(key.kind, text) {
                Ok(value) => self.all.push(setting(value)),
                Err(message) => {
                    let path = setting(Json::Null).path();
                    self.problems.push(Problem::error(source, path, message));
                }
            }
        }
    }
}

/// The key that a variable stands for, by its name without `PASSMUSTER_`, and the context that it names in capitals.
fn of_variable(name: &str) -> Option<(&'static Key, Option<Context>)> {
    let of_key = |key: &'static Key| {
        let Some((section, field)) = key.path.split_once(&format!(".{CONTEXT}.")) else {
            let path: Vec<String> = key.path.split('.').map(capitals).collect();
            return (path.join("_") == name).then_some((0, key, None));
        };
        let rest =
            name.strip_prefix(&capitals(section))?.strip_prefix('_')?.strip_suffix(&capitals(field))?;
        let context = match rest.strip_suffix('_') {
            Some(context) if !context.is_empty() => Context::Capitals(context.to_owned()),
            None if rest.is_empty() && section == "prometheus" => Context::Named("*".to_owned()),
            _ => return None,
        };
        Some((context.name().len(), key, Some(context)))
    };
    // `…_PASSWORD_FILE` is of `passwordFile`: what leaves the shortest name of a context.
    KEYS.iter().filter_map(of_key).min_by_key(|(length, ..)| *length).map(|(_, key, context)| (key, context))
}

/// The value as it may be shown.
pub(super) fn shown(kind: Kind, value: &Json) -> String {
    let list = |texts: Vec<&str>| texts.join(", ");
    match (kind, value) {
        (Kind::Secret, _) => "***".to_owned(),
        (Kind::SecretMap, Json::Object(map)) => {
            map.keys().map(|name| format!("{name}=***")).collect::<Vec<_>>().join(", ")
        }
        (Kind::Url, Json::String(url)) => without_password(url),
        (_, Json::String(text)) => text.clone(),
        (_, Json::Array(words)) => list(words.iter().filter_map(Json::as_str).collect()),
        (_, Json::Object(map)) => {
            let pairs =
                map.iter().map(|(name, text)| format!("{name}={}", text.as_str().unwrap_or_default()));
            pairs.collect::<Vec<_>>().join(", ")
        }
        (_, other) => other.to_string(),
    }
}

/// Paths of a file are relative to where it is.
pub(super) fn beside(file: Option<&Path>, path: &str) -> std::path::PathBuf {
    match file.and_then(Path::parent) {
        Some(folder) => folder.join(path),
        None => path.into(),
    }
}
