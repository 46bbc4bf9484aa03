//! A large sheet: each piece alone, pieces packed into frames, frames packed onto the sheet.

use super::{
    Item, Link, Placed, Rect, Sheet, WHOLE_ITEMS, WHOLE_PIECES,
    column::pixel,
    order::as_f64,
    pieces::{self, Piece},
    route::{self, Run},
    sheet::{APART, FRAME, MARGIN, TITLE},
    stack,
};

/// Width by height that frames and the sheet aim at.
const SHAPE: f64 = 1.6;
/// Between boxes without lines.
const LOOSE: i32 = 16;

pub(super) fn place(sheet: &Sheet, pieces: &[Piece]) -> Placed {
    let home = homes(sheet, pieces);
    // Groups in order; what belongs to none of them comes last, without a frame.
    let blocks: Vec<Block> = (0..sheet.groups)
        .map(Some)
        .chain([None])
        .filter_map(|group| {
            let own: Vec<usize> = (0..sheet.items.len()).filter(|item| home[*item] == group).collect();
            match group {
                _ if own.is_empty() => None,
                Some(group) if is_small(group, pieces) => Some(Block::whole(sheet, group, &own)),
                _ => Some(Block::packed(sheet, group, pieces, &home)),
            }
        })
        .collect();
    let sizes: Vec<(i32, i32)> = blocks.iter().map(|block| (block.width, block.height)).collect();
    let (corners, _, _) = shelves(&sizes, MARGIN + FRAME);
    let mut placed = Placed {
        items: vec![Rect::default(); sheet.items.len()],
        groups: vec![Rect::default(); sheet.groups],
        ..Placed::default()
    };
    let mut inner: Vec<Option<Run>> = vec![None; sheet.links.len()];
    for (block, (x, y)) in blocks.into_iter().zip(corners) {
        let block = block.shifted(x, y);
        if let Some((group, frame)) = block.frame {
            placed.groups[group] = frame;
        }
        for (item, rect) in block.items {
            placed.items[item] = rect;
        }
        for (link, run) in block.runs {
            inner[link] = Some(run);
        }
    }
    // A line between blocks goes straight, from the right side of the one to the left side of the other.
    let runs: Vec<Run> = sheet
        .links
        .iter()
        .zip(inner)
        .map(|(link, run)| {
            let turned = placed.items[link.right].right() <= placed.items[link.left].x;
            run.unwrap_or(Run { turned, far: true, bends: Vec::new() })
        })
        .collect();
    placed.links = route::curves(sheet, &placed.items, &runs);
    placed.moved_to_origin()
}

fn is_small(group: usize, pieces: &[Piece]) -> bool {
    let own = pieces.iter().filter(|piece| piece.group == Some(group));
    let (count, items) = own.fold((0, 0), |(count, items), piece| (count + 1, items + piece.items.len()));
    count <= WHOLE_PIECES && items <= WHOLE_ITEMS
}

/// The group beside which each box stands: its own, or for a box of none, the only one that it touches.
fn homes(sheet: &Sheet, pieces: &[Piece]) -> Vec<Option<usize>> {
    let mut touched: Vec<Vec<usize>> = vec![Vec::new(); sheet.items.len()];
    for link in &sheet.links {
        for (item, other) in [(link.left, link.right), (link.right, link.left)] {
            touched[item].extend(sheet.items[other].group);
        }
    }
    let home = |(item, mut groups): (&Item, Vec<usize>)| {
        groups.dedup();
        match groups[..] {
            _ if item.group.is_some() => item.group,
            [only] if is_small(only, pieces) => Some(only),
            _ => None,
        }
    };
    sheet.items.iter().zip(touched).map(home).collect()
}

/// Some boxes laid out by themselves.
struct Block {
    width: i32,
    height: i32,
    items: Vec<(usize, Rect)>,
    /// The lines inside.
    runs: Vec<(usize, Run)>,
    frame: Option<(usize, Rect)>,
}

impl Block {
    /// A group in common layers, with what touches it alone beside its frame.
    fn whole(sheet: &Sheet, group: usize, own: &[usize]) -> Self {
        let (alone, links) = part(sheet, own, |item| item.group.map(|_| 0), 1);
        let placed = stack::place(&alone, &pieces::of(&alone));
        let frame = placed.groups.first().copied().unwrap_or_default();
        Self::of(own, links, placed, &alone, Some((group, frame)))
    }

    /// A group piece by piece, or what belongs to no group.
    fn packed(sheet: &Sheet, group: Option<usize>, pieces: &[Piece], home: &[Option<usize>]) -> Self {
        let own = pieces.iter().filter(|piece| piece.group == group).map(|piece| {
            let items = piece.items.iter().copied().filter(|item| home[*item] == group).collect();
            Piece { items, ..piece.clone() }
        });
        let blocks: Vec<Self> =
            own.filter(|piece| !piece.items.is_empty()).map(|piece| Self::piece(sheet, &piece)).collect();
        let sizes: Vec<(i32, i32)> = blocks.iter().map(|block| (block.width, block.height)).collect();
        let (corners, width, height) = shelves(&sizes, APART + FRAME);
        let (around, title) = if group.is_some() { (FRAME, TITLE + FRAME / 2) } else { (0, 0) };
        let (width, height) = (width + 2 * around, height + title + around);
        let frame = group.map(|group| (group, Rect { x: 0, y: 0, width, height }));
        let mut all = Self { width, height, items: Vec::new(), runs: Vec::new(), frame };
        for (block, (x, y)) in blocks.into_iter().zip(corners) {
            let block = block.shifted(x + around, y + title);
            all.items.extend(block.items);
            all.runs.extend(block.runs);
        }
        all
    }

