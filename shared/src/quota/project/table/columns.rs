//! Columns by their headings, in English and in Chinese.

use crate::quota::project::keys;

/// The language of headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese.
    Chinese,
}

/// What a column is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The cluster whose part of the project the row is; empty for the project altogether.
    Cluster,
    /// The project.
    Project,
    /// CPU, in cores.
    Cpu,
    /// Memory, in GiB.
    Memory,
    /// What people call the project.
    DisplayName,
    /// What another system calls it.
    ExternalId,
    /// Its namespaces by name.
    Namespaces,
    /// Its namespaces by label.
    Selector,
    /// How it is charged.
    Model,
    /// Scopes.
    Scopes,
    /// Further scopes.
    ScopeSelector,
    /// For people.
    Note,
    /// A key of the quota.
    Key(String),
}

/// Columns in the order in which they are written; English heading, Chinese heading, and other words for it.
const HEADINGS: &[(Column, &str, &str, &[&str])] = &[
    (
        Column::Cluster,
        "Cluster",
        "云序号",
        &["cluster number", "cloud", "cloud number", "集群", "集群名称", "云"],
    ),
    (Column::Project, "Project", "项目名称", &["project name", "name", "项目"]),
    (Column::Cpu, "CPU", "CPU配额", &["cpu quota", "cpu cores"]),
    (Column::Memory, "Memory", "内存配额", &["memory quota", "内存"]),
    (Column::DisplayName, "Display name", "显示名称", &["displayname"]),
    (Column::ExternalId, "External id", "外部标识", &["externalid", "项目编号"]),
    (Column::Namespaces, "Namespaces", "命名空间", &["namespace"]),
    (Column::Selector, "Selector", "命名空间选择器", &["namespace selector", "namespaceselector", "选择器"]),
    (Column::Model, "Model", "计量方式", &[]),
    (Column::Scopes, "Scopes", "作用域", &[]),
    (Column::ScopeSelector, "Scope selector", "作用域选择器", &["scopeselector"]),
    (Column::Note, "Note", "备注", &["notes", "remark", "remarks", "comment", "说明"]),
];

impl Column {
    /// The column that a heading names. Keys of quotas are read exactly as they are written, so that `cpu` is the key
    /// and `CPU` the column in cores. What stands in parentheses explains.
    pub fn of(heading: &str) -> Option<Self> {
        let heading = heading.trim();
        if keys::is_key(heading) {
            return Some(Self::Key(heading.to_owned()));
        }
        let plain = heading.split(['(', '（']).next().unwrap_or_default();
        let words: Vec<&str> = plain.split_whitespace().collect();
        let words = words.join(" ").to_lowercase();
        HEADINGS
            .iter()
            .find(|(_, english, chinese, others)| {
                words == english.to_lowercase()
                    || words == chinese.to_lowercase()
                    || others.contains(&words.as_str())
            })
            .map(|(column, ..)| column.clone())
    }

    /// Its heading.
    pub fn heading(&self, language: Language) -> String {
        if let Self::Key(key) = self {
            return key.clone();
        }
        let found = HEADINGS.iter().find(|(column, ..)| column == self);
        let heading = found.map_or("", |(_, english, chinese, _)| match language {
            Language::English => english,
            Language::Chinese => chinese,
        });
        let unit = match (self, language) {
            (Self::Cpu, Language::English) => " (cores)",
            (Self::Cpu, Language::Chinese) => "（核）",
            (Self::Memory, Language::English) => " (GiB)",
            (Self::Memory, Language::Chinese) => "（GiB）",
            _ => "",
        };
        format!("{heading}{unit}")
    }

    /// Whether it holds amounts.
    pub fn is_amount(&self) -> bool {
        matches!(self, Self::Cpu | Self::Memory | Self::Key(_))
    }

    /// Every heading that could have been meant, for messages.
    pub fn known() -> String {
        let all: Vec<String> =
            HEADINGS.iter().map(|(_, english, chinese, _)| format!("{english} ({chinese})")).collect();
        all.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_in_both_languages() {
        for (column, ..) in HEADINGS {
            for language in [Language::English, Language::Chinese] {
                assert_eq!(Column::of(&column.heading(language)).as_ref(), Some(column));
            }
        }
        for (heading, column) in [
            ("云序号", Column::Cluster),
            (" 项目名称 ", Column::Project),
            ("CPU配额", Column::Cpu),
            ("cpu配额(核)", Column::Cpu),
            ("CPU", Column::Cpu),
            ("cpu", Column::Key("cpu".into())),
            ("内存配额（G）", Column::Memory),
            ("display  NAME", Column::DisplayName),
            ("requests.nvidia.com/gpu", Column::Key("requests.nvidia.com/gpu".into())),
        ] {
            assert_eq!(Column::of(heading), Some(column), "{heading}");
        }
        for heading in ["", "reqests.cpu", "Owner"] {
            assert_eq!(Column::of(heading), None, "{heading}");
        }
    }
}
