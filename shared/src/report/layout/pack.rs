//! A large sheet: each piece alone, pieces packed into frames, frames packed onto the sheet.

use super::{
    Link, Placed, Rect, Sheet,
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
    let blocks: Vec<Block> = pieces.iter().map(|piece| Block::of(sheet, piece)).collect();
    // Groups in order; what belongs to none comes last, without a frame.
    let mut frames: Vec<(Option<usize>, Frame)> = Vec::new();
    for group in (0..sheet.groups).map(Some).chain([None]) {
        let own: Vec<usize> = (0..pieces.len()).filter(|at| pieces[*at].group == group).collect();
        if !own.is_empty() {
            let sizes: Vec<(i32, i32)> =
                own.iter().map(|at| (blocks[*at].width, blocks[*at].height)).collect();
            frames.push((group, Frame::of(own, &sizes, group.is_some())));
        }
    }
    let sizes: Vec<(i32, i32)> = frames.iter().map(|(_, frame)| (frame.width, frame.height)).collect();
    let (corners, _, _) = shelves(&sizes, MARGIN + FRAME);
    let mut placed = Placed {
        items: vec![Rect::default(); sheet.items.len()],
        groups: vec![Rect::default(); sheet.groups],
        ..Placed::default()
    };
    let mut inner: Vec<Option<Run>> = vec![None; sheet.links.len()];
    for ((group, frame), (x, y)) in frames.iter().zip(corners) {
        if let Some(group) = group {
            placed.groups[*group] = Rect { x, y, width: frame.width, height: frame.height };
        }
        for (piece, (left, top)) in frame.pieces.iter().zip(&frame.corners) {
            let (left, top) = (x + frame.inset.0 + left, y + frame.inset.1 + top);
            let block = &blocks[*piece];
            for (item, rect) in pieces[*piece].items.iter().zip(&block.items) {
                placed.items[*item] = Rect { x: rect.x + left, y: rect.y + top, ..*rect };
            }
            for (link, run) in &block.runs {
                let mut run = run.clone();
                for bend in &mut run.bends {
                    (bend.from, bend.to, bend.y) = (bend.from + left, bend.to + left, bend.y + top);
                }
                inner[*link] = Some(run);
            }
        }
    }
    // A line between pieces goes straight, from the right side of the one to the left side of the other.
    let runs: Vec<Run> = sheet
        .links
        .iter()
        .zip(inner)
        .map(|(link, run)| {
            let turned = placed.items[link.right].right() <= placed.items[link.left].x;
            run.unwrap_or(Run { turned, bends: Vec::new() })
        })
        .collect();
    placed.links = route::curves(sheet, &placed.items, &runs);
    placed.moved_to_origin()
}

/// A piece laid out by itself.
struct Block {
    width: i32,
    height: i32,
    /// In the order of the piece's items.
    items: Vec<Rect>,
    /// The lines inside the piece.
    runs: Vec<(usize, Run)>,
}

impl Block {
    fn of(sheet: &Sheet, piece: &Piece) -> Self {
        if piece.loose {
            return Self::loose(sheet, piece);
        }
        let mut index = vec![usize::MAX; sheet.items.len()];
        for (at, item) in piece.items.iter().enumerate() {
            index[*item] = at;
        }
        let inside: Vec<(usize, Link)> = sheet
            .links
            .iter()
            .enumerate()
            .filter(|(_, link)| index[link.left] != usize::MAX && index[link.right] != usize::MAX)
            .map(|(at, link)| (at, Link { left: index[link.left], right: index[link.right], ..*link }))
            .collect();
        let items =
            piece.items.iter().map(|item| super::Item { group: None, ..sheet.items[*item] }).collect();
        let alone = Sheet { items, links: inside.iter().map(|(_, link)| *link).collect(), groups: 0 };
        let placed = stack::place(&alone, &pieces::of(&alone));
        let back = |curve: &route::Curve, link: &Link| Run {
            turned: curve.arrow_at_start != link.points_left,
            bends: curve.bends.clone(),
        };
        let runs =
            inside.iter().zip(&placed.links).map(|((at, link), curve)| (*at, back(curve, link))).collect();
        let mut block = Self { width: placed.width, height: placed.height, items: placed.items, runs };
        block.trim();
        block
    }

    /// Boxes without lines, in rows.
    fn loose(sheet: &Sheet, piece: &Piece) -> Self {
        let roomy = route::with_room_for_ends(sheet);
        let width = piece.items.iter().map(|item| roomy[*item].width).max().unwrap_or_default();
        let height = piece.items.iter().map(|item| roomy[*item].height).max().unwrap_or_default();
        let area = as_f64(piece.items.len()) * f64::from(width + LOOSE) * f64::from(height + LOOSE);
        let across = ((area * SHAPE).sqrt() / f64::from(width + LOOSE)).ceil().max(1.0);
        let across = super::column::pixel(across);
        let mut items = Vec::with_capacity(piece.items.len());
        for (item, at) in piece.items.iter().zip(0i32..) {
            let (column, row) = (at % across, at / across);
            items.push(Rect {
                x: column * (width + LOOSE),
                y: row * (height + LOOSE),
                width,
                height: roomy[*item].height,
            });
        }
        let all = items.iter().copied().reduce(|all, rect| all.with(&rect)).unwrap_or_default();
        Self { width: all.width, height: all.height, items, runs: Vec::new() }
    }

    /// Takes the margin away.
    fn trim(&mut self) {
        for rect in &mut self.items {
            (rect.x, rect.y) = (rect.x - MARGIN, rect.y - MARGIN);
        }
        for (_, run) in &mut self.runs {
            for bend in &mut run.bends {
                (bend.from, bend.to, bend.y) = (bend.from - MARGIN, bend.to - MARGIN, bend.y - MARGIN);
            }
        }
        (self.width, self.height) = (self.width - 2 * MARGIN, self.height - 2 * MARGIN);
    }
}

/// Pieces packed into a frame.
struct Frame {
    pieces: Vec<usize>,
    /// Where each piece stands, from the inset on.
    corners: Vec<(i32, i32)>,
    inset: (i32, i32),
    width: i32,
    height: i32,
}

impl Frame {
    fn of(pieces: Vec<usize>, sizes: &[(i32, i32)], framed: bool) -> Self {
        let (corners, width, height) = shelves(sizes, APART + FRAME);
        let (around, title) = if framed { (FRAME, TITLE + FRAME / 2) } else { (0, 0) };
        Self {
            pieces,
            corners,
            inset: (around, title),
            width: width + 2 * around,
            height: height + title + around,
        }
    }
}

/// Rectangles in rows, in their order: upper left corners, and the width and height of all.
fn shelves(sizes: &[(i32, i32)], gap: i32) -> (Vec<(i32, i32)>, i32, i32) {
    let area: f64 =
        sizes.iter().map(|(width, height)| f64::from(width + gap) * f64::from(height + gap)).sum();
    let widest = sizes.iter().map(|(width, _)| *width).max().unwrap_or_default();
    let limit = super::column::pixel((area * SHAPE).sqrt()).max(widest);
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
