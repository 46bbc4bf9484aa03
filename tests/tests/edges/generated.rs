//! Objects made of the cases' objects: fields left out, items doubled, names exchanged. Those that the API server
//! refuses are no objects; the rest are like what people write.

use passmuster_tests::population::Random;
use serde_json::Value;

use crate::world::text;

/// Names that objects have and that fields name.
const NAMES: &[&str] = &["x0", "x1", "x2", "x3", "x4", "x5", "shared-data", "web"];
/// What may stand in labels and selectors.
const VALUES: &[&str] = &["a", "b", "web", ""];
/// Texts for annotations: any characters at all.
const TEXTS: &[&str] = &["", "true", "ü→𝄞", "a\nb\t\"c\"\\", "{\"a\": [1]}", "\u{1b}[31m", "0"];
/// Fields whose value is the name of another object.
const NAMING: &[&str] = &[
    "name",
    "secretName",
    "claimName",
    "serviceAccountName",
    "serviceName",
    "configMap",
    "volumeName",
    "storageClassName",
    "nodeName",
    "priorityClassName",
    "runtimeClassName",
    "ingressClassName",
];

/// An object like this one.
pub(crate) fn like(object: &Value, number: usize, random: &mut Random) -> Value {
    let mut made = object.clone();
    for field in ["spec", "status", "subsets", "endpoints", "subjects", "imagePullSecrets", "secrets"] {
        if let Some(value) = made.get_mut(field) {
            change(value, random);
        }
    }
    let metadata = &mut made["metadata"];
    // Some with names that others refer to, the rest with names of their own.
    metadata["name"] = if random.percent(50) {
        random.choose(NAMES).into()
    } else {
        format!("{}-{number}", text(&object["metadata"]["name"])).into()
    };
    if random.percent(60) {
        metadata["labels"]["app"] = random.choose(VALUES).into();
    }
    if random.percent(30) {
        metadata["annotations"]["example.com/note"] = random.choose(TEXTS).into();
    }
    if random.percent(20) {
        let owner = serde_json::json!({
            "apiVersion": random.choose(&["v1", "apps/v1", "apps/v1beta2", "example.com/v1"]),
            "kind": random.choose(&["Deployment", "Node", "Service", "Shop"]),
            "name": random.choose(NAMES),
            "uid": random.choose(&["00000000-0000-4000-8000-000000000001", "u2"]),
        });
        metadata["ownerReferences"] = Value::Array(vec![owner]);
    }
    made
}

fn change(value: &mut Value, random: &mut Random) {
    match value {
        Value::Object(fields) => {
            let keys: Vec<String> = fields.keys().cloned().collect();
            for key in keys {
                if random.percent(6) {
                    fields.remove(&key);
                    continue;
                }
                let Some(value) = fields.get_mut(&key) else { continue };
                match value {
                    Value::String(name) if NAMING.contains(&key.as_str()) && random.percent(30) => {
                        random.choose(NAMES).clone_into(name);
                    }
                    Value::Bool(flag) if random.percent(20) => *flag = !*flag,
                    value => change(value, random),
                }
            }
        }
        Value::Array(items) => {
            for item in items.iter_mut() {
                change(item, random);
            }
            if !items.is_empty() && random.percent(10) {
                let at = random.range(0, items.len());
                let again = items[at].clone();
                items.insert(random.range(0, items.len() + 1), again);
            }
            if !items.is_empty() && random.percent(10) {
                items.remove(random.range(0, items.len()));
            }
        }
        _ => {}
    }
}
