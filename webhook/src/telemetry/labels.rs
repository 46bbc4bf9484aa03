//! Labels of metrics that requests can't make many of.

use std::collections::BTreeSet;
use std::fmt::{self, Write};
use std::sync::{Arc, PoisonError, RwLock};

use prometheus_client::encoding::{EncodeLabelValue, LabelValueEncoder};

/// The value of a label.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(Arc<str>);

impl From<Arc<str>> for Label {
    fn from(text: Arc<str>) -> Self {
        Self(text)
    }
}

impl EncodeLabelValue for Label {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        encoder.write_str(&self.0)
    }
}

/// The first names that came, up to a number; every further one is `other`. A name from a request (a kind, say) thus
/// never makes more series than that.
#[derive(Debug)]
pub struct Names {
    known: RwLock<BTreeSet<Arc<str>>>,
    most: usize,
    other: Arc<str>,
}

impl Names {
    /// No names yet, and no more than `most` ever.
    pub fn new(most: usize) -> Self {
        Self { known: RwLock::default(), most, other: Arc::from("other") }
    }

    /// The label for a name.
    pub fn label(&self, name: &str) -> Label {
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return Label(known.clone());
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= self.most || name.len() > 100 {
            return Label(self.other.clone());
        }
        let name: Arc<str> = Arc::from(name);
        known.insert(name.clone());
        Label(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_few() {
        let names = Names::new(2);
        let texts: Vec<_> = ["Pod", "Job", "Evil", "Pod"].map(|name| names.label(name).0.to_string()).into();
        assert_eq!(texts, ["Pod", "Job", "other", "Pod"]);
        assert_eq!(Names::new(9).label(&"x".repeat(101)).0.as_ref(), "other");
    }
}
