//! The Secret that keeps an authority of our own. Its keys are those that cert-manager uses, so that either can be
//! mounted where the other was.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{Authority, Leaf, Pair, Stored, parse_bundle, print_bundle};

const AUTHORITIES: &str = "ca.crt";
const AUTHORITY_KEY: &str = "ca.key";
const LEAF: &str = "tls.crt";
const LEAF_KEY: &str = "tls.key";

/// What a Secret holds. What can't be read counts as not there, and is made anew: nobody could use it.
pub fn read_secret(secret: &Value) -> Stored {
    let data = |key: &str| -> Vec<u8> {
        let text = secret["data"][key].as_str().unwrap_or_default();
        STANDARD.decode(text).unwrap_or_default()
    };
    let text = |key: &str| String::from_utf8(data(key)).unwrap_or_default();
    let lost = |key: &str, error: &dyn std::fmt::Display| {
        tracing::warn!(key, %error, "the certificates' Secret holds what can't be used; it is made anew");
    };

    let authorities =
        parse_bundle(&data(AUTHORITIES)).inspect_err(|error| lost(AUTHORITIES, error)).unwrap_or_default();
    let (key, pair) = (text(AUTHORITY_KEY), Pair { certificates: text(LEAF), key: text(LEAF_KEY) });
    let signer = authorities.first().filter(|_| !key.is_empty()).and_then(|newest| {
        Authority::load(newest, &key).inspect_err(|error| lost(AUTHORITY_KEY, error)).ok()
    });
    let there = !pair.certificates.is_empty();
    let leaf = there.then(|| Leaf::new(pair).inspect_err(|error| lost(LEAF, error)).ok()).flatten();
    Stored { authorities, signer, leaf }
}

/// The Secret that holds this. `seen` is what it replaces: labels and annotations of others stay, and it must still be
/// in that version.
pub fn secret(namespace: &str, name: &str, stored: &Stored, seen: Option<&Value>) -> Value {
    let mut metadata = seen.map_or_else(|| json!({}), |seen| seen["metadata"].clone());
    metadata["name"] = name.into();
    metadata["namespace"] = namespace.into();
    metadata["labels"]["app.kubernetes.io/name"] = "passmuster".into();
    let mut data = BTreeMap::new();
    data.insert(AUTHORITIES, print_bundle(&stored.authorities));
    if let Some(signer) = &stored.signer {
        data.insert(AUTHORITY_KEY, signer.key());
    }
    // Both keys must be there in a Secret of this type, empty or not.
    let pair = stored.leaf.as_ref().map(Leaf::pair);
    data.insert(LEAF, pair.map(|pair| pair.certificates.clone()).unwrap_or_default());
    data.insert(LEAF_KEY, pair.map(|pair| pair.key.clone()).unwrap_or_default());
    let data: BTreeMap<&str, String> =
        data.into_iter().map(|(key, text)| (key, STANDARD.encode(text))).collect();
    json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": metadata,
        "type": seen.map_or_else(|| json!("kubernetes.io/tls"), |seen| seen["type"].clone()),
        "data": data,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::certificates::{Facts, Lifetimes, plan, renew};

    fn made() -> Stored {
        let now: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
        let (empty, names, lifetimes) = (Stored::default(), ["a.b.svc".to_owned()], Lifetimes::default());
        let actions = plan(Facts { stored: &empty, published: None, names: &names }, &lifetimes, now);
        renew(empty, actions, &names, &lifetimes, now).unwrap()
    }

    #[test]
    fn what_is_written_is_read() {
        let stored = made();
        let read = read_secret(&secret("ns", "certificates", &stored, None));
        assert_eq!(read.authorities, stored.authorities);
        assert_eq!(read.leaf, stored.leaf);
        assert_eq!(read.signer.unwrap().key(), stored.signer.unwrap().key());
    }

    #[test]
    fn what_others_wrote_beside_it_stays() {
        let seen = json!({
            "type": "Opaque",
            "metadata": {"resourceVersion": "7", "labels": {"team": "a"}, "annotations": {"note": "b"}},
        });
        let written = secret("ns", "certificates", &made(), Some(&seen));
        assert_eq!(written["type"], "Opaque", "a type can't change");
        let metadata = &written["metadata"];
        assert_eq!(metadata["resourceVersion"], "7");
        assert_eq!(metadata["labels"], json!({"team": "a", "app.kubernetes.io/name": "passmuster"}));
        assert_eq!(metadata["annotations"]["note"], "b");
    }

    #[test]
    fn a_damaged_part_is_not_there() {
        let stored = made();
        let rubbish = STANDARD.encode("-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n");
        let read = |key: &str, value: &str| {
            let mut damaged = secret("ns", "certificates", &stored, None);
            damaged["data"][key] = value.into();
            let read = read_secret(&damaged);
            (read.authorities.len(), read.signer.is_some(), read.leaf.is_some())
        };
        assert_eq!(read("none", ""), (1, true, true));
        for value in ["", "no base64!", &rubbish] {
            assert_eq!(read(AUTHORITIES, value), (0, false, true), "{value}");
            assert_eq!(read(AUTHORITY_KEY, value), (1, false, true), "{value}");
            assert_eq!(read(LEAF, value), (1, true, false), "{value}");
            assert_eq!(read(LEAF_KEY, value), (1, true, false), "{value}");
        }
        assert_eq!(read_secret(&Value::Null).authorities.len(), 0);
        let another = Authority::generate(Timestamp::UNIX_EPOCH, Duration::from_secs(9)).unwrap().key();
        assert_eq!(read(AUTHORITY_KEY, &STANDARD.encode(another)), (1, false, true));
    }
}
