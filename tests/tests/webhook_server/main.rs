//! The admission webhook as a process: its contract with the real API server, load, its end, and hostile input.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test that calls them")]

mod bytes;
mod certificates;
mod contract;
mod draining;
mod hostile;
mod itself;
mod limits;
mod overload;
mod reviews;
mod shapes;
