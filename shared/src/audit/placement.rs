//! Whether a node takes a pod: node selector, node affinity and taints, as the scheduler looks at them.

use super::api::{Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, PodSpec, Taint, Toleration};

impl Node {
    /// Whether its labels and name are what a pod wants.
    pub(crate) fn is_wanted_by(&self, spec: &PodSpec) -> bool {
        let labelled = |(key, value): (&String, &String)| self.metadata.labels.get(key) == Some(value);
        spec.node_selector.iter().all(labelled)
            && required(spec).is_none_or(|selector| self.is_selected(selector))
    }

    /// Whether a node selector takes it: any term of it. An empty term takes nothing.
    pub(crate) fn is_selected(&self, selector: &NodeSelector) -> bool {
        selector.node_selector_terms.iter().any(|term| self.matches(term))
    }

    fn matches(&self, term: &NodeSelectorTerm) -> bool {
        let empty = term.match_expressions.is_empty() && term.match_fields.is_empty();
        let label = |one: &NodeSelectorRequirement| {
            holds(one, self.metadata.labels.get(&one.key).map(String::as_str))
        };
        let field = |one: &NodeSelectorRequirement| {
            holds(one, (one.key == "metadata.name").then_some(self.metadata.name.as_str()))
        };
        !empty && term.match_expressions.iter().all(label) && term.match_fields.iter().all(field)
    }

    /// The first of its taints that keeps pods with these tolerations away.
    pub(crate) fn taint_against<'a>(&'a self, tolerations: &[Toleration]) -> Option<&'a Taint> {
        let repels = |taint: &&Taint| taint.effect != "PreferNoSchedule" && !taint.is_tolerated(tolerations);
        self.spec.taints.iter().filter(|taint| !taint.is_of_condition()).find(repels)
    }
}

impl Taint {
    /// Whether one of these tolerations tolerates it.
    pub(crate) fn is_tolerated(&self, tolerations: &[Toleration]) -> bool {
        tolerations.iter().any(|toleration| {
            let effect = toleration.effect.is_empty() || toleration.effect == self.effect;
            let key = toleration.key.is_empty() || toleration.key == self.key;
            let value = match toleration.operator.as_str() {
                "Exists" => true,
                "Lt" | "Gt" => compares(toleration, &self.value),
                _ => !toleration.key.is_empty() && toleration.value == self.value,
            };
            effect && key && value
        })
    }

    /// Whether Kubernetes itself sets it, for as long as a node is in some condition.
    pub(crate) fn is_of_condition(&self) -> bool {
        let known = ["node.kubernetes.io/", "node.cloudprovider.kubernetes.io/"];
        known.iter().any(|prefix| self.key.starts_with(prefix))
    }
}

/// The node affinity that a pod requires.
pub(crate) fn required(spec: &PodSpec) -> Option<&NodeSelector> {
    let affinity = spec.affinity.as_ref()?.node_affinity.as_ref()?;
    affinity.required_during_scheduling_ignored_during_execution.as_ref()
}

fn compares(toleration: &Toleration, value: &str) -> bool {
    let (Ok(limit), Ok(value)) = (toleration.value.parse::<i64>(), value.parse::<i64>()) else {
        return false;
    };
    if toleration.operator == "Lt" { value < limit } else { value > limit }
}

fn holds(requirement: &NodeSelectorRequirement, value: Option<&str>) -> bool {
    let among = |value: &str| requirement.values.iter().any(|one| one == value);
    let number = |text: &str| text.parse::<i64>().ok();
    let limit = || requirement.values.first().and_then(|text| number(text));
    match requirement.operator.as_str() {
        "In" => value.is_some_and(among),
        "NotIn" => value.is_none_or(|value| !among(value)),
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        "Gt" => matches!((value.and_then(number), limit()), (Some(value), Some(limit)) if value > limit),
        "Lt" => matches!((value.and_then(number), limit()), (Some(value), Some(limit)) if value < limit),
        _ => false,
    }
}
