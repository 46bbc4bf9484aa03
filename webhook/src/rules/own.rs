//! Our own objects: what can't be used is refused, with the field named.

use std::{sync::Arc, time::Instant};

use passmuster::{
    audit::AuditPolicy,
    quota::project::{flavour, read},
};
use serde_json::Value;

use crate::admission::{Decision, Failure, Judge, Judging, Operation, Request, Verdict};

/// Looks at policies and quotas itself, and leaves everything else to the next.
pub struct Own {
    next: Arc<dyn Judge>,
}

impl Own {
    /// Before this judge.
    pub fn before(next: Arc<dyn Judge>) -> Self {
        Self { next }
    }
}

impl Judge for Own {
    fn judge<'a>(&'a self, request: &'a Request<'a>, deadline: Instant) -> Judging<'a> {
        if request.resource.group.as_str() != AuditPolicy::KIND.group {
            return self.next.judge(request, deadline);
        }
        Box::pin(std::future::ready(own(request)))
    }
}

fn own(request: &Request<'_>) -> Result<Decision, Failure> {
    let written = matches!(request.operation, Operation::Create | Operation::Update);
    let Some(object) = request.object.filter(|_| written && request.sub_resource.is_empty()) else {
        return Ok(Decision::allowed());
    };
    let object: Value =
        object.read().map_err(|error| Failure::Internal(format!("the object can't be read: {error}")))?;
    let problem = match request.kind.kind.as_str() {
        "AuditPolicy" => policy(object),
        "ProjectQuota" => quota(&object),
        _ => None,
    };
    Ok(match problem {
        None => Decision::allowed(),
        Some(message) => {
            let denied = Verdict::Denied { code: 422, message };
            Decision { verdict: denied, ..Decision::allowed() }.because("passmuster", "invalid")
        }
    })
}

fn policy(object: Value) -> Option<String> {
    match serde_json::from_value::<AuditPolicy>(object) {
        Err(error) => Some(format!("the policy can't be read: {error}")),
        Ok(policy) => {
            let problems: Vec<String> = policy.problems().iter().map(ToString::to_string).collect();
            (!problems.is_empty()).then(|| problems.join("\n"))
        }
    }
}

fn quota(object: &Value) -> Option<String> {
    let flavour = flavour("passmuster")?;
    read(flavour, flavour.readers.first()?, object).err().map(|error| error.to_string())
}
