//! What the scheduler says when a pod fits nowhere, taken apart.

use std::{collections::BTreeMap, fmt};

/// Why a node does not take a pod.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Why {
    /// Too little of a resource, as `cpu`.
    Resource(String),
    Taints,
    NodeAffinity,
    PodAffinity,
    PodAntiAffinity,
    Spread,
    Ports,
    Volumes,
    Cordoned,
    /// Anything else, in the scheduler's words.
    Other(String),
}

impl Why {
    fn of(reason: &str) -> Self {
        if let Some(resource) = reason.strip_prefix("Insufficient ") {
            return Self::Resource(resource.to_owned());
        }
        let lower = reason.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        if lower == "too many pods" {
            Self::Resource("pods".to_owned())
        } else if has(&["taint"]) {
            Self::Taints
        } else if has(&["anti-affinity"]) {
            Self::PodAntiAffinity
        } else if has(&["pod affinity"]) {
            Self::PodAffinity
        } else if has(&["topology spread"]) {
            Self::Spread
        } else if has(&["free ports"]) {
            Self::Ports
        } else if has(&["volume", "persistent", "pvc", "free storage", "available disk"]) {
            Self::Volumes
        } else if has(&["node affinity", "node selector", "requested node name"]) {
            Self::NodeAffinity
        } else if has(&["were unschedulable"]) {
            Self::Cordoned
        } else {
            Self::Other(reason.to_owned())
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resource(resource) => write!(f, "have too little {resource}"),
            Self::Taints => f.write_str("have taints that it does not tolerate"),
            Self::NodeAffinity => f.write_str("are not what its node selector or affinity asks for"),
            Self::PodAffinity => f.write_str("lack the pods that its affinity asks for"),
            Self::PodAntiAffinity => f.write_str("have pods that anti-affinity keeps it away from"),
            Self::Spread => f.write_str("would break its topology spread"),
            Self::Ports => f.write_str("have its host port taken"),
            Self::Volumes => f.write_str("can't have its volumes"),
            Self::Cordoned => f.write_str("are cordoned"),
            Self::Other(reason) => f.write_str(reason),
        }
    }
}

/// A message of the scheduler.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Obstacles {
    /// How many nodes there are, and how many of them which reason keeps away; a node may have several.
    Nodes(usize, BTreeMap<Why, usize>),
    /// One reason for all nodes, before any was looked at.
    All(String),
}

impl Obstacles {
    /// Reads `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s). preemption: …`.
    pub(crate) fn parse(message: &str) -> Self {
        let parts = message.strip_prefix("0/").and_then(|rest| rest.split_once(" nodes are available:"));
        let Some((count, rest)) = parts else {
            return Self::All(sentence(message).to_owned());
        };
        let nodes = count.parse().unwrap_or(0);
        let reasons = sentence(rest);
        let mut whys: BTreeMap<Why, usize> = BTreeMap::new();
        for reason in split(reasons) {
            let counted = reason.split_once(' ').and_then(|(count, why)| Some((count.parse().ok()?, why)));
            let Some((count, why)) = counted else {
                return Self::All(reasons.to_owned());
            };
            let sum: &mut usize = whys.entry(Why::of(why)).or_default();
            *sum = sum.saturating_add(count);
        }
        Self::Nodes(nodes, whys)
    }
}

impl fmt::Display for Obstacles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(reason) => write!(f, "can't be scheduled: {reason}"),
            Self::Nodes(nodes, whys) => {
                write!(f, "fits none of {nodes} nodes")?;
                let mut all: Vec<_> = whys.iter().collect();
                all.sort_by_key(|(why, count)| (std::cmp::Reverse(**count), *why));
                for (n, (why, count)) in all.into_iter().enumerate() {
                    write!(f, "{}{count} {why}", if n == 0 { ": " } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}

/// The first sentence, without its period: what follows is about preemption.
fn sentence(text: &str) -> &str {
    let text = text.trim();
    let first = text.split_once(". ").map_or(text, |(first, _)| first);
    first.strip_suffix('.').unwrap_or(first)
}

/// The reasons: a comma that no number follows is part of one.
fn split(reasons: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = reasons;
    let mut from = 0;
    while let Some(at) = rest.get(from..).and_then(|tail| tail.find(", ")).map(|at| at + from) {
        let after = rest.get(at + 2..).unwrap_or_default();
        if after.starts_with(|c: char| c.is_ascii_digit()) {
            found.push(rest.get(..at).unwrap_or_default());
            (rest, from) = (after, 0);
        } else {
            from = at + 2;
        }
    }
    if !rest.is_empty() {
        found.push(rest);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_schedulers_old_and_new() {
        for (message, expected) in [
            (
                "0/6 nodes are available: 1 node(s) were unschedulable, 2 node(s) had untolerated taint(s), 3 Insufficient cpu. preemption: 0/6 nodes are available: 3 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.",
                "fits none of 6 nodes: 3 have too little cpu, 2 have taints that it does not tolerate, 1 are cordoned",
            ),
            (
                "0/3 nodes are available: 1 node(s) had untolerated taint {a: b, c}, 1 node(s) had taint {x: }, that the pod didn't tolerate, 1 Insufficient example.com/gpu.",
                "fits none of 3 nodes: 2 have taints that it does not tolerate, 1 have too little example.com/gpu",
            ),
            (
                "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found",
                "can't be scheduled: pod has unbound immediate PersistentVolumeClaims",
            ),
            (
                "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate.",
                "fits none of 2 nodes: 2 are not what its node selector or affinity asks for",
            ),
            (
                "0/4 nodes are available: 1 Too many pods, 1 node(s) didn't match pod anti-affinity rules, 1 node(s) didn't match pod topology spread constraints, 1 node(s) had volume node affinity conflict.",
                "fits none of 4 nodes: 1 have too little pods, 1 have pods that anti-affinity keeps it away from, 1 would break its topology spread, 1 can't have its volumes",
            ),
            (
                "no nodes available to schedule pods",
                "can't be scheduled: no nodes available to schedule pods",
            ),
            ("0/0 nodes are available:", "fits none of 0 nodes"),
            ("", "can't be scheduled: "),
        ] {
            assert_eq!(Obstacles::parse(message).to_string(), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_message_panics(text in "(0/[0-9]{1,20} nodes are available:)?([0-9]{0,22}|, |\\. |[a-z ]{1,9}|Insufficient |\\PC){0,9}") {
            let _ = Obstacles::parse(&text).to_string();
        }

        #[test]
        fn what_is_counted_is_told(cpu in 1_usize..99, memory in 1_usize..99, taints in 1_usize..99) {
            let message = format!(
                "0/99 nodes are available: {cpu} Insufficient cpu, {memory} Insufficient memory, {taints} node(s) had untolerated taint(s)."
            );
            let Obstacles::Nodes(99, whys) = Obstacles::parse(&message) else {
                return Err(proptest::test_runner::TestCaseError::fail(message));
            };
            let expected = [(Why::Resource("cpu".into()), cpu), (Why::Resource("memory".into()), memory), (Why::Taints, taints)];
            proptest::prop_assert_eq!(whys, expected.into_iter().collect());
        }
    }
}
