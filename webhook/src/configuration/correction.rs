//! What must be written so that a live configuration is as it should be.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Bundle, Shape};

/// A write, or none.
#[derive(Debug, Clone, PartialEq)]
pub enum Correction {
    /// All is as it should be, or on its way out.
    None,
    /// It is not there.
    Create(Value),
    /// It is not right: this is, in place of the version that was seen.
    Replace(Value),
}

/// Compares what is live with what is `wanted`, which [`configuration`](super::configuration()) made for this shape.
/// Labels, annotations and finalizers of others stay; everything that decides which requests are judged is as wanted:
/// a condition or a selector that someone adds would be a way past the rules.
pub fn correction(live: Option<&Value>, wanted: &Value, shape: &Shape) -> Correction {
    let Some(live) = live else { return Correction::Create(wanted.clone()) };
    if !live["metadata"]["deletionTimestamp"].is_null() {
        return Correction::None;
    }
    let mut right = live.clone();
    right["webhooks"] = wanted["webhooks"].clone();
    if shape.bundle == Bundle::Others {
        keep_bundles(live, &mut right);
    }
    for field in ["labels", "annotations"] {
        let ours: Map<String, Value> = wanted["metadata"][field].as_object().cloned().unwrap_or_default();
        for (key, value) in ours {
            right["metadata"][field][key] = value;
        }
    }
    if wanted["metadata"].get("ownerReferences").is_some() {
        right["metadata"]["ownerReferences"] = wanted["metadata"]["ownerReferences"].clone();
    }
    if right == *live {
        return Correction::None;
    }
    Correction::Replace(right)
}

/// What another has written as `caBundle` stays, webhook by webhook.
fn keep_bundles(live: &Value, right: &mut Value) {
    let webhooks = |object: &Value| object["webhooks"].as_array().cloned().unwrap_or_default();
    let bundles: BTreeMap<String, Value> = webhooks(live)
        .iter()
        .filter_map(|webhook| {
            let bundle = webhook["clientConfig"].get("caBundle")?;
            Some((webhook["name"].as_str()?.to_owned(), bundle.clone()))
        })
        .collect();
    for webhook in right["webhooks"].as_array_mut().into_iter().flatten() {
        let name = webhook["name"].as_str().unwrap_or_default();
        if let Some(bundle) = bundles.get(name) {
            webhook["clientConfig"]["caBundle"] = bundle.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::configuration::{FailurePolicy, Target, configuration, handled};

    fn shape(bundle: Bundle) -> Shape {
        Shape {
            name: "passmuster".into(),
            target: Target::Url("https://127.0.0.1:1".into()),
            bundle,
            failure_policy: FailurePolicy::Fail,
            timeout_seconds: 5,
            excluded_namespaces: ["own".to_owned()].into(),
            user: None,
            owner: None,
            annotations: vec![("a".into(), "b".into())],
        }
    }

    fn given() -> Shape {
        shape(Bundle::Given(Vec::new()))
    }

    fn wanted() -> Value {
        configuration(&given(), &handled())
    }

    #[test]
    fn what_is_right_is_left_alone() {
        let mut live = wanted();
        live["metadata"]["resourceVersion"] = "7".into();
        live["metadata"]["annotations"]["others"] = "note".into();
        assert_eq!(correction(Some(&live), &wanted(), &given()), Correction::None);
        assert_eq!(correction(None, &wanted(), &given()), Correction::Create(wanted()));
    }

    #[test]
    fn every_edit_is_undone() {
        let edits: &[(&str, Value)] = &[
            ("/webhooks/0/failurePolicy", json!("Ignore")),
            ("/webhooks/0/objectSelector", json!({"matchLabels": {"judge": "me"}})),
            ("/webhooks/0/namespaceSelector", json!({})),
            ("/webhooks/0/matchConditions", json!([{"name": "never", "expression": "false"}])),
            ("/webhooks/0/rules", json!([])),
            ("/webhooks/0/clientConfig/url", json!("https://elsewhere")),
            ("/webhooks", json!([])),
            ("/metadata/labels", json!({})),
            ("/metadata/annotations", json!({"a": "c"})),
        ];
        for (path, value) in edits {
            let mut live = wanted();
            live["metadata"]["resourceVersion"] = "7".into();
            let unedited = live.clone();
            *live.pointer_mut(path).unwrap() = value.clone();
            assert_eq!(correction(Some(&live), &wanted(), &given()), Correction::Replace(unedited), "{path}");
        }
    }

    #[test]
    fn the_bundle_of_another_stays() {
        let shape = shape(Bundle::Others);
        let mut live = wanted();
        live["webhooks"][0]["clientConfig"]["caBundle"] = "AAAA".into();
        assert_eq!(correction(Some(&live), &wanted(), &shape), Correction::None);
        live["webhooks"][0]["timeoutSeconds"] = 9.into();
        let Correction::Replace(right) = correction(Some(&live), &wanted(), &shape) else { panic!() };
        assert_eq!(right["webhooks"][0]["clientConfig"]["caBundle"], "AAAA");
        assert_eq!(right["webhooks"][0]["timeoutSeconds"], 5);
        let Correction::Replace(right) = correction(Some(&live), &wanted(), &given()) else { panic!() };
        assert_eq!(right["webhooks"], wanted()["webhooks"]);
    }

    #[test]
    fn what_is_on_its_way_out_is_not_held_back() {
        let mut live = wanted();
        live["webhooks"] = json!([]);
        live["metadata"]["deletionTimestamp"] = "2026-11-28T12:00:00Z".into();
        assert_eq!(correction(Some(&live), &wanted(), &given()), Correction::None);
    }
}
