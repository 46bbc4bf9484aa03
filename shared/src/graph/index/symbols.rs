use std::{collections::HashMap, sync::Arc};

/// A string that stands many times in a graph: an edge type, a field path, a namespace, a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Symbol(u32);

/// Every such string once. Names of objects do not go here: they come and go, and this only grows.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    ids: HashMap<Arc<str>, Symbol>,
    texts: Vec<Arc<str>>,
}

impl Symbols {
    /// The symbol of a text.
    pub(super) fn intern(&mut self, text: &str) -> Symbol {
        if let Some(symbol) = self.ids.get(text) {
            return *symbol;
        }
        let symbol = Symbol(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.ids.insert(text, symbol);
        symbol
    }

    /// The symbol of a text, if there is one.
    pub(super) fn find(&self, text: &str) -> Option<Symbol> {
        self.ids.get(text).copied()
    }

    /// The text of a symbol.
    pub(super) fn text(&self, symbol: Symbol) -> &Arc<str> {
        &self.texts[symbol.0 as usize]
    }

    /// The place of every symbol when they are sorted by text.
    pub(super) fn ranks(&self) -> Ranks {
        let mut order: Vec<usize> = (0..self.texts.len()).collect();
        order.sort_unstable_by(|a, b| self.texts[*a].cmp(&self.texts[*b]));
        let mut ranks = vec![0; order.len()];
        for (rank, symbol) in (0u32..).zip(order) {
            ranks[symbol] = rank;
        }
        Ranks(ranks)
    }
}

/// The places of symbols when they are sorted by text: numbers compare quicker than texts.
#[derive(Debug)]
pub(in crate::graph) struct Ranks(Vec<u32>);

impl Ranks {
    /// The place of a symbol. Two symbols share none.
    pub(super) fn of(&self, symbol: Symbol) -> u32 {
        self.0[symbol.0 as usize]
    }
}
