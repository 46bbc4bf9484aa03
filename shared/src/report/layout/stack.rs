//! A whole sheet in common layers: one piece above the other, what belongs to no group left and right of the frames.

use super::{
    Item, Placed, Rect, Sheet,
    column::{self, Body, pixel},
    order::Layered,
    pieces::Piece,
    rank,
    route::{self, Bend, Run},
    sheet::{APART, FRAME, MARGIN, TITLE},
};

/// Between layers, before room for labels is added.
const GAP: i32 = 46;
/// What a line needs where it passes a layer.
const BEND: f64 = 4.0;
/// How many layers boxes without lines are spread over at most.
const SPREAD: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Middle,
    Right,
}

pub(super) fn place(sheet: &Sheet, pieces: &[Piece]) -> Placed {
    let items = route::with_room_for_ends(sheet);
    let sides = sides(sheet);
    let ranks = ranks(sheet, pieces, &sides);
    let layers = ranks.iter().max().map_or(0, |most| most + 1);
    let mut band_of = vec![0; items.len()];
    for (band, piece) in pieces.iter().enumerate() {
        for item in &piece.items {
            band_of[*item] = band;
        }
    }
    let mut build = Build::new(&items, &ranks, &sides, &band_of, layers);
    let chains: Vec<Vec<usize>> =
        sheet.links.iter().map(|link| build.chain(link.left, link.right, pieces.len())).collect();
    let Build { mut graph, bodies, middle, .. } = build;
    graph.untangle();

    let mut centre = vec![0.0; bodies.len()];
    let frames = stack_bands(&graph, &bodies, &middle, pieces, sheet.groups, &mut centre);
    settle_sides(&graph, &bodies, &middle, &sides, &ranks, &mut centre);

    let columns = columns(sheet, &items, &ranks, layers);
    let rect = |item: usize| {
        let height = items[item].height;
        let (x, width) = columns[ranks[item]];
        let half = f64::from(height) / 2.0;
        Rect { x, y: pixel(centre[item] - half), width: width.max(items[item].width), height }
    };
    let mut placed = Placed { items: (0..items.len()).map(rect).collect(), ..Placed::default() };
    placed.groups = frames
        .iter()
        .enumerate()
        .map(|(group, frame)| {
            frame.map_or_else(Rect::default, |(top, bottom)| framed(sheet, &placed.items, group, top, bottom))
        })
        .collect();
    let runs: Vec<Run> = sheet
        .links
        .iter()
        .zip(&chains)
        .map(|(link, chain)| {
            let turned = ranks[link.left] > ranks[link.right];
            let bends = chain.iter().enumerate().map(|(step, vertex)| {
                let (x, width) = columns[ranks[link.left].min(ranks[link.right]) + 1 + step];
                Bend { from: x, to: x + width, y: pixel(centre[*vertex]) }
            });
            Run { turned, far: false, bends: bends.collect() }
        })
        .collect();
    placed.links = route::curves(sheet, &placed.items, &runs);
    placed.moved_to_origin()
}

/// Boxes of no group stand left of the frames if they only point into them, else right.
fn sides(sheet: &Sheet) -> Vec<Side> {
    let grouped = |item: usize| sheet.items[item].group.is_some();
    if !(0..sheet.items.len()).any(grouped) {
        return vec![Side::Middle; sheet.items.len()];
    }
    let mut sides: Vec<Side> =
        (0..sheet.items.len()).map(|item| if grouped(item) { Side::Middle } else { Side::Right }).collect();
    for item in (0..sheet.items.len()).filter(|item| !grouped(*item)) {
        let pointed_at = sheet.links.iter().any(|link| link.right == item && grouped(link.left));
        let points = sheet.links.iter().any(|link| link.left == item && grouped(link.right));
        if points && !pointed_at {
            sides[item] = Side::Left;
        }
    }
    sides
}

/// Layers: those left of the frames, those of the frames, those right of them.
fn ranks(sheet: &Sheet, pieces: &[Piece], sides: &[Side]) -> Vec<usize> {
    let mut ranks = vec![0; sheet.items.len()];
    let mut first = 0;
    for side in [Side::Left, Side::Middle, Side::Right] {
        let members: Vec<usize> = (0..sheet.items.len()).filter(|item| sides[*item] == side).collect();
        let mut index = vec![usize::MAX; sheet.items.len()];
        for (at, item) in members.iter().enumerate() {
            index[*item] = at;
        }
        let inside: Vec<(usize, usize)> = sheet
            .links
            .iter()
            .map(|link| (index[link.left], index[link.right]))
            .filter(|(left, right)| *left != usize::MAX && *right != usize::MAX)
            .collect();
        let mut assigned = rank::assign(members.len(), &inside);
        if side == Side::Middle {
            let mut linked = vec![false; members.len()];
            for (left, right) in &inside {
                linked[*left] = true;
                linked[*right] = true;
            }
            for piece in pieces.iter().filter(|piece| piece.loose) {
                let free: Vec<usize> = piece
                    .items
                    .iter()
                    .map(|item| index[*item])
                    .filter(|at| *at != usize::MAX && !linked[*at])
                    .collect();
                assigned.layers = assigned.layers.max(free.len().min(SPREAD));
                for (number, at) in free.into_iter().enumerate() {
                    assigned.rank[at] = number % assigned.layers;
                }
            }
        }
        for (at, item) in members.iter().enumerate() {
            ranks[*item] = first + assigned.rank[at];
        }
        first += assigned.layers;
    }
    ranks
}

