//! Quantities are read, refused and written as the API server does it.
//!
//! A ResourceSlice holds thousands of quantities that nobody checks or rounds, and a dry run gives them back as the API
//! server writes them.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test that calls them")]

use http::Method;
use passmuster::quantity::{Format, Quantity};
use passmuster_tests::{ControlPlane, Options};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngSeed, TestRunner},
};
use serde_json::{Value, json};

/// Texts that are generated.
const TEXTS: usize = 8000;
/// The most capacities of a device, and devices of a slice, that the API server takes.
const CAPACITIES: usize = 32;
const DEVICES: usize = 128;

/// Digits around which something changes: powers of ten and of 1024, and what fits in 63 bits of units, thousandths,
/// nanos or a larger unit.
fn digits() -> impl Strategy<Value = String> {
    let power_of_ten =
        (0_u32..29, 0_u32..3).prop_map(|(power, more)| 10_u128.pow(power) + u128::from(more) - 1);
    let power_of_two =
        (0_u32..90, 0_u32..3).prop_map(|(power, more)| (1_u128 << power) + u128::from(more) - 1);
    let limit = (
        prop::sample::select(&[1_u128, 1000, 1024, 1 << 20, 1 << 30, 1 << 40, 1 << 50, 1 << 60][..]),
        0_u128..3,
    )
        .prop_map(|(unit, more)| (1_u128 << 63) / unit + more - 1);
    let round =
        (1_u16..2000, 0_usize..12).prop_map(|(number, zeros)| format!("{number}{}", "0".repeat(zeros)));
    prop_oneof![
        2 => Just(String::new()),
        2 => "0{1,3}",
        4 => "[1-9][0-9]{0,3}",
        3 => round,
        2 => "0{0,2}[0-9]{1,22}",
        1 => "[0-9]{20,29}",
        2 => power_of_ten.prop_map(|number| number.to_string()),
        2 => power_of_two.prop_map(|number| number.to_string()),
        2 => limit.prop_map(|number| number.to_string()),
    ]
}

