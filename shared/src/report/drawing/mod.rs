//! A graph as a picture: cards for objects, similar ones as one, wires for edges, a frame around each namespace.

mod badge;
mod card;
mod collapse;
mod measure;
mod paint;
mod wire;

use std::collections::BTreeSet;

pub(super) use badge::FAMILIES;
pub(super) use card::Card;
pub(super) use paint::{MARKERS, STATES, Use, legend};
pub(super) use wire::Wire;

use super::{
    label::Labels,
    layout::{self, Item, Link, Placed, Sheet},
    relations::Relations,
};
use crate::{graph::Document, text::counted};

/// A document arranged for drawing.
pub(super) struct Drawing {
    pub(super) cards: Vec<Card>,
    pub(super) wires: Vec<Wire>,
    /// Names of the namespaces, in the order of the frames.
    pub(super) namespaces: Vec<String>,
    pub(super) placed: Placed,
    /// What is not drawn as it is, for people.
    pub(super) note: Option<String>,
    /// What the picture is of, for people.
    pub(super) summary: String,
}

impl Drawing {
    pub(super) fn new(document: &Document) -> Self {
        let relations = Relations::new(document);
        let labels = Labels::new(document);
        let collapsed = collapse::collapse(&relations);
        let namespaces: BTreeSet<&str> =
            document.nodes.iter().map(|node| &*node.key.namespace).filter(|name| !name.is_empty()).collect();
        let namespaces: Vec<&str> = namespaces.into_iter().collect();
        let cards: Vec<Card> = collapsed
            .groups
            .iter()
            .map(|members| {
                let mut card = Card::new(document, &labels, members);
                // A namespace stands in its own frame.
                let home = card.namespace_itself.as_deref().unwrap_or(&card.namespace);
                card.frame = namespaces.binary_search(&home).ok();
                card
            })
            .collect();
        let wires = wire::wires(&relations, &collapsed.group_of);
        let mut classes: Vec<&str> = wires.iter().map(|wire| &*wire.label).collect();
        classes.sort_unstable();
        classes.dedup();
        let sheet = Sheet {
            items: cards
                .iter()
                .map(|card| Item { width: card.width, height: card.height, group: card.frame })
                .collect(),
            links: wires
                .iter()
                .map(|wire| Link {
                    left: if wire.against { wire.target } else { wire.source },
                    right: if wire.against { wire.source } else { wire.target },
                    points_left: wire.against,
                    class: classes.binary_search(&&*wire.label).unwrap_or_default(),
                    label: measure::width(&wire.label, measure::SMALL) + 12,
                })
                .collect(),
            groups: namespaces.len(),
        };
        let placed = layout::place(&sheet);
        let summary = format!(
            "{}, {}",
            counted(document.nodes.len(), "object"),
            counted(document.edges.len(), "relationship")
        );
        let namespaces = namespaces.into_iter().map(str::to_owned).collect();
        Self { cards, wires, namespaces, placed, note: collapsed.note, summary }
    }
}
