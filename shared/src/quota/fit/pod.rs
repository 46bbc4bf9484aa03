//! What the API server makes of a pod before quotas see it: defaults, priority, overhead.
//!
//! Pods are JSON here, as in manifests and templates: what they become is read by the same messages as live ones.

use serde_json::{Map, Value, json};

use crate::{quantity::Quantity, quota::Amounts};

/// The containers of a pod that count: init containers (sidecars among them), then the others.
const LISTS: [&str; 2] = ["initContainers", "containers"];

/// A resource list, such as a container's `resources.requests`. What is no quantity is left out: the server refuses
/// such a pod, and it is told where pods are read.
pub(super) fn amounts(list: Option<&Value>) -> Amounts {
    let entries = list.and_then(Value::as_object).into_iter().flatten();
    entries
        .filter_map(|(name, amount)| Some((name.clone(), serde_json::from_value(amount.clone()).ok()?)))
        .collect()
}

/// Containers and init containers of a pod.
pub(super) fn containers(pod: &Value) -> impl Iterator<Item = &Value> {
    LISTS.into_iter().flat_map(|list| {
        pod.pointer(&format!("/spec/{list}")).and_then(Value::as_array).into_iter().flatten()
    })
}

/// The same, to be changed.
pub(super) fn each_container(pod: &mut Value, mut change: impl FnMut(&mut Value)) {
    for list in LISTS {
        let found = pod.pointer_mut(&format!("/spec/{list}")).and_then(Value::as_array_mut);
        found.into_iter().flatten().for_each(&mut change);
    }
}

/// The list `requests` or `limits` of something that has `resources`; made when it is not there. `None` when the
/// object is none.
pub(super) fn list_mut<'a>(owner: &'a mut Value, which: &str) -> Option<&'a mut Map<String, Value>> {
    let mut at = owner;
    for field in ["resources", which] {
        let map = at.as_object_mut()?;
        let entry = map.entry(field).or_insert_with(|| json!({}));
        if entry.is_null() {
            *entry = json!({});
        }
        at = entry;
    }
    at.as_object_mut()
}

/// What a quantity looks like in an object.
pub(super) fn json_of(amount: Quantity) -> Value {
    Value::String(amount.to_string())
}

/// Fills in what the API server's defaulting does (`SetDefaults_Pod`): requests that are not said are as the limits,
/// of containers and of the pod; amounts are rounded up to thousandths.
pub(super) fn defaults(pod: &mut Value) {
    each_container(pod, |container| {
        round(container, "limits");
        round(container, "requests");
        let limits = amounts(container.pointer("/resources/limits"));
        fill(container, "requests", &limits);
    });
    let Some(spec) = pod.get("spec") else { return };
    let limits = amounts(spec.pointer("/resources/limits"));
    if limits.is_empty() {
        return;
    }
    let overcommitted = |name: &str| matches!(name, "cpu" | "memory");
    let supported = |name: &str| overcommitted(name) || name.starts_with("hugepages-");
    let of_containers = aggregate(pod, "requests").only(overcommitted);
    if let Some(spec) = pod.get_mut("spec") {
        fill(spec, "requests", &of_containers);
        fill(spec, "requests", &limits.only(supported));
    }
}

/// Adds what a list does not name yet, and says whether that was anything.
pub(super) fn fill(owner: &mut Value, which: &str, with: &Amounts) -> bool {
    let mut filled = false;
    if with.is_empty() {
        return filled;
    }
    for (name, amount) in with {
        if let Some(list) = list_mut(owner, which)
            && !list.contains_key(name)
        {
            list.insert(name.clone(), json_of(*amount));
            filled = true;
        }
    }
    filled
}

fn round(container: &mut Value, which: &str) {
    let Some(list) = container.pointer_mut(&format!("/resources/{which}")).and_then(Value::as_object_mut)
    else {
        return;
    };
    for value in list.values_mut() {
        let Ok(amount) = serde_json::from_value::<Quantity>(value.clone()) else { continue };
        if let Ok(thousandths) = i64::try_from(amount.milli()) {
            let rounded = Quantity::from_milli(thousandths);
            if rounded != amount {
                *value = json_of(rounded);
            }
        }
    }
}

/// What all containers ask for together, without overhead and without what the pod itself says: the sum of those that
/// run side by side, or an init container with the sidecars before it where that is more.
pub(super) fn aggregate(pod: &Value, which: &str) -> Amounts {
    let list = |container: &Value| amounts(container.pointer(&format!("/resources/{which}")));
    let of =
        |list: &str| pod.pointer(&format!("/spec/{list}")).and_then(Value::as_array).into_iter().flatten();
    let mut running = Amounts::new();
    of("containers").for_each(|container| running.add_all(&list(container)));
    let (mut sidecars, mut most) = (Amounts::new(), Amounts::new());
    for container in of("initContainers") {
        let own = list(container);
        if container.get("restartPolicy").and_then(Value::as_str) == Some("Always") {
            running.add_all(&own);
            sidecars.add_all(&own);
            most.raise_to(&sidecars);
        } else {
            let mut with_sidecars = own;
            with_sidecars.add_all(&sidecars);
            most.raise_to(&with_sidecars);
        }
    }
    running.raise_to(&most);
    running
}

/// The same, but where the pod says it for itself, what it says.
pub(super) fn of_pod(pod: &Value, which: &str) -> Amounts {
    let mut sum = aggregate(pod, which);
    for (name, amount) in &amounts(pod.pointer(&format!("/spec/resources/{which}"))) {
        if matches!(name.as_str(), "cpu" | "memory") || name.starts_with("hugepages-") {
            sum.set(name.as_str(), *amount);
        }
    }
    sum
}

/// Classes that change what a pod is charged, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Classes {
    /// RuntimeClasses and their `overhead.podFixed`.
    pub overheads: std::collections::BTreeMap<String, Value>,
    /// The PriorityClass of pods that name none, if one is the default of the cluster.
    pub default_priority: Option<String>,
}

impl Classes {
    /// Takes a RuntimeClass or PriorityClass.
    pub fn observe(&mut self, object: &Value) {
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
        let Some(name) = text("/metadata/name") else { return };
        match text("/kind") {
            Some("RuntimeClass") => {
                if let Some(overhead) = object.pointer("/overhead/podFixed") {
                    self.overheads.insert(name.to_owned(), overhead.clone());
                }
            }
            Some("PriorityClass") if object.get("globalDefault").and_then(Value::as_bool) == Some(true) => {
                self.default_priority = Some(name.to_owned());
            }
            _ => {}
        }
    }

    /// Gives a pod the overhead and the priority that the API server would.
    pub(super) fn apply(&self, pod: &mut Value) {
        let Some(spec) = pod.get_mut("spec").and_then(Value::as_object_mut) else { return };
        let text = |spec: &Map<String, Value>, field: &str| {
            spec.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        if let Some(overhead) = self.overheads.get(&text(spec, "runtimeClassName")) {
            spec.insert("overhead".to_owned(), overhead.clone());
        }
        if text(spec, "priorityClassName").is_empty()
            && let Some(class) = &self.default_priority
        {
            spec.insert("priorityClassName".to_owned(), class.as_str().into());
        }
    }
}
