//! The order of rows.

use std::{cmp::Ordering, str::FromStr};

use super::super::Row;

/// A column to sort by: `rate`, `used:asc`. Amounts come largest first, names in their order, unless it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SortBy {
    column: Column,
    descending: bool,
}

/// No column is called so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("rows can't be sorted by {:?}: take {}, and :asc or :desc behind it", .0, names().join(", "))]
pub struct SortError(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Cluster,
    Project,
    Namespace,
    Node,
    Owner,
    Pod,
    Quota,
    Resource,
    Hard,
    Used,
    Requested,
    Limited,
    Now,
    Peak,
    Rate,
    PeakRate,
    Share,
}

const COLUMNS: &[(&str, Column)] = &[
    ("cluster", Column::Cluster),
    ("project", Column::Project),
    ("namespace", Column::Namespace),
    ("node", Column::Node),
    ("owner", Column::Owner),
    ("pod", Column::Pod),
    ("quota", Column::Quota),
    ("resource", Column::Resource),
    ("hard", Column::Hard),
    ("used", Column::Used),
    ("requested", Column::Requested),
    ("limited", Column::Limited),
    ("now", Column::Now),
    ("peak", Column::Peak),
    ("rate", Column::Rate),
    ("peak-rate", Column::PeakRate),
    ("share", Column::Share),
];

/// What may be sorted by.
pub fn names() -> Vec<&'static str> {
    COLUMNS.iter().map(|(name, _)| *name).collect()
}

impl FromStr for SortBy {
    type Err = SortError;

    fn from_str(text: &str) -> Result<Self, SortError> {
        let error = || SortError(text.to_owned());
        let (name, order) = text.split_once(':').map_or((text, None), |(name, order)| (name, Some(order)));
        let (_, column) = COLUMNS.iter().find(|(known, _)| *known == name).ok_or_else(error)?;
        let descending = match order {
            None => column.is_amount(),
            Some("asc") => false,
            Some("desc") => true,
            Some(_) => return Err(error()),
        };
        Ok(Self { column: *column, descending })
    }
}

impl Column {
    fn is_amount(self) -> bool {
        use Column::{Hard, Limited, Now, Peak, PeakRate, Rate, Requested, Share, Used};
        matches!(self, Hard | Used | Requested | Limited | Now | Peak | Rate | PeakRate | Share)
    }

    fn compare(self, a: &Row, b: &Row) -> Ordering {
        match self {
            Self::Cluster => a.cluster.cmp(&b.cluster),
            Self::Project => a.project.cmp(&b.project),
            Self::Namespace => a.namespace.cmp(&b.namespace),
            Self::Node => a.node.cmp(&b.node),
            Self::Owner => a.owner.cmp(&b.owner),
            Self::Pod => a.pod.cmp(&b.pod),
            Self::Quota => a.quota.cmp(&b.quota),
            Self::Resource => a.resource.cmp(&b.resource),
            Self::Hard => a.hard.cmp(&b.hard),
            Self::Used => a.used.cmp(&b.used),
            Self::Requested => a.requested.cmp(&b.requested),
            Self::Limited => a.limited.cmp(&b.limited),
            Self::Now => a.now.cmp(&b.now),
            Self::Peak => a.peak.cmp(&b.peak),
            Self::Rate => a.rate.cmp(&b.rate),
            Self::PeakRate => a.peak_rate.cmp(&b.peak_rate),
            Self::Share => a.share.cmp(&b.share),
        }
    }
}

/// Sorts rows by these columns; those that are equal in all of them stay in the order of their groups.
pub(super) fn sort(rows: &mut [Row], by: &[SortBy]) {
    rows.sort_by(|a, b| {
        by.iter()
            .map(|SortBy { column, descending }| {
                let order = column.compare(a, b);
                if *descending { order.reverse() } else { order }
            })
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
}
