//! Kubernetes quantities, exactly: `250m`, `1.5Gi`, `12e6`.
//!
//! A quantity is a count of nanos, as precise as the API server keeps it, and remembers which of the three ways of
//! writing it was in: `parse` reads what the API server reads, `print` writes what it writes, `human` writes for people.
//! Nothing is a floating-point number on the way.

mod arithmetic;
mod human;
mod parse;
mod print;
#[cfg(test)]
mod properties;
mod text;
mod wire;

use std::{
    cmp::Ordering,
    hash::{Hash, Hasher},
};

pub use human::Human;
pub use parse::QuantityError;
pub use wire::Wire;

/// Nanos of one whole unit.
const NANOS: i128 = 1_000_000_000;
/// Nanos of a thousandth.
const NANOS_OF_MILLI: i128 = 1_000_000;

/// How a quantity is written. The value does not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// With the suffixes of powers of 1000: `12M`, `250m`.
    #[default]
    DecimalSi,
    /// With the suffixes of powers of 1024: `12Mi`.
    BinarySi,
    /// With an exponent: `12e6`.
    DecimalExponent,
}

/// An amount of a resource: cores, bytes, objects, devices.
///
/// Quantities are equal when their values are, however they are written: `1024` is `1Ki`. A value is exact to the nano
/// and within ±1.7·10²⁹; what goes beyond stays at the bound, in reading and in arithmetic, and nothing panics.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quantity {
    nanos: i128,
    format: Format,
}

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self { nanos: 0, format: Format::DecimalSi };

    const fn new(nanos: i128, format: Format) -> Self {
        Self { nanos, format }
    }

    /// Reads a quantity as the API server does.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        parse::parse(text)
    }

    /// So many bytes, written in powers of 1024.
    pub fn from_bytes(bytes: i64) -> Self {
        Self::new(i128::from(bytes) * NANOS, Format::BinarySi)
    }

    /// So many thousandths.
    pub fn from_milli(thousandths: i64) -> Self {
        Self::new(i128::from(thousandths) * NANOS_OF_MILLI, Format::DecimalSi)
    }

    /// How it is written.
    pub const fn format(self) -> Format {
        self.format
    }

    /// The same amount, written in another way.
    #[must_use]
    pub const fn with_format(self, format: Format) -> Self {
        Self { format, ..self }
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.nanos == 0
    }

    /// Whether it is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.nanos < 0
    }

    /// In whole units, what is between them rounded away from zero.
    pub const fn ceil(self) -> i128 {
        away_from_zero(self.nanos, NANOS)
    }

    /// In thousandths, what is between them rounded away from zero.
    pub const fn milli(self) -> i128 {
        away_from_zero(self.nanos, NANOS_OF_MILLI)
    }

    /// As a floating-point number, for those who draw.
    #[expect(clippy::cast_precision_loss, reason = "that is what floating point is")]
    pub fn as_f64(self) -> f64 {
        if self.nanos % NANOS == 0 { (self.nanos / NANOS) as f64 } else { self.nanos as f64 / NANOS as f64 }
    }
}

const fn away_from_zero(nanos: i128, unit: i128) -> i128 {
    nanos / unit + (nanos % unit).signum()
}

impl From<i64> for Quantity {
    fn from(units: i64) -> Self {
        Self::new(i128::from(units) * NANOS, Format::DecimalSi)
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

impl Hash for Quantity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.nanos.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    #[test]
    fn equal_by_value() {
        assert_eq!(quantity("1Ki"), quantity("1024"));
        assert_eq!(quantity("1e3"), quantity("1k"));
        assert_eq!(quantity("1000m"), Quantity::from(1));
        assert!(quantity("100Gi") < quantity("10000T"));
        assert!(quantity("-1n") < Quantity::ZERO);
    }

    #[test]
    fn rounded_away_from_zero() {
        for (text, whole, milli) in [
            ("0", 0, 0),
            ("1", 1, 1000),
            ("9.01", 10, 9010),
            ("-9.01", -10, -9010),
            ("1n", 1, 1),
            ("-1n", -1, -1),
            ("1000001n", 1, 2),
            ("1Ki", 1024, 1_024_000),
        ] {
            assert_eq!((quantity(text).ceil(), quantity(text).milli()), (whole, milli), "{text}");
        }
    }

    #[test]
    fn made_of_integers() {
        assert_eq!(Quantity::from_bytes(1 << 30).to_string(), "1Gi");
        assert_eq!(Quantity::from_bytes(i64::MAX), Quantity::from(i64::MAX));
        assert_eq!(Quantity::from_milli(1500).to_string(), "1500m");
        assert_eq!(Quantity::from(i64::MIN).ceil(), i128::from(i64::MIN));
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "these are exact")]
    fn as_floating_point() {
        for (text, number) in
            [("0.1", 0.1), ("1.5Gi", 1_610_612_736.0), ("-250m", -0.25), ("9Ei", 9_223_372_036_854_775_807.0)]
        {
            assert_eq!(quantity(text).as_f64(), number, "{text}");
        }
    }
}
