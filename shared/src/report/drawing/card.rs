//! One object, or several alike, as a card.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    badge,
    measure::{self, NAME, SMALL, TEXT},
};
use crate::{graph::Document, model::Health, report::label::Labels, text::neutral};

/// Around what stands on a card; the badge; between badge and text.
pub(super) const PADDING: i32 = 9;
pub(super) const BADGE: i32 = 36;
/// Heights of lines.
pub(super) const KIND_LINE: i32 = 14;
pub(super) const NAME_LINE: i32 = 16;
pub(super) const STATUS_LINE: i32 = 15;
/// Names wider than this take several lines.
const NAME_WIDTH: i32 = 250;

/// A card. Texts are safe to show, and not yet escaped for markup.
pub(crate) struct Card {
    /// The objects: indices into the document's nodes.
    pub(crate) members: Vec<u32>,
    pub(crate) namespace: String,
    /// The namespace that this one object is.
    pub(super) namespace_itself: Option<String>,
    /// The frame that it stands in.
    pub(crate) frame: Option<usize>,
    /// The kind, and how many: `Pod ×12`.
    pub(super) kind: String,
    pub(super) name: Vec<String>,
    pub(super) status: Option<String>,
    pub(super) badge: String,
    pub(super) family: &'static str,
    /// Classes that say how it is.
    pub(super) state: &'static str,
    pub(super) root: bool,
    /// Tooltip, and what a screen reader says.
    pub(crate) title: String,
    pub(super) width: i32,
    pub(super) height: i32,
}

impl Card {
    pub(super) fn new(document: &Document, labels: &Labels<'_>, members: &[u32]) -> Self {
        let nodes = || members.iter().map(|member| document.node(*member));
        let first = document.node(members.first().copied().unwrap_or_default());
        let alike = nodes().all(|node| node.key.namespace == first.key.namespace);
        let kind = labels.kind(&first.key);
        let several = members.len() > 1;
        let kind = if several { format!("{kind} ×{}", members.len()) } else { kind };
        let name = if several {
            common_name(nodes().map(|node| &*node.key.name))
        } else {
            first.key.name.to_string()
        };
        let name = measure::lines(&neutral(&name), NAME, NAME_WIDTH);
        let status = status(document, members);
        let health = nodes().map(|node| node.status.health).max().unwrap_or_default();
        let state = match health {
            _ if first.missing => "missing",
            _ if first.unknown => "unread",
            Health::Degraded => "degraded",
            Health::Progressing => "progressing",
            Health::Healthy => "healthy",
            Health::Unknown => "plain",
        };
        let text = measure::width(&kind, SMALL)
            .max(name.iter().map(|line| measure::width(line, NAME)).max().unwrap_or_default())
            .max(status.as_deref().map_or(0, |status| measure::width(status, TEXT)));
        let lines = i32::try_from(name.len()).unwrap_or(i32::MAX / 32);
        let height = KIND_LINE + NAME_LINE * lines + if status.is_some() { STATUS_LINE } else { 0 };
        let title = if several {
            format!("{kind} {}", name.concat())
        } else {
            neutral(&first.key.to_string()).into_owned()
        };
        Self {
            members: members.to_vec(),
            namespace: if alike { first.key.namespace.to_string() } else { String::new() },
            namespace_itself: (!several && first.key.group.is_empty() && *first.key.kind == *"Namespace")
                .then(|| first.key.name.to_string()),
            frame: None,
            badge: badge::letters(&first.key),
            family: badge::family(&first.key),
            state,
            root: members.iter().any(|member| document.is_root(*member)),
            title,
            width: (3 * PADDING + BADGE + text).max(150),
            height: (height + 2 * PADDING - 2).max(BADGE + 2 * PADDING - 4),
            kind,
            name,
            status,
        }
    }
}

/// What the names begin with, up to a dash: `nginx-7c5ddbdf54-…`.
fn common_name<'a>(mut names: impl Iterator<Item = &'a str>) -> String {
    let first = names.next().unwrap_or_default();
    let mut common = first.len();
    for name in names {
        common = first[..common].bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
    }
    while !first.is_char_boundary(common) {
        common -= 1;
    }
    let stem = first[..common].rfind('-').map_or("", |dash| &first[..=dash]);
    format!("{stem}…")
}

/// READY and STATUS of one; of several, how many are how.
fn status(document: &Document, members: &[u32]) -> Option<String> {
    if let [member] = members {
        return super::super::palette::status_line(document.node(*member))
            .map(|text| neutral(&text).into_owned());
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for member in members {
        let node = document.node(*member);
        let status = if node.missing { Some("missing") } else { node.status.status.as_deref() };
        if let Some(status) = status {
            *counts.entry(status).or_default() += 1;
        }
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(status, count)| (std::cmp::Reverse(*count), *status));
    let mut text = String::new();
    for (status, count) in counts.iter().take(3) {
        let _ = write!(text, "{}{count} {}", if text.is_empty() { "" } else { ", " }, neutral(status));
    }
    if counts.len() > 3 {
        text.push_str(", …");
    }
    (!text.is_empty()).then_some(text)
}
