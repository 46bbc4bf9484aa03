//! `kubectl quota-usage`.

use std::process::ExitCode;

fn main() -> ExitCode {
    quota_usage::main()
}
