//! Prometheus, and what speaks its HTTP API: Thanos, Mimir, VictoriaMetrics.
//!
//! [`Target`] says where one is and how to sign in, as the configuration file has it. With feature `cluster`,
//! `Client` asks it, and `peaks` finds out what pods used at their highest.

mod answer;
#[cfg(feature = "cluster")]
mod client;
#[cfg(feature = "cluster")]
mod error;
#[cfg(feature = "cluster")]
mod gather;
pub mod number;
#[cfg(feature = "cluster")]
mod peaks;
#[cfg(feature = "cluster")]
mod signing;
mod target;

pub use answer::{Answer, Failure, Labels, Point, Sample, Series, Value};
#[cfg(feature = "cluster")]
pub use client::{BuildInfo, Client};
#[cfg(feature = "cluster")]
pub use error::Error;
#[cfg(feature = "cluster")]
pub use peaks::{check, peaks};
pub use target::{Problem, Target};
