//! A pod's arithmetic in words.

use crate::quota::usage::{Arithmetic, Decided, Origin, Part, Role, Side};

/// Which list of containers a key sums up, and of which resource; `None` for what is no sum over containers.
pub(super) fn side_of(key: &str) -> Option<(Side, &str)> {
    let (side, resource) = match (key.strip_prefix("requests."), key.strip_prefix("limits.")) {
        (Some(resource), _) => (Side::Requests, resource),
        (_, Some(resource)) => (Side::Limits, resource),
        _ => (Side::Requests, key),
    };
    let known =
        matches!(resource, "cpu" | "memory" | "ephemeral-storage") || resource.starts_with("hugepages-");
    (known || resource.contains('/')).then_some((side, resource))
}

/// How the sum comes about: `app 200m + proxy 50m (sidecar) + 100m overhead`.
pub(super) fn formula(arithmetic: &Arithmetic) -> String {
    let running = || {
        let parts = arithmetic.parts.iter().filter(|part| part.role != Role::Init && !part.amount.is_zero());
        parts.map(said).collect::<Vec<_>>().join(" + ")
    };
    let sum = match &arithmetic.decided {
        Decided::Containers => running(),
        Decided::InitContainer { name, amount } => {
            let own = arithmetic.parts.iter().find(|part| part.container == *name).map(|part| part.amount);
            let beside = match own {
                Some(own) if own != *amount => format!(" with {} of sidecars before it", *amount - own),
                _ => String::new(),
            };
            let own = own.unwrap_or(*amount);
            let rest = if arithmetic.running.is_zero() {
                String::new()
            } else {
                format!(" (more than the {} of what runs afterwards: {})", arithmetic.running, running())
            };
            format!("init container {name} {own}{beside}{rest}")
        }
        Decided::Pod => {
            let given = arithmetic.pod_level.unwrap_or(arithmetic.total);
            let instead = running();
            if instead.is_empty() {
                format!("{given} for the pod as a whole")
            } else {
                format!("{given} for the pod as a whole (its containers: {instead})")
            }
        }
    };
    match arithmetic.overhead.filter(|overhead| !overhead.is_zero()) {
        Some(overhead) if sum.is_empty() => format!("{overhead} overhead"),
        Some(overhead) => format!("{sum} + {overhead} overhead"),
        None => sum,
    }
}

fn said(part: &Part) -> String {
    let mut remarks = Vec::new();
    if part.role == Role::Sidecar {
        remarks.push("sidecar");
    }
    match part.origin {
        Origin::Spec => {}
        Origin::Actual => remarks.push("what it really has, while it is resized"),
        Origin::Allocated => remarks.push("what is allocated, while it is resized"),
    }
    let remarks = if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join(", ")) };
    format!("{} {}{remarks}", part.container, part.amount)
}
