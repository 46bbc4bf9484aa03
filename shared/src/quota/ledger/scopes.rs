//! The scopes of all quotas in force: each distinct set of them has a number.

use crate::quota::{
    QuotaSpec, ScopeSelector,
    usage::{Charged, Devices},
};

/// How many distinct sets of scopes there can be: a set of them is kept as bits.
const MOST: usize = 64;

/// The number of a set of scopes; zero is that of no scopes at all, which every object is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ScopeId(u32);

impl ScopeId {
    /// Whether it is among these.
    pub const fn is_in(self, scopes: u64) -> bool {
        scopes & (1 << self.0) != 0
    }

    /// All that are among these.
    pub fn of(scopes: u64) -> impl Iterator<Item = Self> {
        (0..u64::BITS).map(Self).filter(move |id| id.is_in(scopes))
    }
}

/// The sets of scopes that quotas have.
#[derive(Debug, Clone, PartialEq)]
pub struct ScopeSets(Vec<QuotaSpec>);

impl Default for ScopeSets {
    fn default() -> Self {
        Self(vec![QuotaSpec::default()])
    }
}

impl ScopeSets {
    /// The number of a quota's scopes, and whether it is a new one: what was seen before was not asked for it, and has
    /// to be read again. None when there are too many.
    pub fn id(&mut self, spec: &QuotaSpec) -> Option<(ScopeId, bool)> {
        let selector = |spec: &QuotaSpec| -> Option<ScopeSelector> {
            spec.scope_selector.clone().filter(|selector| !selector.match_expressions.is_empty())
        };
        let wanted =
            QuotaSpec { scopes: spec.scopes.clone(), scope_selector: selector(spec), ..QuotaSpec::default() };
        let known = self.0.iter().position(|known| *known == wanted);
        let at = known.unwrap_or(self.0.len());
        if known.is_none() {
            if at == MOST {
                return None;
            }
            self.0.push(wanted);
        }
        Some((ScopeId(u32::try_from(at).ok()?), known.is_none()))
    }

    /// In which of them an object is, as bits.
    pub fn of(&self, object: &Charged) -> u64 {
        let within = self.0.iter().enumerate().filter(|(_, scopes)| scopes.covers(object));
        within.fold(0, |all, (n, _)| all | 1 << n)
    }
}

/// Whether quotas with these keys count an object at all, whatever its scopes.
pub(super) fn is_counted(hard: &crate::quota::Amounts, object: &Charged, devices: &Devices) -> bool {
    hard.iter().any(|(key, _)| object.is_counted_by(key, devices))
}