    fn piece(sheet: &Sheet, piece: &Piece) -> Self {
        let (alone, links) = part(sheet, &piece.items, |_| None, 0);
        if links.is_empty() {
            return Self::loose(sheet, &piece.items);
        }
        let placed = stack::place(&alone, &pieces::of(&alone));
        Self::of(&piece.items, links, placed, &alone, None)
    }

    /// Boxes without lines, in rows.
    fn loose(sheet: &Sheet, items: &[usize]) -> Self {
        let roomy = route::with_room_for_ends(sheet);
        let width = items.iter().map(|item| roomy[*item].width).max().unwrap_or_default();
        let height = items.iter().map(|item| roomy[*item].height).max().unwrap_or_default();
        let area = as_f64(items.len()) * f64::from(width + LOOSE) * f64::from(height + LOOSE);
        let across = pixel(((area * SHAPE).sqrt() / f64::from(width + LOOSE)).ceil().max(1.0));
        let mut rects = Vec::with_capacity(items.len());
        for (item, at) in items.iter().zip(0i32..) {
            let (x, y) = (at % across * (width + LOOSE), at / across * (height + LOOSE));
            rects.push((*item, Rect { x, y, width, height: roomy[*item].height }));
        }
        let all = rects.iter().map(|(_, rect)| *rect).reduce(|all, rect| all.with(&rect)).unwrap_or_default();
        Self { width: all.width, height: all.height, items: rects, runs: Vec::new(), frame: None }
    }

    /// What came of a part of the sheet, without margin.
    fn of(
        own: &[usize],
        links: Vec<usize>,
        placed: Placed,
        alone: &Sheet,
        frame: Option<(usize, Rect)>,
    ) -> Self {
        let runs = links.into_iter().zip(placed.links).zip(&alone.links).map(|((at, curve), link)| {
            let turned = curve.arrow_at_start != link.points_left;
            (at, Run { turned, far: false, bends: curve.bends })
        });
        let block = Self {
            width: placed.width - 2 * MARGIN,
            height: placed.height - 2 * MARGIN,
            runs: runs.collect(),
            items: own.iter().copied().zip(placed.items).collect(),
            frame,
        };
        block.shifted(-MARGIN, -MARGIN)
    }

    fn shifted(mut self, x: i32, y: i32) -> Self {
        let rects =
            self.items.iter_mut().map(|(_, rect)| rect).chain(self.frame.as_mut().map(|(_, frame)| frame));
        for rect in rects {
            (rect.x, rect.y) = (rect.x + x, rect.y + y);
        }
        for bend in self.runs.iter_mut().flat_map(|(_, run)| &mut run.bends) {
            (bend.from, bend.to, bend.y) = (bend.from + x, bend.to + x, bend.y + y);
        }
        self
    }
}

/// Some boxes of a sheet and the lines between them, as a sheet; and which lines these are.
fn part(
    sheet: &Sheet,
    own: &[usize],
    group: impl Fn(&Item) -> Option<usize>,
    groups: usize,
) -> (Sheet, Vec<usize>) {
    let mut index = vec![usize::MAX; sheet.items.len()];
    for (at, item) in own.iter().enumerate() {
        index[*item] = at;
    }
    let inside = |link: &Link| index[link.left] != usize::MAX && index[link.right] != usize::MAX;
    let links: Vec<usize> = (0..sheet.links.len()).filter(|at| inside(&sheet.links[*at])).collect();
    let items =
        own.iter().map(|item| Item { group: group(&sheet.items[*item]), ..sheet.items[*item] }).collect();
    let renumbered = |at: &usize| {
        let link = sheet.links[*at];
        Link { left: index[link.left], right: index[link.right], ..link }
    };
    (Sheet { items, links: links.iter().map(renumbered).collect(), groups }, links)
}

/// Rectangles in rows, in their order: upper left corners, and the width and height of all.
fn shelves(sizes: &[(i32, i32)], gap: i32) -> (Vec<(i32, i32)>, i32, i32) {
    let area: f64 =
        sizes.iter().map(|(width, height)| f64::from(width + gap) * f64::from(height + gap)).sum();
    let widest = sizes.iter().map(|(width, _)| *width).max().unwrap_or_default();
    let limit = pixel((area * SHAPE).sqrt()).max(widest);
    let (mut x, mut y, mut row) = (0, 0, 0);
    let (mut corners, mut width) = (Vec::with_capacity(sizes.len()), 0);
    for (wide, high) in sizes {
        if x > 0 && x + wide > limit {
            (x, y, row) = (0, y + row + gap, 0);
        }
        corners.push((x, y));
        width = width.max(x + wide);
        row = row.max(*high);
        x += wide + gap;
    }
    (corners, width, y + row)
}
