//! What rules about workloads share: how probes come out, how many pods there are at least, what pods suffer from.

mod cause;
mod demand;
mod failed_create;
mod probes;
mod replicas;
mod status;
mod symptoms;
mod terminating;
mod unschedulable;

pub(crate) use cause::{PULL_ERRORS, START_ERRORS, cause_of, missing_reference};
pub(crate) use demand::demand_of;
pub(crate) use failed_create::{Refusal, newest_refusal};
pub(crate) use probes::Target;
pub(crate) use replicas::{is_scaled, least_replicas};
pub(crate) use status::{is_being_made, is_ready, is_up, past, since_unready, waiting};
pub(crate) use symptoms::{Pods, fold, fold_pods, report, some_of, statuses, up};
pub(crate) use terminating::stuck;
pub(crate) use unschedulable::{Obstacles, Why};
