//! What the outputs of `kubectl quota-usage` share: which columns there are, in which order lines stand, and what of
//! them a terminal has room for.

mod draw;
mod field;
mod fit;
mod lines;
#[cfg(test)]
pub(super) mod sample;
mod sheets;
#[cfg(test)]
mod tests;
mod unit;

pub(super) use draw::draw;
pub(super) use field::{Field, Value};
pub(super) use lines::{Line, lines};
pub(super) use sheets::{errors, rows, totals};
pub(super) use unit::Unit;

use crate::quota::{QuotaUsage, Rate, Row};

/// How full something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Calm,
    High,
    Full,
}

impl Level {
    /// From 80 % on it is worth a look, from 95 % on it is full.
    pub(super) fn of(rate: Rate) -> Self {
        if rate >= Rate::from_percent(95) {
            Self::Full
        } else if rate >= Rate::from_percent(80) {
            Self::High
        } else {
            Self::Calm
        }
    }

    /// What it is called where colours are chosen.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::High => "high",
            Self::Full => "full",
        }
    }
}

/// The totals, unless the rows are of one group, whose totals they are.
pub(super) fn telling_totals(usage: &QuotaUsage) -> &[Row] {
    let fields = Field::groups(usage);
    let mut groups =
        usage.rows.iter().map(|row| fields.iter().map(|field| field.value(row)).collect::<Vec<_>>());
    let first = groups.next();
    if groups.any(|group| Some(&group) != first.as_ref()) { &usage.totals } else { &[] }
}
