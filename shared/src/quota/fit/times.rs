//! The same amounts many times over: a manifest may ask for as many replicas as it likes.

use crate::{quantity::Quantity, quota::Amounts};

/// An amount so many times.
pub(in crate::quota) fn times(amount: Quantity, mut count: u32) -> Quantity {
    let (mut sum, mut doubled) = (Quantity::ZERO, amount);
    while count > 0 {
        if count & 1 == 1 {
            sum += doubled;
        }
        doubled += doubled;
        count >>= 1;
    }
    sum
}

/// How often, but no more than `most` times, something can be taken of what is left.
pub(in crate::quota) fn how_often(takes: &Amounts, left: impl Fn(&str) -> Quantity, most: u32) -> u32 {
    let mut often = most;
    for (name, amount) in takes.iter().filter(|(_, amount)| **amount > Quantity::ZERO) {
        let left = left(name);
        let (mut low, mut high) = (0, often);
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if times(*amount, middle) <= left { low = middle } else { high = middle - 1 }
        }
        often = low;
    }
    often
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_adding_one_by_one() {
        let amount: Quantity = "300m".parse().unwrap();
        let mut sum = Quantity::ZERO;
        for count in 0..200 {
            assert_eq!(times(amount, count), sum);
            let takes: Amounts = [("cpu".to_owned(), amount)].into_iter().collect();
            assert_eq!(how_often(&takes, |_| sum, 1000), count);
            assert_eq!(how_often(&takes, |_| sum, 7), count.min(7));
            sum += amount;
        }
    }
}
