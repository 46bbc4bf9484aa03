use super::Cell;
use crate::quantity::Quantity;

/// A quantity in decimal digits, exactly: `0.25`, `1610612736`.
pub fn decimal(quantity: Quantity) -> String {
    const NANOS: u128 = 1_000_000_000;
    let nanos = quantity.ratio(Quantity::from(1), 9).unwrap_or_default();
    let sign = if nanos < 0 { "-" } else { "" };
    let (whole, part) = (nanos.unsigned_abs() / NANOS, nanos.unsigned_abs() % NANOS);
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let part = format!("{part:09}");
    format!("{sign}{whole}.{}", part.trim_end_matches('0'))
}

/// A number: cores, bytes or objects.
impl From<Quantity> for Cell {
    fn from(quantity: Quantity) -> Self {
        Self::Number(decimal(quantity))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_in_digits() {
        for (text, digits) in [
            ("0", "0"),
            ("250m", "0.25"),
            ("-250m", "-0.25"),
            ("1.5Gi", "1610612736"),
            ("1n", "0.000000001"),
            ("12e6", "12000000"),
            ("7.5Ei", "8646911284551352320"),
            ("9223372036854775807", "9223372036854775807"),
        ] {
            assert_eq!(decimal(Quantity::parse(text).unwrap()), digits);
        }
    }
}
