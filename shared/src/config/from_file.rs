//! What a file says, key by key.

use super::{
    keys::{CONTEXT, KEYS, SECTIONS},
    problem::{Problem, Source},
    settings::{Context, Setting, Settings},
    suggest::suggestion,
    tree::{self, Malformed, Node, Place, Value},
    values::{Wrong, of_node},
};

impl Settings {
    /// Adds what a file says; `name` is what messages call it.
    pub(super) fn add_file(&mut self, name: &str, text: &str) {
        self.file = Some(name.to_owned());
        let root = match tree::parse(text) {
            Ok(Some(root)) => root,
            Ok(None) => return,
            Err(Malformed { place, message }) => {
                let source = Source::File(name.to_owned(), place);
                self.problems.push(Problem::error(source, "", message));
                return;
            }
        };
        let file = FileReader { name, settings: self };
        file.root(&root);
    }
}

struct FileReader<'a> {
    name: &'a str,
    settings: &'a mut Settings,
}

impl FileReader<'_> {
    fn root(mut self, root: &Node) {
        let Value::Map(sections) = &root.value else {
            let message = format!("expected a mapping of sections, found {}", root.value.kind());
            self.error(root.place, "", message);
            return;
        };
        for (key, node) in sections {
            match SECTIONS.iter().find(|(name, _)| *name == key.name) {
                Some((section, _)) => self.section(section, node),
                None => self.unknown(key, "", SECTIONS.iter().map(|(name, _)| *name)),
            }
        }
    }

    fn section(&mut self, section: &'static str, node: &Node) {
        let prefix = format!("{section}.{CONTEXT}.");
        if !KEYS.iter().any(|key| key.path.starts_with(&prefix)) {
            self.fields(&format!("{section}."), section, None, node);
            return;
        }
        for (context, node) in self.mapping(section, "contexts", node) {
            let path = format!("{section}.{}", context.name);
            if context.name.is_empty() || (context.name == "*" && section != "prometheus") {
                self.error(context.place, &path, "expected the name of a context".to_owned());
                continue;
            }
            self.settings.entries.push((section, context.name.clone(), context.place));
            self.fields(&prefix, &path, Some(&Context::Named(context.name.clone())), node);
        }
    }

    /// Reads the keys below one place; `prefix` is how their paths begin in the list, and `path` in this file.
    fn fields(&mut self, prefix: &str, path: &str, context: Option<&Context>, node: &Node) {
        let known = || KEYS.iter().filter_map(|key| Some((key.path.strip_prefix(prefix)?, key)));
        for (name, node) in self.mapping(path, "keys", node) {
            let Some((_, key)) = known().find(|(known, _)| *known == name.name) else {
                self.unknown(name, path, known().map(|(name, _)| name));
                continue;
            };
            // A key without a value is a key that is not there.
            if matches!(node.value, Value::Null) {
                continue;
            }
            match of_node(key.kind, node) {
                Ok(value) => {
                    let source = Source::File(self.name.to_owned(), Some(name.place));
                    self.settings.all.push(Setting { key, context: context.cloned(), value, source });
                }
                Err(Wrong { place, message }) => {
                    self.error(place.unwrap_or(node.place), &format!("{path}.{}", name.name), message);
                }
            }
        }
    }

    fn mapping<'n>(&mut self, path: &str, of: &str, node: &'n Node) -> &'n [(tree::Key, Node)] {
        match &node.value {
            Value::Map(entries) => entries,
            Value::Null => &[],
            other => {
                self.error(node.place, path, format!("expected a mapping of {of}, found {}", other.kind()));
                &[]
            }
        }
    }

    fn unknown(&mut self, key: &tree::Key, path: &str, siblings: impl Iterator<Item = &'static str> + Clone) {
        let full = if path.is_empty() { key.name.clone() } else { format!("{path}.{}", key.name) };
        let elsewhere = || KEYS.iter().find(|known| known.path.rsplit('.').next() == Some(&key.name));
        let meant = suggestion(&key.name, siblings.clone()).or_else(|| elsewhere().map(|known| known.path));
        let message = match meant {
            Some(meant) => format!("unknown key, did you mean {meant}?"),
            None => format!("unknown key; there are {}", siblings.collect::<Vec<_>>().join(", ")),
        };
        self.error(key.place, &full, message);
    }

    fn error(&mut self, place: Place, key: &str, message: String) {
        let source = Source::File(self.name.to_owned(), Some(place));
        self.settings.problems.push(Problem::error(source, key, message));
    }
}
