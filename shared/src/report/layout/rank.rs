//! Which layer a box belongs to.

/// Layers of boxes such that no line stays within a layer, and what had to be turned around for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Ranks {
    pub(super) rank: Vec<usize>,
    pub(super) layers: usize,
}

/// Assigns layers by the longest way from the left, then moves boxes right to what they point at where that makes
/// lines shorter. `links` are (left, right) pairs; those that close a cycle are turned around.
pub(super) fn assign(count: usize, links: &[(usize, usize)]) -> Ranks {
    let mut to: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (left, right) in links.iter().filter(|(left, right)| left != right) {
        to[*left].push(*right);
    }
    let order = untangle(&mut to);
    let mut from_count = vec![0usize; count];
    for right in to.iter().flatten() {
        from_count[*right] += 1;
    }
    let mut rank = vec![0usize; count];
    for node in &order {
        for right in &to[*node] {
            rank[*right] = rank[*right].max(rank[*node] + 1);
        }
    }
    for node in order.iter().rev() {
        let nearest = to[*node].iter().map(|right| rank[*right]).min();
        if let Some(nearest) = nearest.filter(|_| to[*node].len() >= from_count[*node]) {
            rank[*node] = rank[*node].max(nearest - 1);
        }
    }
    let least = rank.iter().copied().min().unwrap_or_default();
    for rank in &mut rank {
        *rank -= least;
    }
    let layers = rank.iter().copied().max().map_or(0, |most| most + 1);
    Ranks { rank, layers }
}

/// Turns lines around until there is no cycle, and gives an order in which every line points forward.
fn untangle(to: &mut [Vec<usize>]) -> Vec<usize> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let count = to.len();
    let mut has_from = vec![false; count];
    for right in to.iter().flatten() {
        has_from[*right] = true;
    }
    let mut state = vec![State::New; count];
    let mut finished = Vec::with_capacity(count);
    let mut turned: Vec<(usize, usize)> = Vec::new();
    let starts: Vec<usize> =
        (0..count).filter(|node| !has_from[*node]).chain((0..count).filter(|node| has_from[*node])).collect();
    for start in starts {
        if state[start] != State::New {
            continue;
        }
        state[start] = State::Open;
        let mut stack = vec![(start, 0usize)];
        while let Some((node, next)) = stack.last_mut() {
            let node = *node;
            let Some(right) = to[node].get(*next).copied() else {
                state[node] = State::Done;
                finished.push(node);
                stack.pop();
                continue;
            };
            *next += 1;
            match state[right] {
                State::New => {
                    state[right] = State::Open;
                    stack.push((right, 0));
                }
                State::Open => turned.push((node, right)),
                State::Done => {}
            }
        }
    }
    for (left, right) in turned {
        if let Some(at) = to[left].iter().position(|target| *target == right) {
            to[left].remove(at);
            to[right].push(left);
        }
    }
    finished.reverse();
    finished
}
