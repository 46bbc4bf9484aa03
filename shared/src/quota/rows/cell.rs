//! What is known of one group.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{Amounts, Rate, Row, inventory::Totals},
    RowOptions,
    group::Group,
    keys::{base, matches},
};
use crate::quantity::Quantity;

/// Resources that a group has a row of, whether or not a quota limits them.
const ALWAYS: &[&str] = &["cpu", "memory"];

/// What a quota allows and what it is charged.
#[derive(Debug, Clone, Default)]
pub(super) struct Limit {
    pub(super) hard: Amounts,
    pub(super) used: Amounts,
}

impl Limit {
    pub(super) fn add(&mut self, other: &Self) {
        self.hard.add_all(&other.hard);
        self.used.add_all(&other.used);
    }
}

/// What is known of one group.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub(super) display_name: Option<String>,
    /// What its pods ask for and use.
    pub(super) totals: Totals,
    /// What the nodes of its clusters, or its node, can give.
    pub(super) allocatable: Amounts,
    /// Its quotas by name; of no name: the sum over namespaces.
    pub(super) limits: BTreeMap<Option<String>, Limit>,
    /// The pods of one of its clusters could not be read: what they ask for is not known.
    pub(super) unread: bool,
    /// How many namespaces it has pods in: the peak of a sum is known for one only.
    pub(super) namespaces: usize,
}

impl Cell {
    pub(super) fn limit(&mut self, quota: Option<&str>) -> &mut Limit {
        self.limits.entry(quota.map(str::to_owned)).or_default()
    }

    /// Its rows: a quota's keys, quota after quota, then the resources that no quota limits.
    pub(super) fn rows(&self, group: &Group, options: &RowOptions) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut limited: BTreeSet<&str> = BTreeSet::new();
        for (quota, limit) in &self.limits {
            for (key, hard) in &limit.hard {
                limited.extend(base(key));
                if !options.wants(key) {
                    continue;
                }
                let used = limit.used.get(key);
                let mut row = self.row(group, key, base(key));
                row.quota.clone_from(quota);
                row.hard = Some(*hard);
                row.used = used;
                row.rate = used.and_then(|used| Rate::of(used, *hard));
                row.peak_rate = row.peak.and_then(|peak| Rate::of(peak, *hard));
                row.share = row.allocatable.and_then(|all| Rate::of(*hard, all));
                rows.push(row);
            }
        }
        for resource in self.resources().into_iter().filter(|name| !limited.contains(name)) {
            if options.wants(resource) {
                let mut row = self.row(group, resource, Some(resource));
                row.rate = row.requested.zip(row.allocatable).and_then(|(part, whole)| Rate::of(part, whole));
                rows.push(row);
            }
        }
        rows
    }

    /// The resources that its pods ask for or use, or its nodes have and pods count by.
    fn resources(&self) -> BTreeSet<&str> {
        let Totals { requests, limits, now, peak, .. } = &self.totals;
        let named = [requests, limits, now, peak].into_iter().flatten();
        let used = named.filter(|(_, amount)| !amount.is_zero()).map(|(name, _)| name.as_str());
        used.chain(ALWAYS.iter().copied()).collect()
    }

    /// A row of a quota's key or a resource; `name` is the resource as pods name it.
    fn row(&self, group: &Group, key: &str, name: Option<&str>) -> Row {
        let mut row = group.row(self.display_name.clone(), key);
        let Some(name) = name else {
            // Nodes limit pods by number, too.
            row.allocatable = self.allocatable.get(key).filter(|_| key == "pods");
            row.requested = (key == "pods" && !self.unread).then(|| count(self.totals.pods));
            return row;
        };
        let Totals { requests, limits, now, peak, concurrent, .. } = &self.totals;
        row.requested = (!self.unread).then(|| requests.of(name));
        row.limited = (!self.unread).then(|| limits.of(name));
        row.now = now.get(name);
        row.peak = peak.get(name);
        row.concurrent_peak = concurrent.get(name).filter(|_| self.namespaces < 2);
        row.allocatable = self.allocatable.get(name);
        row
    }
}

/// A number of objects as a quantity.
pub(super) fn count(number: u64) -> Quantity {
    Quantity::from(i64::try_from(number).unwrap_or(i64::MAX))
}

impl RowOptions {
    /// Whether rows of this key are wanted.
    fn wants(&self, key: &str) -> bool {
        self.resources.is_empty() || self.resources.iter().any(|wanted| matches(wanted, key))
    }
}
