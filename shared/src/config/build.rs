//! From settings to a [`Config`].

use std::{collections::BTreeMap, path::Path};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::{
    keys::{CONTEXT, Kind, capitals},
    problem::{Problem, Source},
    settings::{Context, Setting, Settings, beside},
    types::{ByContext, Cluster, Config},
};
use crate::prometheus::{self, Target};

type Fields = Map<String, Json>;

impl Settings {
    /// What the settings say together; what does not fit together is added to the problems. `file` is where the
    /// file is, which paths in it are relative to.
    pub(super) fn build(&mut self, file: Option<&Path>) -> Config {
        let mut plain: BTreeMap<&str, Fields> = BTreeMap::new();
        for setting in self.all.iter().filter(|setting| setting.context.is_none()) {
            if let Some((section, field)) = setting.key.path.split_once('.') {
                plain.entry(section).or_default().insert(field.to_owned(), placed(setting, file));
            }
        }
        let prometheus = self.by_context("prometheus", file).typed::<Target>();
        self.fit(&prometheus);
        Config {
            quota: typed(plain.remove("quota").unwrap_or_default()),
            graph: typed(plain.remove("graph").unwrap_or_default()),
            prometheus,
            clusters: self.by_context("clusters", file).typed::<Cluster>(),
        }
    }

    fn by_context(&self, section: &str, file: Option<&Path>) -> ByContext<Fields> {
        let mut entries = ByContext::<Fields>::default();
        for (_, name, _) in self.entries.iter().filter(|(of, ..)| *of == section) {
            entries.named.insert(name.clone(), Fields::new());
        }
        let of_section = || {
            self.all.iter().filter_map(|setting| {
                let (of, field) = setting.key.path.split_once('.')?;
                let field = field.rsplit('.').next()?;
                let context = setting.context.as_ref().filter(|_| of == section)?;
                Some((context, field, placed(setting, file)))
            })
        };
        for (context, field, value) in of_section() {
            if let Context::Named(name) = context {
                entries.named.entry(name.clone()).or_default().insert(field.to_owned(), value);
            }
        }
        for (context, field, value) in of_section() {
            let Context::Capitals(name) = context else { continue };
            let mut meant = false;
            for (_, fields) in entries.named.iter_mut().filter(|(known, _)| capitals(known) == *name) {
                fields.insert(field.to_owned(), value.clone());
                meant = true;
            }
            if !meant {
                let others = || entries.named.get("*").cloned().unwrap_or_default();
                entries.capitals.entry(name.clone()).or_insert_with(others).insert(field.to_owned(), value);
            }
        }
        entries
    }

    /// What does not fit together in an entry.
    fn fit(&mut self, prometheus: &ByContext<Target>) {
        for (name, target) in prometheus.named.iter().chain(&prometheus.capitals) {
            for prometheus::Problem { key, message } in target.check() {
                let source = self.source("prometheus", name, &key);
                let key = format!("prometheus.{name}.{key}");
                // A value that was refused is told already.
                if !self.problems.iter().any(|problem| problem.key == key) {
                    self.problems.push(Problem::error(source, key, message));
                }
            }
        }
    }

    /// Where a field of an entry is from; where none is, where the entry is.
    pub(super) fn source(&self, section: &str, name: &str, field: &str) -> Source {
        let path = format!("{section}.{CONTEXT}.");
        let of_entry = |setting: &&Setting| {
            setting.key.path.starts_with(&path)
                && setting.context.as_ref().is_some_and(|context| match context {
                    Context::Named(named) => named == name,
                    Context::Capitals(written) => *written == capitals(name),
                })
        };
        let mut settings = self.all.iter().filter(of_entry);
        let own = settings.clone().rfind(|setting| setting.key.path.strip_prefix(&path) == Some(field));
        let entry = self.entries.iter().find(|(of, known, _)| *of == section && known == name);
        match (own, entry, settings.next()) {
            (Some(own), ..) => own.source.clone(),
            (None, Some((.., place)), _) => Source::File(self.file.clone().unwrap_or_default(), Some(*place)),
            (None, None, Some(other)) => other.source.clone(),
            (None, None, None) => Source::Default,
        }
    }
}

impl ByContext<Fields> {
    fn typed<T: DeserializeOwned + Default>(self) -> ByContext<T> {
        let typed = |entries: BTreeMap<String, Fields>| {
            entries.into_iter().map(|(name, fields)| (name, typed(fields))).collect()
        };
        ByContext { named: typed(self.named), capitals: typed(self.capitals) }
    }
}

/// The fields as their type. They were read by the list of keys, which a test holds equal to the type.
fn typed<T: DeserializeOwned + Default>(fields: Fields) -> T {
    serde_json::from_value(Json::Object(fields)).unwrap_or_default()
}

/// The value, a path of the file made one of the file system.
fn placed(setting: &Setting, file: Option<&Path>) -> Json {
    let file = file.filter(|_| matches!(setting.source, Source::File(..)));
    let path = |text: &str| Json::from(beside(file, text).to_string_lossy().into_owned());
    match (setting.key.kind, &setting.value) {
        (Kind::File, Json::String(text)) => path(text),
        (Kind::Files, Json::Array(texts)) => texts.iter().filter_map(Json::as_str).map(path).collect(),
        (_, value) => value.clone(),
    }
}
