//! What a pod requests and is limited to as a whole, and how that comes about.
//!
//! Its containers run together, beside its sidecars; before them the init containers run one by one, each beside the
//! sidecars declared before it. The pod needs what its most demanding moment needs. Resources given for the pod as a
//! whole go before that, and what its runtime takes is added. While a container is resized, the most of what it asks
//! for, was allocated and really has counts.
//!
//! The sum is made of the very [`Part`]s that explain it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Pod,
    sums::{Item, Moment, Sum, sums},
};
use crate::{quantity::Quantity, quota::Amounts};

/// Which of a container's two lists is summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Side {
    /// `requests`.
    Requests,
    /// `limits`.
    Limits,
}

/// How one resource of a pod comes to its sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Arithmetic {
    /// The resource, such as `cpu`.
    pub resource: String,
    /// The sum.
    pub total: Quantity,
    /// What decides it.
    pub decided: Decided,
    /// What each container has of it, in the order in which they start.
    pub parts: Vec<Part>,
    /// The containers and sidecars together.
    pub running: Quantity,
    /// Given for the pod as a whole; goes before the containers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_level: Option<Quantity>,
    /// What the pod's runtime takes, added to all that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overhead: Option<Quantity>,
}

/// What decides how much of a resource a pod takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Decided {
    /// Its containers and sidecars, running together.
    Containers,
    /// This init container, beside the sidecars declared before it.
    InitContainer {
        /// Its name.
        name: String,
        /// It and those sidecars together.
        amount: Quantity,
    },
    /// The resources given for the pod as a whole.
    Pod,
}

/// What one container has of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// Name of the container.
    pub container: String,
    /// What it is to the pod.
    pub role: Role,
    /// How much.
    pub amount: Quantity,
    /// Where it says so.
    pub origin: Origin,
}

/// What a container is to its pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// It runs to its end before the containers start.
    Init,
    /// An init container that goes on running.
    Sidecar,
    /// A container.
    Container,
}

/// Which of what is said about a container counts, while it is resized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// `spec`: what it asks for.
    Spec,
    /// `status…resources`: what it really has.
    Actual,
    /// `status…allocatedResources`: what its node has set aside for it.
    Allocated,
}

/// What a pod requests, by the names that containers use: `cpu`, `memory`, `nvidia.com/gpu`. Whether the pod has ended
/// makes no difference here; [`Pod::has_ended`] tells.
pub fn pod_requests(pod: &Pod) -> Amounts {
    total(pod, Side::Requests)
}

/// What a pod is limited to, by the names that containers use. Of what some container has no limit for, this is the sum
/// of the others' limits, as the API server has it.
pub fn pod_limits(pod: &Pod) -> Amounts {
    total(pod, Side::Limits)
}

/// How each resource of a pod comes to its sum, by resource.
pub fn explain(pod: &Pod, side: Side) -> Vec<Arithmetic> {
    let mut told: Vec<Arithmetic> = sums(pod, side).iter().map(tell).collect();
    told.sort_by(|one, other| one.resource.cmp(&other.resource));
    told
}

fn total(pod: &Pod, side: Side) -> Amounts {
    sums(pod, side).iter().map(|sum| (sum.resource.to_owned(), sum.result().total())).collect()
}

fn tell(sum: &Sum<'_>) -> Arithmetic {
    let result = sum.result();
    let decided = match result.moment {
        Moment::Running => Decided::Containers,
        Moment::Init(name) => Decided::InitContainer { name: name.to_owned(), amount: result.amount },
        Moment::Whole => Decided::Pod,
    };
    let part = |&Item { container, role, amount, origin }: &Item<'_>| Part {
        container: container.to_owned(),
        role,
        amount,
        origin,
    };
    Arithmetic {
        resource: sum.resource.to_owned(),
        total: result.total(),
        decided,
        running: result.running,
        pod_level: sum.pod_level,
        overhead: result.overhead,
        parts: sum.items.iter().map(part).collect(),
    }
}
