use crate::model::{Health, Status};

/// STATE of a resource claim: `resourceClaimState`.
pub(in crate::graph) fn resource_claim(deleted: bool, allocated: bool, reserved: bool) -> Status {
    let (state, health) = match (deleted, allocated, reserved) {
        (true, true, true) => ("deleted,allocated,reserved", Health::Progressing),
        (true, true, false) => ("deleted,allocated", Health::Progressing),
        (true, false, _) => ("deleted", Health::Progressing),
        (false, true, true) => ("allocated,reserved", Health::Healthy),
        (false, true, false) => ("allocated", Health::Healthy),
        // A claim that no pod wants yet waits for one, and does so for good.
        (false, false, _) => ("pending", Health::Progressing),
    };
    Status::of(state, health)
}
