//! Tables of objects and what they are charged. That the API server charges the same is what `tests/quota_oracle` shows.

mod admission;
mod claims;
mod hostile;
mod pods;
mod quotas;

use prost::Message;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Charged;
use crate::{
    model::{Time, builtin_kinds::builtin, decode},
    quantity::Quantity,
    quota::Amounts,
};

/// 2026-11-21T12:00:00Z.
const NOW: Time = Time { seconds: 1_795_262_400, nanos: 0 };

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// An object of a type that every server has.
fn object(resource: &str, text: &str) -> Charged {
    let resource = builtin().resolve(resource).unwrap();
    Charged::from_json(resource, yaml(text)).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A message, the same from JSON and from protobuf.
fn message<M: Message + Default + PartialEq + DeserializeOwned>(text: &str) -> M {
    let from_json: M = decode::from_json(yaml(text)).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let from_protobuf = decode::from_protobuf(&from_json.encode_to_vec()).unwrap();
    assert!(from_json == from_protobuf, "{text}");
    from_json
}

/// `cpu=1,memory=2Gi`.
fn amounts(text: &str) -> Amounts {
    let one = |pair: &str| {
        let (key, amount) = pair.split_once('=').unwrap();
        (key.trim().to_owned(), Quantity::parse(amount).unwrap())
    };
    text.split(',').filter(|pair| !pair.trim().is_empty()).map(one).collect()
}

fn text(amounts: &Amounts) -> String {
    amounts.iter().map(|(key, amount)| format!("{key}={amount}")).collect::<Vec<_>>().join(",")
}

/// Whether amounts are what a table says; amounts of nothing need not be said.
#[track_caller]
fn assert_amounts(case: &str, found: &Amounts, expected: &str) {
    let there = |amounts: &Amounts| {
        amounts
            .iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(k, v)| (k.clone(), *v))
            .collect::<Amounts>()
    };
    assert_eq!(
        there(found),
        there(&amounts(expected)),
        "{case}\n  found    {}\n  expected {expected}",
        text(found)
    );
}
