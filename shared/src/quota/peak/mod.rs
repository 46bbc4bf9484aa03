//! What pods really used at their highest, by what Prometheus remembers.
//!
//! Pure: the PromQL texts ([`promql`]), and what is made of the answers. `prometheus::peaks` (feature `cluster`) asks.
//!
//! ```text
//!  pods' own peaks ─┐
//!  owners ──────────┼─ counted ─► PeakRow per pod ─┐
//!  replicas ────────┘                              ├─► Peaks
//!  peak of the sum, by namespace ──────────────────┘
//! ```

pub mod count;
mod mapping;
pub mod owners;
mod pattern;
mod period;
pub mod promql;
mod question;
mod result;
#[cfg(test)]
mod tests;
mod window;

pub use mapping::Mapping;
pub use period::{Period, PeriodError};
pub use question::{MemoryError, MemoryKind, PeakQuestion, Workload, Workloads};
pub use result::{PeakRow, Peaks};
pub use window::{Piece, STEP};
