//! LimitRanges, as the API server's admission applies them: what they fill in, and what they refuse in which words.

use serde_json::Value;

use super::pod::{aggregate, amounts, containers, each_container, fill, of_pod};
use crate::{quantity::Quantity, quota::Amounts};

/// Amounts up to here are compared by thousandths, larger ones by whole units (`resource.MaxMilliValue`).
const LARGEST_IN_THOUSANDTHS: i128 = (i64::MAX as i128) / 1000;

/// A `LimitRange`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitRange {
    /// Where it applies.
    pub namespace: String,
    /// Its name.
    pub name: String,
    items: Vec<Item>,
}

/// An entry of `spec.limits`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// `Container`, `Pod` or `PersistentVolumeClaim`.
    kind: String,
    min: Amounts,
    max: Amounts,
    /// What containers are limited to that don't say.
    pub(crate) limits: Amounts,
    /// What containers request that don't say.
    pub(crate) requests: Amounts,
    ratio: Amounts,
}

impl LimitRange {
    /// Reads an object, live or from a manifest; what a manifest leaves out is filled in as the server does
    /// (`SetDefaults_LimitRangeItem`).
    pub fn read(object: &Value) -> Self {
        let text =
            |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let items = object.pointer("/spec/limits").and_then(Value::as_array).into_iter().flatten();
        Self {
            namespace: text("/metadata/namespace"),
            name: text("/metadata/name"),
            items: items.map(Item::read).collect(),
        }
    }

    /// Gives containers the requests and limits that they leave out.
    pub(super) fn fill(&self, pod: &mut Value) {
        let (mut limits, mut requests) = (Amounts::new(), Amounts::new());
        for item in self.items.iter().filter(|item| item.kind == "Container") {
            item.limits.iter().for_each(|(name, amount)| limits.set(name.as_str(), *amount));
            item.requests.iter().for_each(|(name, amount)| requests.set(name.as_str(), *amount));
        }
        each_container(pod, |container| {
            fill(container, "limits", &limits);
            fill(container, "requests", &requests);
        });
    }

    /// Why a pod is not let in.
    pub(super) fn refuses(&self, pod: &Value) -> Option<String> {
        let mut found = Vec::new();
        for item in &self.items {
            match item.kind.as_str() {
                "Container" => {
                    // The API server looks at the containers first.
                    let (init, others): (Vec<_>, Vec<_>) =
                        containers(pod).partition(|container| is_init(pod, container));
                    for container in others.into_iter().chain(init) {
                        let list = |which: &str| amounts(container.pointer(&format!("/resources/{which}")));
                        item.check(&list("requests"), &list("limits"), &mut found);
                    }
                }
                "Pod" => item.check(&of_pod(pod, "requests"), &of_pod(pod, "limits"), &mut found),
                _ => {}
            }
        }
        joined(found)
    }

    /// Why a claim is not let in.
    pub(super) fn refuses_claim(&self, claim: &Value) -> Option<String> {
        let mut found = Vec::new();
        let requests = amounts(claim.pointer("/spec/resources/requests"));
        for item in self.items.iter().filter(|item| item.kind == "PersistentVolumeClaim") {
            for (name, least) in &item.min {
                found.extend(below(&item.kind, name, *least, &requests, &Amounts::new()));
            }
            for (name, most) in &item.max {
                found.extend(above_request(&item.kind, name, *most, &requests));
            }
        }
        joined(found)
    }
}

fn is_init(pod: &Value, container: &Value) -> bool {
    let init = pod.pointer("/spec/initContainers").and_then(Value::as_array);
    init.is_some_and(|init| init.iter().any(|other| std::ptr::eq(other, container)))
}

/// Several errors as Kubernetes puts them together.
fn joined(mut found: Vec<String>) -> Option<String> {
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|message| seen.insert(message.clone()));
    match found.len() {
        0 => None,
        1 => found.pop(),
        _ => Some(format!("[{}]", found.join(", "))),
    }
}

impl Item {
    fn read(item: &Value) -> Self {
        let list = |field: &str| amounts(item.get(field));
        let kind = item.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let lists = ["min", "max", "default", "defaultRequest", "maxLimitRequestRatio"].map(list);
        Self::settled(&kind, lists)
    }

