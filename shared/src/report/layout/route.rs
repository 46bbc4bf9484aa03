//! The way of a line from box to box.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{Item, Rect, Sheet};

/// Between the ends of lines at one side of a box.
const PORT: i32 = 13;
/// Between the two ends at the right side.
const PORT_RIGHT: i32 = 12;

/// A line as it is drawn: from the right side of a box, through bends, to the left side of another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Curve {
    pub(crate) start: (i32, i32),
    pub(crate) bends: Vec<Bend>,
    pub(crate) end: (i32, i32),
    /// Whether the arrow is at the start.
    pub(crate) arrow_at_start: bool,
    /// Whether it crosses what lies between, and is better drawn faint.
    pub(crate) far: bool,
}

/// Where a line passes a layer: straight from one x to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bend {
    pub(crate) from: i32,
    pub(crate) to: i32,
    pub(crate) y: i32,
}

/// What the layers say of a line.
#[derive(Debug, Clone, Default)]
pub(super) struct Run {
    /// Whether its right box stands left of its left box.
    pub(super) turned: bool,
    /// Whether it goes from one block to another, across what lies between.
    pub(super) far: bool,
    pub(super) bends: Vec<Bend>,
}

impl Curve {
    /// The path as SVG writes it; nothing for a line from a box to itself.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        if self.start == self.end {
            return path;
        }
        let (mut x, mut y) = self.start;
        let _ = write!(path, "M{x} {y}");
        let last = Bend { from: self.end.0, to: self.end.0, y: self.end.1 };
        for bend in self.bends.iter().chain([&last]) {
            let reach = (bend.from - x).abs() / 2;
            // Back to the left: out to the right first, in from the left at last.
            let reach = if bend.from < x { reach.clamp(60, 180) } else { reach };
            let _ =
                write!(path, "C{} {y} {} {} {} {}", x + reach, bend.from - reach, bend.y, bend.from, bend.y);
            if bend.to != bend.from {
                let _ = write!(path, "H{}", bend.to);
            }
            (x, y) = (bend.to, bend.y);
        }
        path
    }

    pub(super) fn bounds(&self) -> Rect {
        let mut all = Rect { x: self.start.0, y: self.start.1, width: 0, height: 0 };
        let bends = self.bends.iter().map(|bend| Rect {
            x: bend.from,
            y: bend.y,
            width: bend.to - bend.from,
            height: 0,
        });
        for point in bends.chain([Rect { x: self.end.0, y: self.end.1, width: 0, height: 0 }]) {
            all = all.with(&point);
        }
        all
    }

    pub(super) fn shift(&mut self, x: i32, y: i32) {
        for point in [&mut self.start, &mut self.end] {
            *point = (point.0 + x, point.1 + y);
        }
        for bend in &mut self.bends {
            (bend.from, bend.to, bend.y) = (bend.from + x, bend.to + x, bend.y + y);
        }
    }
}

/// The boxes, high enough for the ends of lines at their left side.
pub(super) fn with_room_for_ends(sheet: &Sheet) -> Vec<Item> {
    let mut ends: Vec<Vec<(usize, bool)>> = vec![Vec::new(); sheet.items.len()];
    for link in &sheet.links {
        if !ends[link.right].contains(&(link.class, link.points_left)) {
            ends[link.right].push((link.class, link.points_left));
        }
    }
    let high = |count: usize| i32::try_from(count).unwrap_or(i32::MAX / PORT / 2) * PORT + 6;
    sheet
        .items
        .iter()
        .zip(ends)
        .map(|(item, ends)| Item { height: item.height.max(high(ends.len())), ..*item })
        .collect()
}

/// The ways of all lines between placed boxes.
pub(super) fn curves(sheet: &Sheet, items: &[Rect], runs: &[Run]) -> Vec<Curve> {
    // Ends by box, and at the left side by class: where the other ends are, on average.
    let mut left_sides: BTreeMap<(usize, usize, bool), (i64, i64)> = BTreeMap::new();
    let mut right_sides: BTreeMap<usize, [bool; 2]> = BTreeMap::new();
    let ends: Vec<(usize, usize, bool)> = sheet
        .links
        .iter()
        .zip(runs)
        .map(|(link, run)| {
            if run.turned {
                (link.right, link.left, !link.points_left)
            } else {
                (link.left, link.right, link.points_left)
            }
        })
        .collect();
    for ((link, run), (left, right, arrow_at_start)) in sheet.links.iter().zip(runs).zip(&ends) {
        let from = run.bends.last().map_or_else(|| items[*left].middle(), |bend| bend.y);
        let sum = left_sides.entry((*right, link.class, *arrow_at_start)).or_default();
        *sum = (sum.0 + i64::from(from), sum.1 + 1);
        right_sides.entry(*left).or_default()[usize::from(*arrow_at_start)] = true;
    }
    let mut ports: BTreeMap<(usize, usize, bool), i32> = BTreeMap::new();
    let all: Vec<((usize, usize, bool), i64)> =
        left_sides.into_iter().map(|(key, (sum, count))| (key, sum / count.max(1))).collect();
    for side in all.chunk_by(|a, b| a.0.0 == b.0.0) {
        let mut side = side.to_vec();
        side.sort_by_key(|(key, from)| (*from, *key));
        let gaps = i32::try_from(side.len()).unwrap_or(i32::MAX) - 1;
        let owner = side.first().map_or_else(Rect::default, |(key, _)| items[key.0]);
        // Lines that a cycle turned around were not counted when the box got its height.
        let room = (owner.height - 6).max(0).min(gaps.saturating_mul(PORT));
        for ((key, _), at) in side.into_iter().zip(0i32..) {
            ports.insert(key, if gaps == 0 { 0 } else { room * at / gaps - room / 2 });
        }
    }
    sheet
        .links
        .iter()
        .zip(runs)
        .zip(ends)
        .map(|((link, run), (left, right, arrow_at_start))| {
            if left == right {
                return Curve::default();
            }
            let key = (right, link.class, arrow_at_start);
            let both = right_sides.get(&left) == Some(&[true, true]);
            let shift = match (both, arrow_at_start) {
                (false, _) => 0,
                (true, true) => -PORT_RIGHT / 2,
                (true, false) => PORT_RIGHT / 2,
            };
            Curve {
                start: (items[left].right(), items[left].middle() + shift),
                bends: run.bends.clone(),
                end: (items[right].x, items[right].middle() + ports.get(&key).copied().unwrap_or_default()),
                arrow_at_start,
                far: run.far,
            }
        })
        .collect()
}
