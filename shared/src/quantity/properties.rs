//! What holds for all quantities.

use proptest::prelude::*;

use super::{Format, NANOS, Quantity};

fn formats() -> impl Strategy<Value = Format> {
    prop_oneof![Just(Format::DecimalSi), Just(Format::BinarySi), Just(Format::DecimalExponent)]
}

/// Of every magnitude, in every way of writing that can say it.
fn quantities() -> impl Strategy<Value = Quantity> {
    let near_round = (any::<i16>(), 0_u32..7, -2_i128..3)
        .prop_map(|(mantissa, power, more)| i128::from(mantissa) * 1024_i128.pow(power) * NANOS + more);
    let decimal =
        (any::<i16>(), 0_u32..34).prop_map(|(mantissa, power)| i128::from(mantissa) * 10_i128.pow(power));
    let any_size = (any::<i128>(), 0_u32..128).prop_map(|(nanos, shift)| nanos >> shift);
    (prop_oneof![near_round, decimal, any_size], formats()).prop_map(|(nanos, format)| {
        let most = i128::from(i64::MAX) * NANOS;
        let binary = format == Format::BinarySi;
        Quantity::new(if binary { nanos.clamp(-most, most) } else { nanos }, format)
    })
}

/// Suffixes and what they multiply by, as a numerator and a denominator.
const SUFFIXES: [(&str, u128, u128); 19] = [
    ("n", 1, 1_000_000_000),
    ("u", 1, 1_000_000),
    ("m", 1, 1_000),
    ("", 1, 1),
    ("k", 1_000, 1),
    ("M", 1_000_000, 1),
    ("G", 1_000_000_000, 1),
    ("T", 1_000_000_000_000, 1),
    ("P", 1_000_000_000_000_000, 1),
    ("E", 1_000_000_000_000_000_000, 1),
    ("Ki", 1 << 10, 1),
    ("Mi", 1 << 20, 1),
    ("Gi", 1 << 30, 1),
    ("Ti", 1 << 40, 1),
    ("Pi", 1 << 50, 1),
    ("e-12", 1, 1_000_000_000_000),
    ("e-0003", 1, 1_000),
    ("E+7", 10_000_000, 1),
    ("e12", 1_000_000_000_000, 1),
];

proptest! {
    #[test]
    fn what_is_written_is_read(quantity in quantities()) {
        let text = quantity.to_string();
        let read = Quantity::parse(&text).unwrap();
        prop_assert_eq!(read, quantity);
        // Bytes that are no multiple of 1024 have no suffix that says so.
        if read.format == quantity.format {
            prop_assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn nothing_panics(
        text in prop_oneof!["\\PC*", "[+-]?[0-9.]{0,60}[eEinumkKMGTP]{0,3}[+-]?[0-9]{0,22}"],
        other in quantities(),
        places in any::<u32>(),
    ) {
        if let Ok(quantity) = Quantity::parse(&text) {
            prop_assert_eq!(Quantity::parse(&quantity.to_string()).unwrap(), quantity);
            let _ = (quantity + other, quantity - other, other.ratio(quantity, places), quantity.human().to_string());
        }
    }

    #[test]
    fn read_as_reckoned(
        negative in any::<bool>(),
        whole in any::<u16>(),
        fraction in 0_u64..1_000_000_000_000,
        suffix in prop::sample::select(&SUFFIXES[..]),
    ) {
        let (suffix, numerator, denominator) = suffix;
        let sign = if negative { "-" } else { "" };
        let text = format!("{sign}{whole}.{fraction:012}{suffix}");
        let picos = u128::from(whole) * 1_000_000_000_000 + u128::from(fraction);
        let nanos = i128::try_from((picos * numerator).div_ceil(1_000 * denominator)).unwrap();
        let most = if suffix.ends_with('i') { i128::from(i64::MAX) * NANOS } else { i128::MAX };
        let nanos = nanos.min(most);
        prop_assert_eq!(Quantity::parse(&text).unwrap().nanos, if negative { -nanos } else { nanos }, "{}", text);
    }

    #[test]
    fn sums(one in quantities(), two in quantities(), three in quantities()) {
        prop_assert_eq!(one + two, two + one);
        prop_assert_eq!(one + Quantity::ZERO, one);
        prop_assert_eq!((Quantity::ZERO + one).format, one.format);
        if let Some(sum) = one.nanos.checked_add(two.nanos).and_then(|sum| sum.checked_add(three.nanos)) {
            prop_assert_eq!((one + (two + three)).nanos, sum);
        }
        if one.nanos.checked_add(two.nanos).is_some() {
            prop_assert_eq!(one + two - two, one);
        }
    }

    #[test]
    fn ordered_as_integers(one in any::<i64>(), two in any::<i64>(), formats in (formats(), formats())) {
        let (left, right) = (Quantity::from(one).with_format(formats.0), Quantity::from(two).with_format(formats.1));
        prop_assert_eq!(left.cmp(&right), one.cmp(&two));
        prop_assert_eq!(left.ceil(), i128::from(one));
        prop_assert_eq!(left.milli(), i128::from(one) * 1000);
    }

    #[test]
    fn rounded_up_by_less_than_one(quantity in quantities()) {
        let excess = Quantity::new(quantity.ceil().saturating_mul(NANOS), Format::DecimalSi) - quantity;
        prop_assert!(excess.nanos.unsigned_abs() < NANOS.unsigned_abs());
        prop_assert!(excess.is_zero() || excess.is_negative() == quantity.is_negative());
    }

    /// Long division gives what a division of the product gives where that fits.
    #[test]
    fn ratios(part in any::<i64>(), whole in any::<i64>(), shift in 0_u32..63, places in 0_u32..18) {
        let whole = whole >> shift;
        prop_assume!(whole != 0);
        let product = i128::from(part) * 10_i128.pow(places);
        let whole_wide = i128::from(whole);
        let (quotient, rest) = (product / whole_wide, product % whole_wide);
        let up = i128::from(2 * rest.abs() >= whole_wide.abs()) * product.signum() * whole_wide.signum();
        prop_assert_eq!(Quantity::from(part).ratio(Quantity::from(whole), places), Some(quotient + up));
    }

    /// What people read is less than 1 % off, and never nothing unless it is nothing.
    #[test]
    fn near_enough_for_people(quantity in quantities()) {
        let text = quantity.human().to_string();
        let read = Quantity::parse(&text).unwrap();
        prop_assert_eq!(read.is_zero(), quantity.is_zero());
        let off = (read - quantity).nanos.unsigned_abs();
        prop_assert!(off <= quantity.nanos.unsigned_abs() / 100, "{} is {}", text, quantity);
    }
}