/// The layered graph: boxes, and a bend for each layer that a line passes.
struct Build<'a> {
    graph: Layered,
    bodies: Vec<Body>,
    /// Whether a vertex stands between or in the frames, where bands are.
    middle: Vec<bool>,
    ranks: &'a [usize],
    sides: &'a [Side],
    /// The layers of the middle.
    span: (usize, usize),
}

impl<'a> Build<'a> {
    fn new(items: &[Item], ranks: &'a [usize], sides: &'a [Side], band_of: &[usize], layers: usize) -> Self {
        let mut graph = Layered { columns: vec![Vec::new(); layers], ..Layered::default() };
        for (item, rank) in ranks.iter().enumerate() {
            graph.columns[*rank].push(item);
        }
        let middle: Vec<bool> = sides.iter().map(|side| *side == Side::Middle).collect();
        graph.band =
            band_of.iter().zip(&middle).map(|(band, middle)| if *middle { *band } else { 0 }).collect();
        graph.before = vec![Vec::new(); items.len()];
        graph.after = vec![Vec::new(); items.len()];
        let bodies = items.iter().map(|item| Body { height: f64::from(item.height), bend: false }).collect();
        let inside = || ranks.iter().zip(&middle).filter(|(_, middle)| **middle).map(|(rank, _)| *rank);
        let span = (inside().min().unwrap_or_default(), inside().max().unwrap_or_default());
        Self { graph, bodies, middle, ranks, sides, span }
    }

    /// Makes the bends of a line; `lane` is the band of those that belong to no piece.
    fn chain(&mut self, left: usize, right: usize, lane: usize) -> Vec<usize> {
        let (first, last) = if self.ranks[left] <= self.ranks[right] { (left, right) } else { (right, left) };
        if first == last || self.ranks[first] == self.ranks[last] {
            return Vec::new();
        }
        let ends = [first, last];
        let band = ends
            .iter()
            .find(|end| self.sides[**end] == Side::Middle)
            .map_or(lane, |end| self.graph.band[*end]);
        let mut before = first;
        let mut bends = Vec::new();
        for rank in self.ranks[first] + 1..self.ranks[last] {
            let vertex = self.bodies.len();
            let middle = (self.span.0..=self.span.1).contains(&rank);
            self.bodies.push(Body { height: BEND, bend: true });
            self.middle.push(middle);
            self.graph.band.push(if middle { band } else { 0 });
            self.graph.before.push(vec![before]);
            self.graph.after.push(Vec::new());
            self.graph.after[before].push(vertex);
            self.graph.columns[rank].push(vertex);
            bends.push(vertex);
            before = vertex;
        }
        self.graph.after[before].push(last);
        self.graph.before[last].push(before);
        bends
    }
}

/// Settles each piece alone and puts them one above the other. Gives each group's top and bottom.
fn stack_bands(
    graph: &Layered,
    bodies: &[Body],
    middle: &[bool],
    pieces: &[Piece],
    groups: usize,
    centre: &mut [f64],
) -> Vec<Option<(f64, f64)>> {
    let mut frames: Vec<Option<(f64, f64)>> = vec![None; groups];
    let mut top = 0.0;
    let mut before = None;
    // The last band has the lines that belong to no piece.
    for band in 0..=pieces.len() {
        let layers: Vec<Vec<usize>> = graph
            .columns
            .iter()
            .map(|layer| layer.iter().copied().filter(|v| middle[*v] && graph.band[*v] == band).collect())
            .collect();
        let vertices: Vec<usize> = layers.iter().flatten().copied().collect();
        if vertices.is_empty() {
            continue;
        }
        column::settle(graph, &layers, bodies, centre, |other| middle[other] && graph.band[other] == band);
        let group = pieces.get(band).and_then(|piece| piece.group);
        if before.is_some() && before != Some(group) {
            top += f64::from(FRAME + MARGIN);
        }
        if group.is_some() && before != Some(group) {
            top += f64::from(TITLE + FRAME);
        }
        let edge = |vertex: &usize, sign: f64| centre[*vertex] + sign * bodies[*vertex].height / 2.0;
        let upper = vertices.iter().map(|vertex| edge(vertex, -1.0)).fold(f64::INFINITY, f64::min);
        let lower = vertices.iter().map(|vertex| edge(vertex, 1.0)).fold(f64::NEG_INFINITY, f64::max);
        for vertex in &vertices {
            centre[*vertex] += top - upper;
        }
        let bottom = top + lower - upper;
        if let Some(group) = group {
            let frame = frames[group].get_or_insert((top, bottom));
            frame.1 = bottom;
        }
        top = bottom + f64::from(APART);
        before = Some(group);
    }
    frames
}

