//! Texts of files that are still to be filled in: what depends on them is not known.

use std::collections::BTreeMap;

use super::Context;
use crate::{
    audit::{findings::Findings, world::Unknown},
    model::{Requirement, Selector},
};

impl Context<'_> {
    /// Whether a text in a file is still to be filled in. If so that is told, and a check has nothing to add.
    pub(crate) fn is_unfilled(&self, what: &str, text: &str, out: &mut Findings<'_>) -> bool {
        match self.filled(what, text) {
            Ok(()) => false,
            Err(unknown) => {
                out.unknown(&unknown);
                true
            }
        }
    }

    /// That neither a selector nor the labels that it asks for are still to be filled in, so that it selects none of
    /// these for good; why that is not known otherwise.
    pub(crate) fn selection_is_filled<'a>(
        &self,
        selector: &Selector,
        labels: impl Iterator<Item = &'a BTreeMap<String, String>>,
    ) -> Result<(), Unknown> {
        if self.is_live() {
            return Ok(());
        }
        for requirement in selector.requirements() {
            self.filled("label", requirement.key().unwrap_or_default())?;
            if let Requirement::In(_, values) | Requirement::NotIn(_, values) = requirement {
                values.iter().try_for_each(|value| self.filled("label", value))?;
            }
        }
        let asked = |key: &str| selector.requirements().iter().any(|it| it.key() == Some(key));
        for (key, value) in labels.flatten() {
            self.filled("label", key)?;
            if asked(key) {
                self.filled("label", value)?;
            }
        }
        Ok(())
    }
}