fn suffix() -> impl Strategy<Value = String> {
    let known = ["n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    let exponent = prop_oneof![
        ("[eE][+]?0{0,2}", 0_u32..16).prop_map(|(sign, exponent)| format!("{sign}{exponent}")),
        ("[eE]-0{0,2}", 0_u32..34).prop_map(|(sign, exponent)| format!("{sign}{exponent}")),
    ];
    prop_oneof![
        4 => Just(String::new()),
        10 => prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        5 => exponent,
        1 => "[eE][+-]?[0-9]{0,2}",
        1 => "[eEinumkKMGTP]{1,3}[+-]?[0-9]{0,2}",
        1 => "[a-zA-Z+., _µ-]{1,3}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    let sign = prop_oneof![7 => Just(""), 2 => Just("-"), 1 => Just("+")];
    let fraction = prop_oneof![
        4 => Just(String::new()),
        4 => digits().prop_map(|digits| format!(".{digits}")),
        1 => "\\.0{1,12}[0-9]{0,4}0{0,4}",
        1 => "\\.[0-9]{20,80}",
    ];
    prop_oneof![
        30 => (sign, digits(), fraction, suffix()).prop_map(|(a, b, c, d)| format!("{a}{b}{c}{d}")),
        1 => "[ ]?[+-]{0,2}[0-9.]{0,4}[eEinumkKMGTP]{0,2}[+-]?[0-9]{0,2}[ ]?",
        1 => "[!#-\\[\\]-~]{0,4}",
    ]
}

/// A text as its number and its suffix.
fn split(text: &str) -> (&str, &str) {
    text.split_at(text.find(|letter| !"+-.0123456789 ".contains(letter)).unwrap_or(text.len()))
}

/// The same amount with more zeros after the point, which is never [`kept`].
fn with_zeros(text: &str) -> String {
    let (number, suffix) = split(text);
    format!("{number}{}{suffix}", if number.contains('.') { "000" } else { ".000" })
}

/// Whether the API server takes the text for canonical and keeps it as it came, with its sign and zeros and point.
fn kept(text: &str) -> bool {
    let (number, suffix) = split(text);
    if suffix.ends_with('i') {
        !number.contains('.') || number.ends_with('.')
    } else {
        !number.replace('.', "").ends_with("000")
    }
}

fn runner(seed: u64) -> TestRunner {
    TestRunner::new(Config { rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() })
}

fn generate<T>(runner: &mut TestRunner, strategy: &impl Strategy<Value = T>) -> T {
    strategy.new_tree(runner).expect("a case").current()
}

/// What the API server makes of these JSON values as quantities, or why it refuses one of them.
fn asked(plane: &ControlPlane, tokens: &[String]) -> Result<Vec<String>, String> {
    let devices = tokens.chunks(CAPACITIES).enumerate().map(|(n, tokens)| {
        let capacity = tokens.iter().enumerate().map(|(n, token)| format!(r#""q{n}":{{"value":{token}}}"#));
        let capacity = capacity.collect::<Vec<_>>().join(",");
        format!(r#"{{"name":"d{n}","capacity":{{{capacity}}}}}"#)
    });
    let slice = json!({
        "apiVersion": "resource.k8s.io/v1",
        "kind": "ResourceSlice",
        "metadata": {"name": "quantities"},
        "spec": {
            "driver": "example.com",
            "nodeName": "n",
            "pool": {"name": "p", "generation": 1, "resourceSliceCount": 1},
            "devices": "DEVICES",
        },
    });
    let devices = format!("[{}]", devices.collect::<Vec<_>>().join(","));
    let body = slice.to_string().replace(r#""DEVICES""#, &devices);
    let path = "/apis/resource.k8s.io/v1/resourceslices?dryRun=All";
    let headers = [("content-type", "application/json"), ("accept", "application/json")];
    let answer = plane.api().send(&Method::POST, path, &headers, body).expect("an answer");
    if answer.status != 201 {
        return Err(answer.json()["message"].as_str().unwrap_or_default().to_owned());
    }
    let answer = answer.json();
    let written = |n: usize| {
        let device = &answer["spec"]["devices"][n / CAPACITIES];
        device["capacity"][format!("q{}", n % CAPACITIES)]["value"].as_str().map(str::to_owned)
    };
    Ok((0..tokens.len()).map(|n| written(n).expect("a quantity")).collect())
}

/// As [`asked`], of any number, and each on its own where one is refused.
fn asked_all(plane: &ControlPlane, tokens: &[String]) -> Vec<Result<String, String>> {
    let parts = tokens.chunks(CAPACITIES * DEVICES);
    let answers = parts.flat_map(|part| match asked(plane, part) {
        Ok(written) => written.into_iter().map(Ok).collect(),
        Err(refused) if part.len() == 1 => vec![Err(refused)],
        Err(_) => {
            let (one, other) = part.split_at(part.len() / 2);
            [asked_all(plane, one), asked_all(plane, other)].concat()
        }
    });
    answers.collect()
}

/// Whether the API server can write the amount: for what is too large for its largest suffix it leaves the suffix out.
fn can_be_written(quantity: Quantity) -> bool {
    let exponent = quantity.with_format(Format::DecimalExponent).to_string();
    let exponent: i32 =
        exponent.split_once('e').map_or(0, |(_, exponent)| exponent.parse().expect("an exponent"));
    quantity.format() != Format::DecimalSi || exponent <= 18
}

/// Whether the amount is one that we can hold: there are bounds to it, of which the API server has none but memory.
fn can_be_held(quantity: Quantity) -> bool {
    let most = Quantity::parse("1e99").expect("a quantity");
    quantity != most && quantity != -most
}

/// Whether the text is beyond the same bound, or the API server could not write it.
fn is_too_large(text: &str, bound: Quantity) -> bool {
    Quantity::parse(text) == Ok(bound) || bound.format() == Format::DecimalSi
}

#[test]
fn any_text_is_read_as_the_api_server_reads_it() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121);
    println!("SEED={seed}");
    let plane = ControlPlane::start(Options::bare()).expect("a control plane");
    let mut runner = runner(seed);
    let texts = (0..TEXTS).map(|_| generate(&mut runner, &text()));
    let mut texts: Vec<String> = texts.flat_map(|text| [with_zeros(&text), text]).collect();
    texts.sort();
    texts.dedup();
    let read =
        |text: &str| serde_json::from_value::<Quantity>(Value::from(text)).map_err(|error| error.to_string());
    let (taken, refused): (Vec<&String>, Vec<&String>) = texts.iter().partition(|text| read(text).is_ok());

    let tokens: Vec<String> = taken.iter().map(|text| Value::from(text.as_str()).to_string()).collect();
    let (mut wrong, mut as_it_came, mut unwritable, mut unheld) = (Vec::new(), 0, 0, 0);
    for (text, theirs) in taken.iter().zip(asked_all(&plane, &tokens)) {
        let quantity = read(text).expect("a quantity");
        let ours = quantity.to_string();
        match theirs {
            Ok(theirs) if theirs == ours => {}
            Ok(theirs) if !can_be_held(quantity) && is_too_large(&theirs, quantity) => unheld += 1,
            Ok(theirs) if theirs == text.trim() && kept(theirs.as_str()) => as_it_came += 1,
            Ok(_) if !can_be_written(quantity) => unwritable += 1,
            theirs => wrong.push(format!("{text:?}: {ours:?}, the API server: {theirs:?}")),
        }
    }
    for text in &refused {
        let ours = read(text).expect_err("no quantity");
        match asked(&plane, &[Value::from(text.as_str()).to_string()]) {
            Err(theirs) if theirs.ends_with(&ours) => {}
            theirs => wrong.push(format!("{text:?}: {ours:?}, the API server: {theirs:?}")),
        }
    }
    println!(
        "{} texts: {} taken ({as_it_came} kept as they came, {unwritable} beyond suffixes, {unheld} too large), {} refused",
        texts.len(),
        taken.len(),
        refused.len()
    );
    assert!(
        wrong.is_empty(),
        "SEED={seed}: {} differ\n{}",
        wrong.len(),
        wrong[..wrong.len().min(40)].join("\n")
    );
    assert!(taken.len() > TEXTS && refused.len() > TEXTS / 10, "too few of one sort to tell anything");
    assert!(unwritable + unheld < taken.len() / 10, "too many that can't be compared");
}

#[test]
fn numbers_in_json_are_read_as_the_api_server_reads_them() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121);
    println!("SEED={seed}");
    let plane = ControlPlane::start(Options::bare()).expect("a control plane");
    // As many digits as a JSON number has in every program.
    let number = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<u64>().prop_map(|number| number.to_string()),
        "-?(0|[1-9][0-9]{0,6})\\.[0-9]{1,8}",
        "-?(0|[1-9][0-9]{0,6})(\\.[0-9]{1,8})?[eE][+-]?[0-9]",
        "-?[1-9](\\.[0-9]{1,8})?[eE]([+]?2[0-9]|-[12][0-9])",
    ];
    let mut runner = runner(seed);
    let tokens: Vec<String> = (0..2000).map(|_| generate(&mut runner, &number)).collect();
    for (token, theirs) in tokens.iter().zip(asked_all(&plane, &tokens)) {
        let ours: Quantity = serde_json::from_str(token).expect("a quantity");
        let theirs = theirs.expect("a quantity");
        assert_eq!(ours, Quantity::parse(&theirs).expect("a quantity"), "SEED={seed}: {token}");
    }
    println!("{} numbers", tokens.len());
    for token in ["true", "[1]", "{}"] {
        assert!(serde_json::from_str::<Quantity>(token).is_err(), "{token}");
        assert!(asked(&plane, &[token.to_owned()]).is_err(), "{token}");
    }
}
