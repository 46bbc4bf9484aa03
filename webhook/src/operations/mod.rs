//! What the elected replica keeps right, and when this one may be called.
//!
//! One loop a replica, [`Keeper`]: it reads the certificates that are offered and the live configuration, serves what
//! the API server trusts, and, while this replica holds the Lease, writes what is not as it should be. Nothing is
//! remembered that could not be read again, so a loop that fails is a loop that comes again.

mod keeper;
mod lead;
mod lingering;
mod offered;
mod options;
mod publish;
mod report;
mod retired;
mod start;

pub use keeper::{Keeper, shape};
pub use options::OperationsOptions;
pub use report::Report;
pub use start::{Operations, StartError, start};
