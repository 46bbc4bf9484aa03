//! How much memory a process has used.

use std::fs;

/// The most memory that was resident at one time, in bytes, so far; none when the process is gone or the
/// system has no `/proc`.
pub(super) fn peak(pid: u32) -> Option<u64> {
    field(pid, "VmHWM:")
}

/// The memory that is resident now, in bytes.
pub(super) fn resident(pid: u32) -> Option<u64> {
    field(pid, "VmRSS:")
}

fn field(pid: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
