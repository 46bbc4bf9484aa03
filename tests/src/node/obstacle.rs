//! Whether this machine can have a node.

use std::env;
use std::fs;
use std::process::{Command, Stdio};

/// What a node needs of the system, as Debian's packages have it.
const PROGRAMS: [&str; 8] =
    ["containerd", "ctr", "runc", "iptables", "conntrack", "ip", "nsenter", "unshare"];

/// Why this machine can't have a node: something that only its owner can change. A program that `make setup` installs
/// is no such thing.
///
/// # Panics
/// When a program is missing.
pub fn obstacle() -> Option<String> {
    if !cfg!(target_os = "linux") {
        return Some("nodes run on Linux".to_owned());
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let effective = status.lines().find_map(|line| line.strip_prefix("Uid:")?.split_whitespace().nth(1));
    if effective != Some("0") {
        return Some("only root may make a node's namespaces".to_owned());
    }
    let mut unshare = Command::new("unshare");
    unshare.args(["--net", "--mount", "--pid", "--fork", "--mount-proc", "true"]);
    let allowed = unshare.stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !allowed.is_ok_and(|status| status.success()) {
        return Some("this system does not let even root make namespaces".to_owned());
    }
    let paths = env::var_os("PATH").unwrap_or_default();
    for program in PROGRAMS {
        let found = env::split_paths(&paths)
            .chain(["/usr/sbin".into(), "/sbin".into()])
            .any(|dir| dir.join(program).is_file());
        assert!(found, "{program} is missing; run `make setup`");
    }
    None
}
