use super::proc_mount::unmasked;
use crate::audit::pod_security::{check::Check, policy::Level};

/// No container sees an unmasked /proc, not even in a user namespace of its own.
pub(crate) static CHECK: Check = Check {
    id: "procMount_restricted",
    level: Level::Restricted,
    since: 35,
    overrides: &["procMount"],
    run: |subject, _| unmasked(subject),
};
