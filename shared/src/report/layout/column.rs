//! How high in its layer each vertex stands: near its neighbours, in the order given, without overlaps.

use super::order::{Layered, as_f64};

/// What is to be known of a vertex.
#[derive(Debug, Clone, Copy)]
pub(super) struct Body {
    pub(super) height: f64,
    /// A bend of a long line.
    pub(super) bend: bool,
}

const SWEEPS: usize = 30;
/// Between boxes of a layer; where a line passes, less is enough.
const GAP: f64 = 20.0;
const GAP_BEND: f64 = 9.0;
/// How much more straight lines are worth between bends.
const STRAIGHT: f64 = 6.0;

/// Moves the centres of these layers' vertices, each layer a list in order, towards their neighbours' centres.
/// Neighbours for which `counts` is false are not looked at.
pub(super) fn settle(
    graph: &Layered,
    layers: &[Vec<usize>],
    bodies: &[Body],
    centre: &mut [f64],
    counts: impl Fn(usize) -> bool,
) {
    for layer in layers {
        let mut top = 0.0;
        for vertex in layer {
            centre[*vertex] = top + bodies[*vertex].height / 2.0;
            top += bodies[*vertex].height + GAP;
        }
        // All layers begin centred on the same line.
        for vertex in layer {
            centre[*vertex] -= top / 2.0;
        }
    }
    relax(graph, layers, bodies, centre, &counts);
}

/// The same from where the centres are.
pub(super) fn relax(
    graph: &Layered,
    layers: &[Vec<usize>],
    bodies: &[Body],
    centre: &mut [f64],
    counts: &impl Fn(usize) -> bool,
) {
    for sweep in 0..SWEEPS {
        let both = sweep >= SWEEPS - 6;
        let forward = sweep % 2 == 0;
        let order: Vec<usize> =
            if forward { (0..layers.len()).collect() } else { (0..layers.len()).rev().collect() };
        for at in order {
            let wishes: Vec<(f64, f64)> = layers[at]
                .iter()
                .map(|vertex| {
                    let mut sum = (0.0, 0.0);
                    let mut add = |neighbours: &[usize]| {
                        for other in neighbours.iter().filter(|other| counts(**other)) {
                            let straight = bodies[*vertex].bend && bodies[*other].bend;
                            let weight = if straight { STRAIGHT } else { 1.0 };
                            sum = (sum.0 + centre[*other] * weight, sum.1 + weight);
                        }
                    };
                    if forward || both {
                        add(&graph.before[*vertex]);
                    }
                    if !forward || both {
                        add(&graph.after[*vertex]);
                    }
                    if sum.1 > 0.0 { (sum.0 / sum.1, sum.1) } else { (centre[*vertex], 0.05) }
                })
                .collect();
            separate(&layers[at], bodies, &wishes, centre);
        }
    }
}

/// The centres nearest to the wishes, by squares, that keep order and distance: pool adjacent violators.
fn separate(layer: &[usize], bodies: &[Body], wishes: &[(f64, f64)], centre: &mut [f64]) {
    let mut offsets = Vec::with_capacity(layer.len());
    let mut offset = 0.0;
    for (at, vertex) in layer.iter().enumerate() {
        if at > 0 {
            let (above, below) = (bodies[layer[at - 1]], bodies[*vertex]);
            let gap = if above.bend || below.bend { GAP_BEND } else { GAP };
            offset += f64::midpoint(above.height, below.height) + gap;
        }
        offsets.push(offset);
    }
    // Blocks of vertices that touch: sum of wishes, weight, how many.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for (at, (wish, weight)) in wishes.iter().enumerate() {
        let mut block = ((wish - offsets[at]) * weight, *weight, 1);
        while let Some(last) = blocks.last().filter(|last| last.0 / last.1 > block.0 / block.1) {
            block = (block.0 + last.0, block.1 + last.1, block.2 + last.2);
            blocks.pop();
        }
        blocks.push(block);
    }
    let mut at = 0;
    for (sum, weight, count) in blocks {
        for _ in 0..count {
            centre[layer[at]] = sum / weight + offsets[at];
            at += 1;
        }
    }
}

/// The whole pixel nearest to a coordinate.
#[expect(clippy::cast_possible_truncation, reason = "coordinates of a drawing are far below 2^31")]
pub(super) fn pixel(coordinate: f64) -> i32 {
    coordinate.round() as i32
}

/// The mean of some centres.
pub(super) fn mean(centres: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = centres.fold((0.0, 0usize), |(sum, count), centre| (sum + centre, count + 1));
    (count > 0).then(|| sum / as_f64(count))
}
