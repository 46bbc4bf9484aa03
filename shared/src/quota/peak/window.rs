/// The step of subqueries, in seconds. It is written out: the default is the server's, and servers differ.
pub const STEP: u32 = 60;

/// What one query asks for: some namespaces, some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Namespaces.
    pub namespaces: Vec<String>,
    /// From when, in seconds since the epoch: a whole minute.
    pub from: i64,
    /// Until when: a whole minute.
    pub until: i64,
}

/// A window is not made shorter than this, in seconds: each query's first samples lie before it.
const SHORTEST: i64 = 3600;

impl Piece {
    /// Two halves, of the namespaces or where there is but one of the time; `None` when it is small enough as it is.
    /// The highest of both halves is the highest of the whole.
    pub fn halves(&self) -> Option<[Self; 2]> {
        let Self { namespaces, from, until } = self;
        if namespaces.len() > 1 {
            let (one, other) = namespaces.split_at(namespaces.len() / 2);
            return Some([one, other].map(|half| Self { namespaces: half.to_vec(), ..*self }));
        }
        let step = i64::from(STEP);
        let half = (until - from) / 2 / step * step;
        (half >= SHORTEST).then(|| {
            let [mut one, mut other] = [self.clone(), self.clone()];
            (one.until, other.from) = (from + half, from + half);
            [one, other]
        })
    }

    /// In seconds.
    pub fn length(&self) -> i64 {
        self.until - self.from
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn halves_cover_the_whole(count in 1_usize..40, hours in 0_i64..100, odd in 0_i64..60) {
            let namespaces: Vec<_> = (0..count).map(|n| format!("ns-{n}")).collect();
            let whole = Piece { namespaces: namespaces.clone(), from: 600, until: 600 + hours * 3600 + odd * 60 };
            let (mut waiting, mut least) = (vec![whole.clone()], Vec::new());
            while let Some(piece) = waiting.pop() {
                prop_assert!(piece.from % 60 == 0 && piece.until % 60 == 0 && !piece.namespaces.is_empty());
                match piece.halves() {
                    Some(halves) => waiting.extend(halves),
                    None => least.push(piece),
                }
            }
            for namespace in &namespaces {
                let mut times: Vec<_> =
                    least.iter().filter(|piece| piece.namespaces == [namespace.clone()]).map(|piece| (piece.from, piece.until)).collect();
                times.sort_unstable();
                prop_assert_eq!(times.first().map(|time| time.0), Some(whole.from));
                prop_assert_eq!(times.last().map(|time| time.1), Some(whole.until));
                prop_assert!(times.windows(2).all(|two| two[0].1 == two[1].0));
                prop_assert!(times.len() == 1 || times.iter().all(|time| (3600..7260).contains(&(time.1 - time.0))));
            }
        }
    }
}
