//! Sums, differences, multiples and parts. What would go beyond the bounds stays at them.

use std::{iter::Sum, ops};

use super::Quantity;

impl Quantity {
    /// `self / whole` in units of `10^-places`, rounded half away from zero; `None` when the whole is zero.
    pub fn ratio(self, whole: Self, places: u32) -> Option<i128> {
        let magnitude = divide(self.nanos.unsigned_abs(), whole.nanos.unsigned_abs(), places)?;
        let magnitude = i128::try_from(magnitude).unwrap_or(i128::MAX);
        Some(if self.is_negative() == whole.is_negative() { magnitude } else { -magnitude })
    }

    /// So many times as much, as for replicas.
    #[must_use]
    pub const fn times(self, count: i64) -> Self {
        Self { nanos: self.nanos.saturating_mul(count as i128), ..self }
    }
}

/// `part * 10^places / whole` rounded half up, by long division: the product may need more bits than there are. Both are
/// at most 2^127, so that the sum of two remainders fits.
fn divide(part: u128, whole: u128, places: u32) -> Option<u128> {
    let mut quotient = part.checked_div(whole)?;
    let mut remainder = part.checked_rem(whole)?;
    for done in 0..places {
        if remainder == 0 {
            let rest = 10_u128.checked_pow(places - done).unwrap_or(u128::MAX);
            return Some(quotient.saturating_mul(rest));
        }
        if quotient == u128::MAX {
            return Some(quotient);
        }
        let (mut digit, mut sum) = (0, 0);
        for _ in 0..10 {
            sum += remainder;
            if sum >= whole {
                sum -= whole;
                digit += 1;
            }
        }
        quotient = quotient.saturating_mul(10).saturating_add(digit);
        remainder = sum;
    }
    Some(quotient.saturating_add(u128::from(remainder >= whole - remainder)))
}

/// Written as the left one is, unless that is nothing.
impl ops::Add for Quantity {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let format = if self.is_zero() { other.format } else { self.format };
        Self::new(self.nanos.saturating_add(other.nanos), format)
    }
}

/// Written as the left one is, unless that is nothing.
impl ops::Sub for Quantity {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        let format = if self.is_zero() { other.format } else { self.format };
        Self::new(self.nanos.saturating_sub(other.nanos), format)
    }
}

impl ops::Neg for Quantity {
    type Output = Self;

    fn neg(self) -> Self {
        Self { nanos: self.nanos.saturating_neg(), ..self }
    }
}

impl ops::AddAssign for Quantity {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl ops::SubAssign for Quantity {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, ops::Add::add)
    }
}

impl<'a> Sum<&'a Self> for Quantity {
    fn sum<I: Iterator<Item = &'a Self>>(all: I) -> Self {
        all.copied().sum()
    }
}

#[cfg(test)]
mod tests {
    use crate::quantity::{Format, Quantity};

    fn quantity(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    #[test]
    fn the_left_one_says_how_it_is_written() {
        for (left, right, sum, difference) in [
            ("0", "1Gi", "1Gi", "-1Gi"),
            ("0Ki", "100m", "100m", "-100m"),
            ("1Gi", "0", "1Gi", "1Gi"),
            ("2Ki", "1k", "3048", "1048"),
            ("3k", "1Ki", "4024", "1976"),
            ("1Ki", "24m", "1024024m", "1023976m"),
            ("1e3", "1k", "2e3", "0"),
            ("1k", "1e3", "2k", "0"),
        ] {
            assert_eq!((quantity(left) + quantity(right)).to_string(), sum, "{left} + {right}");
            assert_eq!((quantity(left) - quantity(right)).to_string(), difference, "{left} - {right}");
        }
    }

    #[test]
    fn nothing_goes_beyond_the_bounds() {
        let most = Quantity::new(i128::MAX, Format::DecimalSi);
        let least = Quantity::new(i128::MIN, Format::DecimalSi);
        assert_eq!(most + quantity("1n"), most);
        assert_eq!(least - quantity("1n"), least);
        assert_eq!(-least, most);
        assert_eq!(most.times(i64::MIN), least);
        assert_eq!([most, most, -quantity("1n")].iter().sum::<Quantity>(), most - quantity("1n"));
    }

    #[test]
    fn ratios() {
        let most = Quantity::new(i128::MAX, Format::DecimalSi);
        let least = Quantity::new(i128::MIN, Format::DecimalSi);
        for (part, whole, places, ratio) in [
            (quantity("1"), quantity("3"), 10, 3_333_333_333),
            (quantity("2"), quantity("3"), 10, 6_666_666_667),
            (quantity("-2"), quantity("3"), 0, -1),
            (quantity("1"), quantity("2"), 0, 1),
            (quantity("-1"), quantity("2"), 0, -1),
            (quantity("1"), quantity("-2"), 1, -5),
            (quantity("499m"), quantity("1"), 0, 0),
            (quantity("0"), quantity("5"), u32::MAX, 0),
            (quantity("1Gi"), quantity("4Gi"), 2, 25),
            (most, most, 10, 10_000_000_000),
            (least, least, 10, 10_000_000_000),
            (least, most, 10, -10_000_000_000),
            (most, quantity("1n"), 10, i128::MAX),
            (least, quantity("1n"), 10, -i128::MAX),
            (quantity("1n"), most, 10, 0),
            (quantity("1"), quantity("3"), u32::MAX, i128::MAX),
            (quantity("7"), quantity("7"), u32::MAX, i128::MAX),
        ] {
            assert_eq!(part.ratio(whole, places), Some(ratio), "{part} / {whole}, {places} places");
        }
        assert_eq!(most.ratio(Quantity::ZERO, 10), None);
    }
}
