use super::*;

const MOST: &str = "9223372036854775807";

/// Text, nanos, how it is written, and what is printed.
#[test]
fn as_the_api_server_reads() {
    use Format::{BinarySi, DecimalExponent, DecimalSi};
    let unit = NANOS;
    let most = i128::from(i64::MAX) * unit;
    let long = format!("{}1", "0".repeat(500));
    let tiny = format!("0.{}1", "0".repeat(500));
    for (text, nanos, format, printed) in [
        ("0", 0, DecimalSi, "0"),
        ("000", 0, DecimalSi, "0"),
        ("0.00", 0, DecimalSi, "0"),
        ("0Ki", 0, BinarySi, "0"),
        ("0Ei", 0, BinarySi, "0"),
        ("0E", 0, DecimalSi, "0"),
        ("0e99", 0, DecimalExponent, "0"),
        ("0e-99", 0, DecimalExponent, "0"),
        // Each suffix.
        ("7n", 7, DecimalSi, "7n"),
        ("7u", 7_000, DecimalSi, "7u"),
        ("7m", 7_000_000, DecimalSi, "7m"),
        ("7", 7 * unit, DecimalSi, "7"),
        ("7k", 7_000 * unit, DecimalSi, "7k"),
        ("7M", 7_000_000 * unit, DecimalSi, "7M"),
        ("7G", 7_000_000_000 * unit, DecimalSi, "7G"),
        ("7T", 7_000_000_000_000 * unit, DecimalSi, "7T"),
        ("7P", 7_000_000_000_000_000 * unit, DecimalSi, "7P"),
        ("7E", 7_000_000_000_000_000_000 * unit, DecimalSi, "7E"),
        ("7Ki", (7 << 10) * unit, BinarySi, "7Ki"),
        ("7Mi", (7 << 20) * unit, BinarySi, "7Mi"),
        ("7Gi", (7 << 30) * unit, BinarySi, "7Gi"),
        ("7Ti", (7 << 40) * unit, BinarySi, "7Ti"),
        ("7Pi", (7 << 50) * unit, BinarySi, "7Pi"),
        ("7Ei", (7 << 60) * unit, BinarySi, "7Ei"),
        // Exponents; a lone E is a suffix.
        ("5e3", 5_000 * unit, DecimalExponent, "5e3"),
        ("5E3", 5_000 * unit, DecimalExponent, "5e3"),
        ("5e+3", 5_000 * unit, DecimalExponent, "5e3"),
        ("5e-3", 5_000_000, DecimalExponent, "5e-3"),
        ("5e4", 50_000 * unit, DecimalExponent, "50e3"),
        ("5e0", 5 * unit, DecimalExponent, "5"),
        ("5e007", 50_000_000 * unit, DecimalExponent, "50e6"),
        ("0.5e1", 5 * unit, DecimalExponent, "5"),
        ("1.53E12", 1_530_000_000_000 * unit, DecimalExponent, "1530e9"),
        ("5e4294967296", 5 * unit, DecimalExponent, "5"),
        // Signs, points and zeros.
        ("+7", 7 * unit, DecimalSi, "7"),
        ("-7Ki", -7168 * unit, BinarySi, "-7Ki"),
        ("-0", 0, DecimalSi, "0"),
        (".5", unit / 2, DecimalSi, "500m"),
        ("5.", 5 * unit, DecimalSi, "5"),
        ("5.G", 5_000_000_000 * unit, DecimalSi, "5G"),
        ("-.5", -unit / 2, DecimalSi, "-500m"),
        ("007", 7 * unit, DecimalSi, "7"),
        ("7.000", 7 * unit, DecimalSi, "7"),
        ("1.500", 1_500_000_000, DecimalSi, "1500m"),
        ("100.035k", 100_035 * unit, DecimalSi, "100035"),
        ("0.0005k", unit / 2, DecimalSi, "500m"),
        (&long, unit, DecimalSi, "1"),
        // A sign, a point or a suffix alone is nothing.
        ("+", 0, DecimalSi, "0"),
        ("-", 0, DecimalSi, "0"),
        (".", 0, DecimalSi, "0"),
        ("-.", 0, DecimalSi, "0"),
        ("m", 0, DecimalSi, "0"),
        ("E", 0, DecimalSi, "0"),
        ("e5", 0, DecimalExponent, "0"),
        (".e-9", 0, DecimalExponent, "0"),
        ("Ti", 0, BinarySi, "0"),
        // To the next nano, away from zero.
        ("0.1n", 1, DecimalSi, "1n"),
        ("-0.1n", -1, DecimalSi, "-1n"),
        ("3.001n", 4, DecimalSi, "4n"),
        ("1.1e-9", 2, DecimalExponent, "2e-9"),
        ("1e-2147483648", 1, DecimalExponent, "1e-9"),
        (&tiny, 1, DecimalSi, "1n"),
        ("0.00000012345", 124, DecimalSi, "124n"),
        ("1.0000000000000000000000000000000000001", unit + 1, DecimalSi, "1000000001n"),
        // Canonical binary has no fraction, and begins at 1024.
        ("1023.5Ki", 1_048_064 * unit, BinarySi, "1048064"),
        ("1.5Ki", 1536 * unit, BinarySi, "1536"),
        ("1.5Gi", (3 << 29) * unit, BinarySi, "1536Mi"),
        ("0.5Ki", 512 * unit, BinarySi, "512"),
        ("0.0005Ki", 512_000_000, DecimalSi, "512m"),
        ("1024.5Mi", 1_074_266_112 * unit, BinarySi, "1049088Ki"),
        ("1.0001Ki", 1_024_102_400_000, BinarySi, "1024102400u"),
        ("0.000000000001Ki", 2, DecimalSi, "2n"),
        ("1024Ki", (1 << 20) * unit, BinarySi, "1Mi"),
        // Only binary suffixes have an upper bound.
        ("9Ei", most, BinarySi, MOST),
        ("-9Ei", -most, BinarySi, "-9223372036854775807"),
        ("7.99999999999999999999999Ei", most, BinarySi, MOST),
        ("9223372036854775807Ki", most, BinarySi, MOST),
        ("99999999999999999999999999999999999999999999Ki", most, BinarySi, MOST),
        ("9223372036854775808", most + unit, DecimalSi, "9223372036854775808"),
        ("12E", 12_000_000_000_000_000_000 * unit, DecimalSi, "12E"),
        ("1000E", 1_000_000_000_000_000_000_000 * unit, DecimalSi, "1000E"),
        // Ours.
        ("1e31", i128::MAX, DecimalExponent, "170141183460469231731687303715884105727e-9"),
        ("-1e2147483647", -i128::MAX, DecimalExponent, "-170141183460469231731687303715884105727e-9"),
    ] {
        let quantity = Quantity::parse(text).unwrap();
        assert_eq!((quantity.nanos, quantity.format), (nanos, format), "{text}");
        assert_eq!(quantity.to_string(), printed, "{text}");
    }
}

#[test]
fn as_the_api_server_refuses() {
    for (error, texts) in [
        (
            QuantityError::Format,
            &[
                "", " ", " 1", "1 ", "one", "1am", "0.1am", "1.1.M", "1+1.0M", "1e5.5", "0x10", "1,5",
                "1_000", "½", "1µ", "1g",
            ][..],
        ),
        (
            QuantityError::Suffix,
            &[
                "i",
                "e",
                "1i",
                ".5i",
                "1mi",
                "0.1mi",
                "1ki",
                "1K",
                "1ni",
                "1e",
                "1e+",
                "-3.01e-",
                "1ee5",
                "1Ee5",
                "1EE",
                "1+5",
                "1-",
                "--1",
                "1m5",
                "1Ki1",
                "KiMi",
                "1eE1",
                "1KM",
                "1e9223372036854775808",
            ],
        ),
        (QuantityError::Numeric, &["e-10", ".e-10", "-e-10", "Pi", "Ei", "+Ei", ".Pi"]),
    ] {
        for text in texts {
            assert_eq!(Quantity::parse(text), Err(error), "{text:?}");
        }
    }
}
