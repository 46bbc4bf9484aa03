//! Sheets in, bytes out.

mod csv;
mod xlsx;

pub(super) use csv::unguarded;
pub use csv::{Csv, write_csv};
pub use xlsx::{WriteError, write_xlsx};
