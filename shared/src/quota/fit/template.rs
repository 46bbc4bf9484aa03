//! Whether a manifest's template is the one that is there.

use serde_json::{Map, Value};

use crate::quantity::Quantity;

/// Whether everything that a manifest's template says, the live one says too. The server fills in what the manifest
/// leaves out, but never resources: of those what one has the other must have.
pub fn unchanged(manifest: &Value, live: &Value) -> bool {
    part_of(manifest, live, "")
}

fn part_of(wanted: &Value, live: &Value, field: &str) -> bool {
    match (wanted, live) {
        (Value::Object(wanted), Value::Object(live)) => {
            let complete = !matches!(field, "requests" | "limits") || wanted.len() == live.len();
            complete && wanted.iter().all(|(key, value)| holds(key, value, live))
        }
        (Value::Array(wanted), Value::Array(live)) => {
            wanted.len() == live.len()
                && wanted.iter().zip(live).all(|(wanted, live)| part_of(wanted, live, field))
        }
        _ => wanted == live || same_amount(wanted, live),
    }
}

fn holds(key: &str, wanted: &Value, live: &Map<String, Value>) -> bool {
    match live.get(key) {
        Some(live) => part_of(wanted, live, key),
        // Nothing, said or not.
        None => match wanted {
            Value::Null | Value::Bool(false) => true,
            Value::Object(map) => map.is_empty(),
            Value::Array(list) => list.is_empty(),
            Value::String(text) => text.is_empty(),
            Value::Number(number) => number.as_i64() == Some(0),
            Value::Bool(true) => false,
        },
    }
}

/// Quantities that are written differently: the server writes `1000m` as `1`.
fn same_amount(one: &Value, other: &Value) -> bool {
    let amount = |value: &Value| serde_json::from_value::<Quantity>(value.clone()).ok();
    matches!((amount(one), amount(other)), (Some(one), Some(other)) if one == other)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_server_fills_in_is_no_change() {
        let container = |resources: Value, image: &str| json!({"containers": [{"name": "c", "image": image, "resources": resources}]});
        let live = json!({"containers": [{"name": "c", "image": "a", "imagePullPolicy": "Always",
            "resources": {"requests": {"cpu": "1"}}}], "dnsPolicy": "ClusterFirst"});
        assert!(unchanged(&container(json!({"requests": {"cpu": "1000m"}}), "a"), &live));
        assert!(!unchanged(&container(json!({"requests": {"cpu": "2"}}), "a"), &live));
        assert!(!unchanged(&container(json!({"requests": {}}), "a"), &live), "a request less");
        assert!(!unchanged(&container(json!({"requests": {"cpu": 1}}), "b"), &live));
    }
}
