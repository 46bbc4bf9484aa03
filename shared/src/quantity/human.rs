//! Quantities for people: short, two decimal places at most.

use std::fmt;

use super::{Format, NANOS, Quantity};

/// Unit and suffix, smallest first.
type Units = [(u128, &'static str)];

const ONE: u128 = NANOS.unsigned_abs();
/// Plain numbers are read more easily than thousands up to here: `12000` pods, `1500.5` cores.
const PLAIN: u128 = 100_000;

const DECIMAL: &Units = &[
    (1, "n"),
    (1_000, "u"),
    (1_000_000, "m"),
    (ONE, ""),
    (ONE * 1_000, "k"),
    (ONE * 1_000_000, "M"),
    (ONE * 1_000_000_000, "G"),
    (ONE * 1_000_000_000_000, "T"),
    (ONE * 1_000_000_000_000_000, "P"),
    (ONE * 1_000_000_000_000_000_000, "E"),
];
const BINARY: &Units = &[
    (1, "n"),
    (1_000, "u"),
    (1_000_000, "m"),
    (ONE, ""),
    (ONE << 10, "Ki"),
    (ONE << 20, "Mi"),
    (ONE << 30, "Gi"),
    (ONE << 40, "Ti"),
    (ONE << 50, "Pi"),
    (ONE << 60, "Ei"),
];

/// A quantity as tables show it: `7.5`, `250m`, `1.5Gi`.
#[derive(Debug, Clone, Copy)]
pub struct Human(Quantity);

impl Quantity {
    /// In a form that is short and easily read, rounded to two decimal places; only nothing is shown as `0`.
    pub const fn human(self) -> Human {
        Human(self)
    }
}

impl fmt::Display for Human {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(quantity) = *self;
        let (units, plain) = match quantity.format {
            Format::BinarySi => (BINARY, 1024),
            Format::DecimalSi | Format::DecimalExponent => (DECIMAL, PLAIN),
        };
        let nanos = quantity.nanos.unsigned_abs();
        let text = if nanos == 0 { "0".to_owned() } else { in_units(nanos, units, plain) };
        f.pad_integral(!quantity.is_negative(), "", &text)
    }
}

/// In the smallest unit that needs no more digits than the next one does, once rounded: 1023.999Mi is `1Gi`.
fn in_units(nanos: u128, units: &Units, plain: u128) -> String {
    let mut text = String::new();
    for (n, (unit, suffix)) in units.iter().enumerate() {
        let hundredths = hundredths(nanos, *unit);
        let (whole, fraction) = (hundredths / 100, hundredths % 100);
        text = match (fraction / 10, fraction % 10) {
            (0, 0) => format!("{whole}{suffix}"),
            (tenth, 0) => format!("{whole}.{tenth}{suffix}"),
            (tenth, hundredth) => format!("{whole}.{tenth}{hundredth}{suffix}"),
        };
        let most =
            if *unit == ONE { plain } else { units.get(n + 1).map_or(u128::MAX, |(next, _)| next / unit) };
        if whole < most {
            break;
        }
    }
    text
}

fn hundredths(nanos: u128, unit: u128) -> u128 {
    (nanos / unit).saturating_mul(100).saturating_add((nanos % unit * 100 + unit / 2) / unit)
}

#[cfg(test)]
mod tests {
    use crate::quantity::Quantity;

    #[test]
    fn short() {
        for (text, human) in [
            ("0", "0"),
            ("0Ki", "0"),
            ("7500m", "7.5"),
            ("250m", "250m"),
            ("-250m", "-250m"),
            ("1234m", "1.23"),
            ("1235m", "1.24"),
            ("999999u", "1"),
            ("23500u", "23.5m"),
            ("1n", "1n"),
            ("999999n", "1m"),
            ("12k", "12000"),
            ("99999", "99999"),
            ("99999999m", "100k"),
            ("123456", "123.46k"),
            ("64e9", "64G"),
            ("1536Mi", "1.5Gi"),
            ("-1536Mi", "-1.5Gi"),
            ("1000Ki", "1000Ki"),
            ("1023Mi", "1023Mi"),
            ("1048575Ki", "1Gi"),
            ("1047552Ki", "1023Mi"),
            ("1025Gi", "1Ti"),
            ("1034Gi", "1.01Ti"),
            ("7.25Ei", "7.25Ei"),
            ("0.5Ki", "512"),
            ("1e29", "100000000000E"),
        ] {
            assert_eq!(Quantity::parse(text).unwrap().human().to_string(), human, "{text}");
        }
    }

    #[test]
    fn aligned_as_numbers_are() {
        assert_eq!(
            format!("{:>7}|{:<7}", Quantity::from_milli(250).human(), Quantity::from(2).human()),
            "   250m|2      "
        );
    }
}
