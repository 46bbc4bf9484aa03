//! Writes what the API server writes: the canonical form, which has no fraction and the largest suffix that leaves none.

use std::fmt;

use super::{Format, NANOS, Quantity};

/// From 1000^-3, a nano, on.
const DECIMAL: [&str; 10] = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
/// From 1024^0 on.
const BINARY: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
/// Where there is no exponent.
const UNIT: usize = 3;

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.nanos.unsigned_abs();
        let units = nanos / NANOS.unsigned_abs();
        let fits_binary = nanos.is_multiple_of(NANOS.unsigned_abs()) && units >= 1024;
        let text = match self.format {
            _ if nanos == 0 => "0".to_owned(),
            Format::BinarySi if fits_binary => {
                let (mantissa, power) = reduce(units, 1024, BINARY.len() - 1);
                format!("{mantissa}{}", BINARY.get(power).unwrap_or(&""))
            }
            Format::BinarySi | Format::DecimalSi => {
                let (mantissa, power) = reduce(nanos, 1000, DECIMAL.len() - 1);
                format!("{mantissa}{}", DECIMAL.get(power).unwrap_or(&""))
            }
            Format::DecimalExponent => match reduce(nanos, 1000, usize::MAX) {
                (mantissa, UNIT) => mantissa.to_string(),
                (mantissa, power) if power < UNIT => format!("{mantissa}e-{}", 3 * (UNIT - power)),
                (mantissa, power) => format!("{mantissa}e{}", 3 * (power - UNIT)),
            },
        };
        f.pad_integral(!self.is_negative(), "", &text)
    }
}

/// Takes a factor out as often as it is in, but not more often than `most`.
fn reduce(mut number: u128, factor: u128, most: usize) -> (u128, usize) {
    let mut times = 0;
    while times < most && number != 0 && number.is_multiple_of(factor) {
        number /= factor;
        times += 1;
    }
    (number, times)
}

#[cfg(test)]
mod tests {
    use crate::quantity::{Format, Quantity};

    #[test]
    fn canonical() {
        use Format::{BinarySi, DecimalExponent, DecimalSi};
        for (nanos, format, text) in [
            (0, BinarySi, "0"),
            (0, DecimalExponent, "0"),
            (1, DecimalSi, "1n"),
            (1080, DecimalSi, "1080n"),
            (80_000_000, DecimalSi, "80m"),
            (1_080_000_000, DecimalSi, "1080m"),
            (1_000_000_000, DecimalExponent, "1"),
            (80_000_000, DecimalExponent, "80e-3"),
            (300_000_000_000_000_000, DecimalExponent, "300e6"),
            (1_234_567_000_000_000_000, DecimalSi, "1234567k"),
            (5_000_000_000, BinarySi, "5"),
            (500_000_000, BinarySi, "500m"),
            (1_025_000_000_000, BinarySi, "1025"),
            (1_024_000_000_000, BinarySi, "1Ki"),
            (1_024_500_000_000, BinarySi, "1024500m"),
            (1000 << 80, DecimalSi, "1208925819614629174706176u"),
            (1_000_000_000 << 80, BinarySi, "1048576Ei"),
        ] {
            let quantity = Quantity::new(nanos, format);
            assert_eq!(quantity.to_string(), text);
            if nanos != 0 {
                assert_eq!((-quantity).to_string(), format!("-{text}"));
            }
        }
    }
}
