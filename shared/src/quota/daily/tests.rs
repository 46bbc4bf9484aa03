use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn read(text: &str, path: &str) -> Result<Daily, String> {
    Daily::read(text.as_bytes(), path).map_err(|error| error.to_string())
}

#[test]
fn files_are_read() {
    let text = "\u{feff}shop;shop-web;1.25;1073741824\r\n;kube-system;0.000000001;0\n\n商店;a;2;1.5e9\n";
    let daily = read(text, "reports/prod-a-2026-02-28.csv").unwrap();
    assert_eq!((daily.cluster.as_str(), daily.date), ("prod-a", date(2026, 2, 28)));
    let mut out = Vec::new();
    daily.write(&mut out).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "商店;a;2;1500000000\n;kube-system;0.000000001;0\nshop;shop-web;1.25;1073741824\n"
    );
    assert_eq!(daily.peaks().by_namespace()["shop-web"].of("cpu").to_string(), "1250m");
    assert!(daily.is_of("prod-a") && !daily.is_of("prod-b"));
    let any = read("", "2026-02-28.txt").unwrap();
    assert!(any.is_of("prod-b") && any.namespaces.is_empty());
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (text, path, message) in [
        ("", "x.csv", "x.csv: the name must end in a date before its extension, such as prod-2026-02-28.csv"),
        (
            "",
            "日日日.csv",
            "日日日.csv: the name must end in a date before its extension, such as prod-2026-02-28.csv",
        ),
        ("", "a-2026-02-30.csv", "a-2026-02-30.csv: 2026-02-30 is not a date that exists"),
        (
            "a;b;1;2\na;c;1\n",
            "2026-02-28.csv",
            "2026-02-28.csv, line 2: 3 fields instead of project;namespace;CPU;memory in bytes",
        ),
        (
            "a,b,1,2\n",
            "2026-02-28.csv",
            "2026-02-28.csv, line 1: 1 fields instead of project;namespace;CPU;memory in bytes",
        ),
        ("a;;1;2", "2026-02-28.csv", "2026-02-28.csv, line 1: no namespace"),
        (
            "a;b;x\u{1b};2",
            "2026-02-28.csv",
            "2026-02-28.csv, line 1: CPU is \"x\\u{1b}\", which is no amount",
        ),
        ("a;b;1;-2", "2026-02-28.csv", "2026-02-28.csv, line 1: memory is \"-2\", which is no amount"),
        ("\na;b;1;2\n\nc;b;1;2", "2026-02-28.csv", "2026-02-28.csv, line 4: namespace b stands there twice"),
    ] {
        assert_eq!(read(text, path).unwrap_err(), message);
    }
    let error = Daily::read(b"a;b;1;2\n\xff;b;1;2", "2026-02-28.csv").unwrap_err();
    assert_eq!(error.to_string(), "2026-02-28.csv, line 2: not UTF-8");
}

#[test]
fn several_days_are_their_highest() {
    let one = read("p;a;1;20\np;b;1;1", "2026-02-27.csv").unwrap();
    let two = read("p;a;2;10", "2026-02-28.csv").unwrap();
    let peaks = Daily::highest([&one, &two]);
    let sums = peaks.by_namespace();
    assert_eq!((sums["a"].of("cpu"), sums["a"].of("memory")), (Quantity::from(2), Quantity::from(20)));
    assert_eq!(sums.len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_written_is_read(
        lines in proptest::collection::btree_map("[a-z0-9-]{1,12}", ("[!-~日]{0,8}", 0..i64::MAX, 0..i64::MAX), 0..8),
        cluster in "[a-z0-9:/@._-]{1,20}",
        year in 1000_i16..9999, month in 1_i8..=12, day in 1_i8..=28,
    ) {
        let namespaces = lines
            .into_iter()
            .map(|(namespace, (project, milli, bytes))| {
                let (cpu, memory) = (Quantity::from_milli(milli), Quantity::from_bytes(bytes));
                (namespace, DailyPeak { project, cpu, memory })
            })
            .collect();
        let date = date(year, month, day);
        let daily = Daily { date, cluster: file_safe(&cluster), namespaces };
        let mut out = Vec::new();
        daily.write(&mut out).unwrap();
        let found = Daily::read(&out, &Daily::file_name(&cluster, date)).unwrap();
        prop_assert!(found.is_of(&cluster));
        prop_assert_eq!(found, daily);
    }

    #[test]
    fn no_bytes_are_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60), path in ".{0,20}") {
        let _ = Daily::read(&bytes, &path);
    }
}
