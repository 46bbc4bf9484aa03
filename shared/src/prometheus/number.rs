//! Sample values: decimal numbers as Prometheus writes them, without a floating-point number on the way.

use crate::quantity::Quantity;

/// Decimal places of a nano.
const NANO: i32 = 9;

/// Cores, to the nearest nanocore; `None` for what is no number of them: `NaN`, `+Inf`, rubbish.
pub fn cores(value: &str) -> Option<Quantity> {
    Quantity::parse(&format!("{}n", scaled(value, NANO)?)).ok()
}

/// Bytes, to the nearest; `None` as for [`cores`].
pub fn bytes(value: &str) -> Option<Quantity> {
    Some(Quantity::from_bytes(i64::try_from(scaled(value, 0)?).unwrap_or(i64::MAX)))
}

/// Whole numbers, to the nearest; `None` as for [`cores`], and for what is below zero.
pub fn count(value: &str) -> Option<u64> {
    u64::try_from(scaled(value, 0)?).ok()
}

/// `value` times 10 to the power of `places`, rounded half away from zero. What is too large stays at the bound.
fn scaled(value: &str, places: i32) -> Option<i128> {
    let (negative, value) = match value.as_bytes().first()? {
        b'-' => (true, value.get(1..)?),
        b'+' => (false, value.get(1..)?),
        _ => (false, value),
    };
    let (mantissa, exponent) = match value.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (value, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = String::with_capacity(whole.len() + fraction.len());
    digits.push_str(whole);
    digits.push_str(fraction);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let shift = exponent.saturating_add(places).saturating_sub(i32::try_from(fraction.len()).ok()?);
    let size = shifted(digits.trim_start_matches('0'), shift);
    Some(if negative { -size } else { size })
}

/// The number that these digits are, times 10 to the power of `shift`.
fn shifted(digits: &str, shift: i32) -> i128 {
    if digits.is_empty() {
        return 0;
    }
    if let Ok(more) = u32::try_from(shift) {
        let number: i128 = digits.parse().unwrap_or(i128::MAX);
        return 10_i128.checked_pow(more).map_or(i128::MAX, |power| number.saturating_mul(power));
    }
    let dropped = usize::try_from(shift.unsigned_abs()).unwrap_or(usize::MAX);
    let Some(kept) = digits.len().checked_sub(dropped) else { return 0 };
    let (kept, rest) = digits.split_at(kept);
    let number: i128 = if kept.is_empty() { 0 } else { kept.parse().unwrap_or(i128::MAX) };
    number.saturating_add(i128::from(rest.as_bytes().first().is_some_and(|digit| *digit >= b'5')))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_prometheus_writes() {
        let shown = |value| cores(value).map(|cores| cores.to_string());
        for (value, expected) in [
            ("0", "0"),
            ("0.25", "250m"),
            ("1", "1"),
            ("+2.5", "2500m"),
            ("-0.5", "-500m"),
            // Two samples of a counter leave such noise.
            ("0.30000000000000004", "300m"),
            ("0.004999999999999990", "5m"),
            ("1.5e-7", "150n"),
            ("4.9e-10", "0"),
            ("5e-10", "1n"),
            ("1.234567891e+03", "1234567891u"),
            ("1E2", "100"),
            ("0.0000000000000000000000000000000001", "0"),
        ] {
            assert_eq!(shown(value).as_deref(), Some(expected), "{value}");
        }
        assert_eq!(bytes("1073741824").map(|bytes| bytes.to_string()).as_deref(), Some("1Gi"));
        assert_eq!(bytes("1.073741824e+09").map(|bytes| bytes.to_string()).as_deref(), Some("1Gi"));
        assert_eq!(bytes("1000.5"), Some(Quantity::from(1001)));
        assert_eq!(bytes("1e300"), Some(Quantity::from(i64::MAX)));
        assert_eq!((count("3"), count("-1"), count("NaN")), (Some(3), None, None));
    }

    #[test]
    fn no_numbers() {
        for value in [
            "NaN",
            "+Inf",
            "-Inf",
            "Inf",
            "",
            "-",
            "+",
            ".",
            "e5",
            "1e",
            "1e+",
            "1.2.3",
            "1x",
            "0x10",
            "1e99999999999",
            " 1",
            "--1",
        ] {
            assert_eq!((cores(value), bytes(value)), (None, None), "{value:?}");
        }
    }

    proptest! {
        #[test]
        fn whole_nanos_are_exact(nanos in any::<i64>()) {
            let (sign, size) = (if nanos < 0 { "-" } else { "" }, nanos.unsigned_abs());
            let text = format!("{sign}{}.{:09}", size / 1_000_000_000, size % 1_000_000_000);
            prop_assert_eq!(cores(&text), Quantity::parse(&format!("{nanos}n")).ok());
        }

        #[test]
        fn a_float_is_read_as_it_is_printed(value in -1e12_f64..1e12) {
            for text in [format!("{value}"), format!("{value:e}")] {
                let read = scaled(&text, 9).unwrap();
                let near = (value * 1e9).round();
                #[expect(clippy::cast_precision_loss, reason = "compared with a tolerance")]
                let off = (read as f64 - near).abs();
                prop_assert!(off <= near.abs() * 1e-15 + 1.0, "{} {}", text, read);
            }
        }

        #[test]
        fn nothing_panics(text in "[-+0-9.eEnNaAiIfF]{0,40}|\\PC*") {
            let _ = (cores(&text), bytes(&text), count(&text));
        }
    }
}