    /// An entry: its minimum, maximum, default limits, default requests and ratio, with what the server fills in.
    pub(crate) fn settled(kind: &str, lists: [Amounts; 5]) -> Self {
        let [min, max, mut limits, mut requests, ratio] = lists;
        if kind == "Container" {
            add_missing(&mut limits, &max);
            add_missing(&mut requests, &limits);
            add_missing(&mut requests, &min);
        }
        Self { kind: kind.to_owned(), min, max, limits, requests, ratio }
    }

    /// What it does not let pass, in the server's words.
    pub(crate) fn check(&self, requests: &Amounts, limits: &Amounts, found: &mut Vec<String>) {
        for (name, least) in &self.min {
            found.extend(below(&self.kind, name, *least, requests, limits));
        }
        for (name, most) in &self.max {
            found.extend(above(&self.kind, name, *most, requests, limits));
        }
        for (name, ratio) in &self.ratio {
            found.extend(too_far(&self.kind, name, *ratio, requests, limits));
        }
    }
}

fn add_missing(list: &mut Amounts, from: &Amounts) {
    for (name, amount) in from {
        if list.get(name).is_none() {
            list.set(name.as_str(), *amount);
        }
    }
}

/// Amounts in the unit in which the API server compares them.
fn comparable(of: [Quantity; 3]) -> [i128; 3] {
    let whole = of.map(Quantity::ceil);
    if whole.iter().all(|value| *value <= LARGEST_IN_THOUSANDTHS) { of.map(Quantity::milli) } else { whole }
}

fn below(kind: &str, name: &str, least: Quantity, requests: &Amounts, limits: &Amounts) -> Option<String> {
    let [request, limit, enforced] = comparable([requests.of(name), limits.of(name), least]);
    let Some(requested) = requests.get(name) else {
        return Some(format!("minimum {name} usage per {kind} is {least}.  No request is specified"));
    };
    if request < enforced {
        return Some(format!("minimum {name} usage per {kind} is {least}, but request is {requested}"));
    }
    let limited = limits.get(name).filter(|_| limit < enforced)?;
    Some(format!("minimum {name} usage per {kind} is {least}, but limit is {limited}"))
}

fn above(kind: &str, name: &str, most: Quantity, requests: &Amounts, limits: &Amounts) -> Option<String> {
    let [request, limit, enforced] = comparable([requests.of(name), limits.of(name), most]);
    let Some(limited) = limits.get(name) else {
        return Some(format!("maximum {name} usage per {kind} is {most}.  No limit is specified"));
    };
    if limit > enforced {
        return Some(format!("maximum {name} usage per {kind} is {most}, but limit is {limited}"));
    }
    let requested = requests.get(name).filter(|_| request > enforced)?;
    Some(format!("maximum {name} usage per {kind} is {most}, but request is {requested}"))
}

fn above_request(kind: &str, name: &str, most: Quantity, requests: &Amounts) -> Option<String> {
    let [request, _, enforced] = comparable([requests.of(name), Quantity::ZERO, most]);
    let Some(requested) = requests.get(name) else {
        return Some(format!("maximum {name} usage per {kind} is {most}.  No request is specified"));
    };
    (request > enforced)
        .then(|| format!("maximum {name} usage per {kind} is {most}, but request is {requested}"))
}

fn too_far(kind: &str, name: &str, most: Quantity, requests: &Amounts, limits: &Amounts) -> Option<String> {
    let [request, limit, _] = comparable([requests.of(name), limits.of(name), most]);
    let what = format!("{name} max limit to request ratio per {kind} is {most}");
    if requests.get(name).is_none() || request == 0 {
        return Some(format!("{what}, but no request is specified or request is 0"));
    }
    if limits.get(name).is_none() || limit == 0 {
        return Some(format!("{what}, but no limit is specified or limit is 0"));
    }
    if limit.saturating_mul(1000) <= most.milli().saturating_mul(request) {
        return None;
    }
    let millionths = (limit.saturating_mul(1_000_000) + request / 2) / request;
    Some(format!("{what}, but provided ratio is {}.{:06}", millionths / 1_000_000, millionths % 1_000_000))
}

/// What all LimitRanges of a namespace make of a pod: filled in, or refused.
pub(super) fn admit(ranges: &[&LimitRange], pod: &mut Value) -> Result<(), String> {
    for range in ranges {
        range.fill(pod);
    }
    // A limit that was filled in may be below what is requested: such a pod is invalid, and the ranges are not asked.
    if let Some(invalid) = invalid(pod) {
        return Err(invalid);
    }
    ranges.iter().find_map(|range| range.refuses(pod)).map_or(Ok(()), Err)
}

