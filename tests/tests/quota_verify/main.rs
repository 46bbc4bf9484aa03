//! What `kubectl quota-usage verify`, `explain` and `fit` say is what the real control plane does.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test that calls them")]
#![expect(clippy::print_stdout, reason = "the seed of generated cases")]
#![expect(clippy::needless_pass_by_value, reason = "json! only borrows, and tables read better by value")]

mod explaining;
mod fitting;
mod limits;
mod problems;
mod projects;
mod rollouts;
mod shop;

use std::time::Duration;

use passmuster::quantity::Quantity;
use passmuster_tests::{ControlPlane, Plugin, plugin::Run, population::Random};
use serde_json::Value;

/// Long enough for a loaded machine.
const LONG: Duration = Duration::from_secs(60);

/// The plugin, asked about a namespace.
fn quota_usage(namespace: &str, args: &[&str]) -> Run {
    with_input(namespace, args, "")
}

/// The same, with this on its standard input.
fn with_input(namespace: &str, args: &[&str], input: &str) -> Run {
    let plugin =
        Plugin::new("kubectl-quota-usage").on(ControlPlane::shared()).args(args).args(["-n", namespace]);
    plugin.stdin(input).run()
}

fn amount(value: &Value) -> Quantity {
    value.as_str().unwrap_or_else(|| panic!("{value} is no quantity")).parse().unwrap()
}

/// Generated cases are the same in every run, unless `SEED` says otherwise.
fn random(test: &str) -> Random {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(2026);
    println!("{test}: SEED={seed}");
    Random::new(seed)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn items(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}
