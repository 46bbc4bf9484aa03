//! Reads what the API server reads (apimachinery's `ParseQuantity`), and refuses what it refuses, in its words.

use super::{Format, NANOS, Quantity};

#[cfg(test)]
mod tests;

/// The most that a number with a binary suffix can say; the API server cuts only these.
const MOST_BINARY: u128 = i64::MAX.unsigned_abs() as u128 * NANOS.unsigned_abs();
/// Decimal places of a nano.
const PLACES: i64 = 9;

/// Why a text is no quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// It is not a number with a suffix at all.
    #[error("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    Format,
    /// There is no number before the suffix.
    #[error("unable to parse numeric part of quantity")]
    Numeric,
    /// There is no such suffix.
    #[error("unable to parse quantity's suffix")]
    Suffix,
}

/// What a suffix multiplies by.
#[derive(Clone, Copy)]
enum Scale {
    Ten { exponent: i32, format: Format },
    Two { exponent: u32 },
}

pub(super) fn parse(text: &str) -> Result<Quantity, QuantityError> {
    if text.is_empty() {
        return Err(QuantityError::Format);
    }
    let parts = Parts::of(text)?;
    let (nanos, format) = match scale(parts.suffix).ok_or(QuantityError::Suffix)? {
        Scale::Ten { exponent, format } => (parts.times_ten(exponent)?, format),
        Scale::Two { exponent } => match parts.times_two(exponent)? {
            nanos if nanos >= NANOS.unsigned_abs() || nanos == 0 => (nanos, Format::BinarySi),
            // A fraction can't be written with a binary suffix.
            nanos => (nanos, Format::DecimalSi),
        },
    };
    let nanos = i128::try_from(nanos).unwrap_or(i128::MAX);
    Ok(Quantity::new(if parts.negative { -nanos } else { nanos }, format))
}

/// A text taken apart.
struct Parts<'a> {
    negative: bool,
    /// Before the point, without leading zeros.
    whole: &'a str,
    /// After the point.
    fraction: &'a str,
    /// Whether there is any digit before the suffix, be it a zero. Without one it is zero to the API server too, but only
    /// where the suffix lets it reckon in 64 bits; elsewhere it misses the number.
    number: bool,
    suffix: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Result<Self, QuantityError> {
        let negative = text.starts_with('-');
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (zeros_and_whole, rest) = split_digits(unsigned);
        let (fraction, suffix) = rest.strip_prefix('.').map_or(("", rest), split_digits);
        let letters = suffix.trim_start_matches(is_letter);
        let exponent = letters.strip_prefix(['+', '-']).unwrap_or(letters);
        if !split_digits(exponent).1.is_empty() {
            return Err(QuantityError::Format);
        }
        let number = !(zeros_and_whole.is_empty() && fraction.is_empty());
        Ok(Self { negative, whole: zeros_and_whole.trim_start_matches('0'), fraction, number, suffix })
    }

    /// The number times a power of ten, in nanos.
    fn times_ten(&self, exponent: i32) -> Result<u128, QuantityError> {
        let places = i64::try_from(self.fraction.len()).unwrap_or(i64::MAX);
        let scale = i64::from(exponent).saturating_sub(places).saturating_add(PLACES);
        if !self.number && scale < 0 {
            return Err(QuantityError::Numeric);
        }
        let digits = self.whole.len() + self.fraction.len();
        let kept = if scale < 0 {
            digits.saturating_sub(usize::try_from(scale.unsigned_abs()).unwrap_or(usize::MAX))
        } else {
            digits
        };
        let (mut nanos, mut lost) = (0_u128, false);
        for (n, digit) in self.digits().enumerate() {
            if n < kept {
                nanos = nanos.saturating_mul(10).saturating_add(digit);
            } else {
                lost |= digit != 0;
            }
        }
        if nanos != 0 && scale > 0 {
            let power = u32::try_from(scale).ok().and_then(|scale| 10_u128.checked_pow(scale));
            nanos = nanos.saturating_mul(power.unwrap_or(u128::MAX));
        }
        Ok(nanos.saturating_add(u128::from(lost)))
    }

    /// The number times a power of two up to 2^60, in nanos, within what a binary suffix can say.
    fn times_two(&self, exponent: u32) -> Result<u128, QuantityError> {
        if !self.number && exponent > 40 {
            return Err(QuantityError::Numeric);
        }
        let unit = NANOS.unsigned_abs() << exponent;
        let whole =
            digits(self.whole).fold(0_u128, |sum, digit| sum.saturating_mul(10).saturating_add(digit));
        // From the last digit on: what is below a nano counts only as being there.
        let (fraction, lost) = digits(self.fraction).rev().fold((0_u128, false), |(rest, lost), digit| {
            let sum = digit * unit + rest;
            (sum / 10, lost || !sum.is_multiple_of(10))
        });
        let nanos = whole.saturating_mul(unit).saturating_add(fraction).saturating_add(u128::from(lost));
        Ok(nanos.min(MOST_BINARY))
    }

    fn digits(&self) -> impl Iterator<Item = u128> {
        digits(self.whole).chain(digits(self.fraction))
    }
}

/// Whether a suffix may have it.
fn is_letter(letter: char) -> bool {
    matches!(letter, 'e' | 'E' | 'i' | 'n' | 'u' | 'm' | 'k' | 'K' | 'M' | 'G' | 'T' | 'P')
}

fn digits(text: &str) -> impl DoubleEndedIterator<Item = u128> {
    text.bytes().map(|digit| u128::from(digit.wrapping_sub(b'0')))
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn scale(suffix: &str) -> Option<Scale> {
    let decimal = |exponent| Some(Scale::Ten { exponent, format: Format::DecimalSi });
    let binary = |exponent| Some(Scale::Two { exponent });
    match suffix {
        "n" => decimal(-9),
        "u" => decimal(-6),
        "m" => decimal(-3),
        "" => decimal(0),
        "k" => decimal(3),
        "M" => decimal(6),
        "G" => decimal(9),
        "T" => decimal(12),
        "P" => decimal(15),
        "E" => decimal(18),
        "Ki" => binary(10),
        "Mi" => binary(20),
        "Gi" => binary(30),
        "Ti" => binary(40),
        "Pi" => binary(50),
        "Ei" => binary(60),
        _ => {
            let exponent: i64 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
            #[expect(clippy::cast_possible_truncation, reason = "the API server keeps these 32 bits as well")]
            let exponent = exponent as i32;
            Some(Scale::Ten { exponent, format: Format::DecimalExponent })
        }
    }
}
