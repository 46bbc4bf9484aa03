use std::{
    collections::BTreeSet,
    fmt,
    sync::{Mutex, PoisonError},
};

/// A kind of objects: group and kind name it (the version does not), and where its objects live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    /// API group; empty for the core group.
    pub group: &'static str,
    /// Kind, as in `kind:`.
    pub kind: &'static str,
    /// Whether objects live in a namespace.
    pub namespaced: bool,
}

impl Kind {
    /// A kind whose objects live in a namespace.
    pub const fn namespaced(group: &'static str, kind: &'static str) -> Self {
        Self { group, kind, namespaced: true }
    }

    /// A kind whose objects belong to the whole cluster.
    pub const fn cluster(group: &'static str, kind: &'static str) -> Self {
        Self { group, kind, namespaced: false }
    }

    /// A kind that somebody named while this runs. Its words are kept for as long as the process lives, each once: kinds
    /// are named by policies, which are few.
    pub fn named(group: &str, kind: &str, namespaced: bool) -> Self {
        Self { group: interned(group), kind: interned(kind), namespaced }
    }

    /// Whether `group` and `kind` name this kind.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.group == group && self.kind == kind
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind)?;
        if !self.group.is_empty() {
            write!(f, ".{}", self.group)?;
        }
        Ok(())
    }
}

/// The same word for as long as the process lives.
fn interned(word: &str) -> &'static str {
    static WORDS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = words.get(word) {
        return known;
    }
    let kept: &'static str = Box::leak(Box::from(word));
    words.insert(kept);
    kept
}
