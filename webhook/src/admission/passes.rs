//! What is never blocked, whatever any policy says: to block it would leave objects that nobody can get rid of, or
//! controllers that can't say how things stand.

use serde::Deserialize;
use serde_json::Value;

use super::{Operation, Request};

/// Why a request passes unjudged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// It tells how an object stands, not how it shall be.
    Status,
    /// The object is on its way out.
    Deleting,
    /// It takes finalizers away and changes nothing else.
    Finalizers,
}

impl Pass {
    /// The word in metrics and in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Deleting => "deleting",
            Self::Finalizers => "finalizers",
        }
    }
}

/// Why the request passes; `None` when it is to be judged. Fails when an object can't be read.
pub fn passes(request: &Request<'_>) -> serde_json::Result<Option<Pass>> {
    // `namespaces/finalize` takes the namespace's finalizers away, by the namespace controller.
    if matches!(request.sub_resource.as_str(), "status" | "finalize") {
        return Ok(Some(Pass::Status));
    }
    let (Operation::Update, Some(new), Some(old)) = (request.operation, request.object, request.old_object)
    else {
        return Ok(None);
    };
    // A scale has its own metadata; its workload may be on its way out, but then nothing comes of it.
    let before = old.metadata()?;
    // What is stored counts: nobody gets past by writing a time stamp into what they send.
    if !before.deletion_timestamp.is_empty() {
        return Ok(Some(Pass::Deleting));
    }
    if before.finalizers.is_empty() {
        return Ok(None);
    }
    let after = new.metadata()?;
    let fewer = after.finalizers.len() < before.finalizers.len()
        && after.finalizers.iter().all(|name| before.finalizers.contains(name));
    let passes = fewer && new.read::<Comparable>()? == old.read::<Comparable>()?;
    Ok(passes.then_some(Pass::Finalizers))
}

/// An object without what changes when only its finalizers do: them, and what the API server itself keeps.
#[derive(PartialEq)]
struct Comparable(Value);

impl<'de> Deserialize<'de> for Comparable {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut object = Value::deserialize(deserializer)?;
        if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
            for key in ["finalizers", "managedFields", "resourceVersion", "generation"] {
                metadata.remove(key);
            }
        }
        Ok(Self(object))
    }
}

#[cfg(test)]
#[path = "passes_tests.rs"]
mod tests;
