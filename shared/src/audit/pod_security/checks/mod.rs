//! The checks, in the order in which they are told: those of the baseline by id, then those of the restricted level.

pub(crate) mod allow_privilege_escalation;
pub(crate) mod app_armor_profile;
pub(crate) mod capabilities_baseline;
pub(crate) mod capabilities_restricted;
pub(crate) mod host_namespaces;
pub(crate) mod host_path_volumes;
pub(crate) mod host_ports;
pub(crate) mod host_probes_and_host_lifecycle;
pub(crate) mod privileged;
pub(crate) mod proc_mount;
pub(crate) mod proc_mount_restricted;
pub(crate) mod restricted_volumes;
pub(crate) mod run_as_non_root;
pub(crate) mod run_as_user;
pub(crate) mod se_linux_options;
pub(crate) mod seccomp_profile_baseline;
pub(crate) mod seccomp_profile_restricted;
pub(crate) mod sysctls;
pub(crate) mod windows_host_process;

use super::check::Check;

/// Every check.
pub(super) static CHECKS: &[&Check] = &[
    &app_armor_profile::CHECK,
    &capabilities_baseline::CHECK,
    &host_namespaces::CHECK,
    &host_path_volumes::CHECK,
    &host_ports::CHECK,
    &host_probes_and_host_lifecycle::CHECK,
    &privileged::CHECK,
    &proc_mount::CHECK,
    &se_linux_options::CHECK,
    &seccomp_profile_baseline::CHECK,
    &sysctls::CHECK,
    &windows_host_process::CHECK,
    &allow_privilege_escalation::CHECK,
    &capabilities_restricted::CHECK,
    &proc_mount_restricted::CHECK,
    &restricted_volumes::CHECK,
    &run_as_non_root::CHECK,
    &run_as_user::CHECK,
    &seccomp_profile_restricted::CHECK,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::pod_security::policy::{Level, PolicyVersion};

    #[test]
    fn they_are_in_order_and_none_is_newer_than_the_newest_version() {
        assert!(CHECKS.is_sorted_by_key(|check| (check.level, check.id)));
        assert_eq!(CHECKS.len(), 19);
        assert!(CHECKS.iter().all(|check| check.since <= PolicyVersion::NEWEST));
        for check in CHECKS {
            for id in check.overrides {
                let overridden = CHECKS.iter().find(|other| other.id == *id);
                assert_eq!(overridden.map(|other| other.level), Some(Level::Baseline), "{}", check.id);
            }
        }
    }
}
