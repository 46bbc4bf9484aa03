//! The suite's one configuration file.
//!
//! ```text
//!  file ── tree ──┐
//!                 ├─ settings ── build ──► Config, or all that is wrong
//!  environment ───┘      └────── check ──► each key's value, where it is from, and what is doubtful
//! ```
//!
//! [`KEYS`] is the one list of keys: what may stand in the file, what it means, and what docs/config.md says of it. Pure,
//! but for [`File`], which finds and reads the file. A flag over a key is the plugin's.

mod build;
mod check;
mod document;
mod file;
mod from_file;
mod keys;
mod printed;
mod problem;
mod settings;
mod suggest;
mod tree;
mod types;
mod values;

pub use check::{Checked, Surroundings, Value, check};
pub use document::example;
pub use file::{ConfigError, File};
pub use keys::{KEYS, Key, Kind};
pub use printed::{ConfigCheck, ConfigProblem, ConfigValue};
pub use problem::{Problem, Severity, Source};
pub use tree::Place;
pub use types::{Cluster, Config, Graph, Quota};

#[cfg(test)]
mod tests;
