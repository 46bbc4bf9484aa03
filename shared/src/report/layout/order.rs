//! The order of boxes within each layer: few crossings, by the barycentre of neighbours.

/// A layered graph whose lines connect neighbouring layers only.
#[derive(Debug, Clone, Default)]
pub(super) struct Layered {
    /// The vertices of each layer, in order.
    pub(super) columns: Vec<Vec<usize>>,
    /// Each vertex's neighbours in the layer before.
    pub(super) before: Vec<Vec<usize>>,
    /// Each vertex's neighbours in the layer after.
    pub(super) after: Vec<Vec<usize>>,
    /// Vertices of a layer stand in the order of their bands.
    pub(super) band: Vec<usize>,
}

const SWEEPS: usize = 24;
/// Sweeps without improvement after which it is good enough.
const PATIENCE: usize = 6;
/// Vertices up to which neighbours are swapped one by one at the end.
const SMALL: usize = 1500;

impl Layered {
    /// Reorders the layers.
    pub(super) fn untangle(&mut self) {
        let mut position = vec![0usize; self.before.len()];
        let visits = self.visits();
        let mut best = self.columns.clone();
        let mut fewest = usize::MAX;
        // Once from the order that was given, once from that in which neighbours find each other.
        for visited in [false, true] {
            for layer in &mut self.columns {
                let (band, visits) = (&self.band, &visits);
                layer.sort_by_key(|vertex| (band[*vertex], if visited { visits[*vertex] } else { *vertex }));
            }
            self.number(&mut position);
            let mut since = 0;
            for sweep in 0..=SWEEPS {
                if sweep > 0 {
                    self.sweep(sweep % 2 == 1, &mut position);
                }
                let crossings = self.crossings(&position);
                since += 1;
                if crossings < fewest {
                    (fewest, since) = (crossings, 0);
                    best.clone_from(&self.columns);
                }
                if fewest == 0 || since == PATIENCE {
                    break;
                }
            }
        }
        self.columns = best;
        self.number(&mut position);
        if fewest > 0 && self.before.len() <= SMALL {
            self.swap(&mut position);
        }
    }

    /// When a walk along the lines comes by each vertex; vertices with many lines are left for last.
    fn visits(&self) -> Vec<usize> {
        let count = self.before.len();
        let lines = |vertex: usize| self.before[vertex].len() + self.after[vertex].len();
        let mut visits = vec![usize::MAX; count];
        let mut next = 0;
        for start in self.columns.iter().flatten() {
            let mut stack = vec![*start];
            while let Some(vertex) = stack.pop() {
                if visits[vertex] != usize::MAX {
                    continue;
                }
                visits[vertex] = next;
                next += 1;
                let near = self.after[vertex].iter().chain(&self.before[vertex]);
                let mut near: Vec<usize> =
                    near.copied().filter(|other| visits[*other] == usize::MAX).collect();
                near.sort_by_key(|other| (std::cmp::Reverse(lines(*other)), *other));
                stack.extend(near);
            }
        }
        visits
    }

    fn number(&self, position: &mut [usize]) {
        for layer in &self.columns {
            for (at, vertex) in layer.iter().enumerate() {
                position[*vertex] = at;
            }
        }
    }

    fn sweep(&mut self, forward: bool, position: &mut [usize]) {
        let count = self.columns.len();
        for step in 1..count {
            let at = if forward { step } else { count - 1 - step };
            let neighbours = if forward { &self.before } else { &self.after };
            let mut keyed: Vec<(usize, f64, usize)> = self.columns[at]
                .iter()
                .map(|vertex| {
                    let near = &neighbours[*vertex];
                    let centre =
                        if near.is_empty() { as_f64(position[*vertex]) } else { mean(near, position) };
                    (self.band[*vertex], centre, *vertex)
                })
                .collect();
            keyed.sort_by(|a, b| {
                a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(position[a.2].cmp(&position[b.2]))
            });
            self.columns[at] = keyed.into_iter().map(|(_, _, vertex)| vertex).collect();
            for (index, vertex) in self.columns[at].iter().enumerate() {
                position[*vertex] = index;
            }
        }
    }

    /// Swaps neighbours as long as that removes crossings.
    fn swap(&mut self, position: &mut [usize]) {
        for _ in 0..8 {
            let mut better = false;
            for at in 0..self.columns.len() {
                for upper in 1..self.columns[at].len() {
                    let (a, b) = (self.columns[at][upper - 1], self.columns[at][upper]);
                    if self.band[a] != self.band[b] {
                        continue;
                    }
                    let between = |above: usize, below: usize| {
                        pair_crossings(&self.before[above], &self.before[below], position)
                            + pair_crossings(&self.after[above], &self.after[below], position)
                    };
                    if between(b, a) < between(a, b) {
                        self.columns[at].swap(upper - 1, upper);
                        position.swap(a, b);
                        better = true;
                    }
                }
            }
            if !better {
                break;
            }
        }
    }

    /// How many lines cross.
    pub(super) fn crossings(&self, position: &[usize]) -> usize {
        let mut total = 0;
        for pair in self.columns.windows(2) {
            let [left, right] = pair else { continue };
            let mut tree = vec![0usize; right.len() + 1];
            let mut seen = 0;
            for vertex in left {
                let mut ends: Vec<usize> = self.after[*vertex].iter().map(|other| position[*other]).collect();
                ends.sort_unstable();
                for end in &ends {
                    total += seen - prefix(&tree, *end + 1);
                }
                for end in ends {
                    let mut at = end + 1;
                    while at < tree.len() {
                        tree[at] += 1;
                        at += at & at.wrapping_neg();
                    }
                    seen += 1;
                }
            }
        }
        total
    }
}

/// How many ends were counted before a position.
fn prefix(tree: &[usize], mut at: usize) -> usize {
    let mut sum = 0;
    while at > 0 {
        sum += tree[at];
        at &= at - 1;
    }
    sum
}

fn pair_crossings(above: &[usize], below: &[usize], position: &[usize]) -> usize {
    above.iter().map(|a| below.iter().filter(|b| position[**b] < position[*a]).count()).sum()
}

fn mean(vertices: &[usize], position: &[usize]) -> f64 {
    vertices.iter().map(|vertex| as_f64(position[*vertex])).sum::<f64>() / as_f64(vertices.len())
}

#[expect(clippy::cast_precision_loss, reason = "counts of a drawing are far below 2^52")]
pub(super) fn as_f64(number: usize) -> f64 {
    number as f64
}
