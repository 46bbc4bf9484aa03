//! What is laid out, and what comes of it.

use super::Curve;

/// Boxes, lines between them, and frames around some of the boxes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    pub(crate) items: Vec<Item>,
    pub(crate) links: Vec<Link>,
    /// How many groups there are; each gets a frame.
    pub(crate) groups: usize,
}

/// A box.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item {
    pub(crate) width: i32,
    pub(crate) height: i32,
    /// The group whose frame it stands in.
    pub(crate) group: Option<usize>,
}

/// A line. `left` is meant to stand left of `right`; in a cycle it cannot always.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    pub(crate) left: usize,
    pub(crate) right: usize,
    /// Whether the arrow points at the box that is meant to be left.
    pub(crate) points_left: bool,
    /// Lines of one class share their ends and their label.
    pub(crate) class: usize,
    /// Room that the label takes before the box at the right end.
    pub(crate) label: i32,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Rect {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

impl Rect {
    pub(crate) fn right(&self) -> i32 {
        self.x + self.width
    }

    pub(crate) fn bottom(&self) -> i32 {
        self.y + self.height
    }

    pub(super) fn middle(&self) -> i32 {
        self.y + self.height / 2
    }

    /// The smallest that holds both.
    pub(super) fn with(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self { x, y, width: right - x, height: bottom - y }
    }

    #[cfg(test)]
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }
}

/// A sheet laid out.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Placed {
    /// Where each box is.
    pub(crate) items: Vec<Rect>,
    /// The frame of each group; empty if the group is.
    pub(crate) groups: Vec<Rect>,
    /// The way of each line.
    pub(crate) links: Vec<Curve>,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// Between a frame and what stands in it; the title stands above.
pub(super) const FRAME: i32 = 18;
pub(super) const TITLE: i32 = 30;
/// Between frames, and around everything.
pub(super) const MARGIN: i32 = 28;
/// Between pieces of one group.
pub(super) const APART: i32 = 26;
