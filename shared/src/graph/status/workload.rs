use crate::model::{
    Health, Status,
    api::{Condition, is_condition_true},
};

/// What to make of the number of ready pods: healthy when all that are wanted are, unless a condition says that more
/// won't come.
pub(in crate::graph) fn replicas(ready: i32, wanted: i32, failed: bool) -> Health {
    if failed {
        Health::Degraded
    } else if ready >= wanted {
        Health::Healthy
    } else {
        Health::Progressing
    }
}

/// STATUS of a job: `printJob`.
pub(in crate::graph) fn job(conditions: &[Condition], deleted: bool) -> Status {
    let is = |r#type| is_condition_true(conditions, r#type);
    let (status, health) = if is("Complete") {
        ("Complete", Health::Healthy)
    } else if is("Failed") {
        ("Failed", Health::Degraded)
    } else if deleted {
        ("Terminating", Health::Progressing)
    } else if is("Suspended") {
        ("Suspended", Health::Progressing)
    } else if is("FailureTarget") {
        ("FailureTarget", Health::Degraded)
    } else if is("SuccessCriteriaMet") {
        ("SuccessCriteriaMet", Health::Progressing)
    } else {
        ("Running", Health::Progressing)
    };
    Status::of(status, health)
}