/// Resources that contradict each other, as the API server's validation says it.
fn invalid(pod: &Value) -> Option<String> {
    let list = |owner: &Value, which: &str| amounts(owner.pointer(&format!("/resources/{which}")));
    let mut found = Vec::new();
    let mut above = |path: &str, owner: &Value| {
        let limits = list(owner, "limits");
        for (name, request) in &list(owner, "requests") {
            if let Some(limit) = limits.get(name).filter(|limit| request > limit) {
                let why = format!("must be less than or equal to {name} limit of {limit}");
                found.push(format!("{path}.requests: Invalid value: \"{request}\": {why}"));
            }
        }
    };
    let of =
        |field: &str| pod.pointer(&format!("/spec/{field}")).and_then(Value::as_array).into_iter().flatten();
    for field in ["containers", "initContainers"] {
        for (n, container) in of(field).enumerate() {
            above(&format!("spec.{field}[{n}].resources"), container);
        }
    }
    let Some(spec) = pod.get("spec").filter(|spec| spec.get("resources").is_some()) else {
        return joined(found);
    };
    above("spec.resources", spec);
    let (requests, limits) = (list(spec, "requests"), list(spec, "limits"));
    for (name, sum) in &aggregate(pod, "requests") {
        if let Some(request) = requests.get(name).filter(|request| sum > request) {
            let why = format!("must be greater than or equal to aggregate container requests of {sum}");
            found.push(format!("spec.resources.requests[{name}]: Invalid value: \"{request}\": {why}"));
        }
    }
    for (n, container) in of("containers").enumerate() {
        for (name, limit) in &list(container, "limits") {
            if let Some(most) = limits.get(name).filter(|most| limit > most) {
                let why = format!("must be less than or equal to pod limits of {most}");
                found.push(format!(
                    "spec.resources.containers[{n}][{name}].limits: Invalid value: \"{limit}\": {why}"
                ));
            }
        }
    }
    joined(found)
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "json! only borrows, and tables read better by value")]
mod tests {
    use serde_json::json;

    use super::*;

    fn range(item: Value) -> LimitRange {
        LimitRange::read(&json!({"metadata": {"name": "r", "namespace": "shop"}, "spec": {"limits": [item]}}))
    }

    fn pod(resources: Value) -> Value {
        json!({"spec": {"containers": [{"name": "c", "resources": resources}]}})
    }

    #[test]
    fn what_is_left_out_is_filled_in() {
        let range = range(json!({"type": "Container", "max": {"cpu": "2"}, "min": {"memory": "64Mi"}}));
        let mut pod = pod(json!({"requests": {"cpu": "1"}}));
        range.fill(&mut pod);
        let filled = &pod["spec"]["containers"][0]["resources"];
        assert_eq!(filled, &json!({"requests": {"cpu": "1", "memory": "64Mi"}, "limits": {"cpu": "2"}}));
    }

    #[test]
    fn refusals_in_the_servers_words() {
        let max = range(json!({"type": "Container", "max": {"cpu": "2"}}));
        assert_eq!(
            max.refuses(&pod(json!({"limits": {"cpu": "3"}}))).unwrap(),
            "maximum cpu usage per Container is 2, but limit is 3"
        );
        assert_eq!(
            max.refuses(&pod(json!({}))).unwrap(),
            "maximum cpu usage per Container is 2.  No limit is specified"
        );
        let min = range(json!({"type": "Pod", "min": {"cpu": "200m"}}));
        assert_eq!(
            min.refuses(&pod(json!({"requests": {"cpu": "100m"}}))).unwrap(),
            "minimum cpu usage per Pod is 200m, but request is 100m"
        );
        let ratio = range(json!({"type": "Container", "maxLimitRequestRatio": {"cpu": "3"}}));
        assert_eq!(
            ratio.refuses(&pod(json!({"requests": {"cpu": "300m"}, "limits": {"cpu": "1"}}))).unwrap(),
            "cpu max limit to request ratio per Container is 3, but provided ratio is 3.333333"
        );
        assert_eq!(ratio.refuses(&pod(json!({"requests": {"cpu": "500m"}, "limits": {"cpu": "1"}}))), None);
    }
}