/// Settles what stands left and right of the frames, near what it touches.
fn settle_sides(
    graph: &Layered,
    bodies: &[Body],
    middle: &[bool],
    sides: &[Side],
    ranks: &[usize],
    centre: &mut [f64],
) {
    let beside: Vec<Vec<usize>> = graph
        .columns
        .iter()
        .map(|layer| layer.iter().copied().filter(|vertex| !middle[*vertex]).collect())
        .collect();
    let first_right =
        sides.iter().zip(ranks).filter(|(side, _)| **side == Side::Right).map(|(_, rank)| *rank).min();
    let start = first_right.unwrap_or(graph.columns.len());
    let mut settled: Vec<bool> = middle.to_vec();
    let (left, right) = beside.split_at(start.min(beside.len()));
    for (layers, outward) in [(right, true), (left, false)] {
        let order: Vec<&Vec<usize>> =
            if outward { layers.iter().collect() } else { layers.iter().rev().collect() };
        for layer in order {
            let near = |vertex: &usize| {
                let all = graph.before[*vertex].iter().chain(&graph.after[*vertex]);
                column::mean(all.filter(|other| settled[**other]).map(|other| centre[*other]))
                    .unwrap_or_default()
            };
            let wishes: Vec<f64> = layer.iter().map(near).collect();
            for (vertex, wish) in layer.iter().zip(wishes) {
                centre[*vertex] = wish;
                settled[*vertex] = true;
            }
        }
        column::relax(graph, layers, bodies, centre, &|_| true);
    }
}

/// Where each layer begins and how wide it is.
fn columns(sheet: &Sheet, items: &[Item], ranks: &[usize], layers: usize) -> Vec<(i32, i32)> {
    let mut widths = vec![0; layers];
    let mut labels = vec![0; layers];
    for (item, rank) in items.iter().zip(ranks) {
        widths[*rank] = item.width.max(widths[*rank]);
    }
    for link in &sheet.links {
        let right = ranks[link.left].max(ranks[link.right]);
        labels[right] = link.label.max(labels[right]);
    }
    let outside = |rank: usize| items.iter().zip(ranks).any(|(item, at)| *at == rank && item.group.is_none());
    let mut x = 0;
    let mut columns = Vec::with_capacity(layers);
    for rank in 0..layers {
        if rank > 0 {
            let frame = if outside(rank) == outside(rank - 1) { 0 } else { FRAME };
            x += GAP + labels[rank] + frame;
        }
        columns.push((x, widths[rank]));
        x += widths[rank];
    }
    columns
}

/// A group's frame: its boxes, and all the height that its pieces take.
fn framed(sheet: &Sheet, items: &[Rect], group: usize, top: f64, bottom: f64) -> Rect {
    let own =
        items.iter().zip(&sheet.items).filter(|(_, item)| item.group == Some(group)).map(|(rect, _)| *rect);
    let inside = own.reduce(|all, rect| all.with(&rect)).unwrap_or_default();
    let (top, bottom) = (pixel(top).min(inside.y), pixel(bottom).max(inside.bottom()));
    Rect {
        x: inside.x - FRAME,
        y: top - TITLE - FRAME / 2,
        width: inside.width + 2 * FRAME,
        height: bottom - top + TITLE + FRAME / 2 + FRAME,
    }
}

impl Placed {
    /// Moves everything so that it begins at the margin, and measures it.
    pub(super) fn moved_to_origin(mut self) -> Self {
        let frames = self.groups.iter().filter(|frame| frame.width > 0);
        let ways: Vec<Rect> = self.links.iter().map(route::Curve::bounds).collect();
        let all = self.items.iter().chain(frames).chain(&ways).copied().reduce(|all, rect| all.with(&rect));
        let Some(all) = all else { return self };
        let (x, y) = (MARGIN - all.x, MARGIN - all.y);
        for rect in self.items.iter_mut().chain(&mut self.groups) {
            (rect.x, rect.y) = (rect.x + x, rect.y + y);
        }
        for link in &mut self.links {
            link.shift(x, y);
        }
        self.width = all.width + 2 * MARGIN;
        self.height = all.height + 2 * MARGIN;
        self
    }
}
