//! Project quotas in spreadsheets: which column says what, and what is wrong with which cell.
//!
//! A row is a project, or its part in one cluster. What a sheet has no column for, and text that is left empty, stays
//! as it is; `-` is none. Amounts are never left empty: nobody could say what that means.

mod cells;
mod columns;
mod read;
mod row;
mod said;
mod template;
#[cfg(test)]
mod tests;
mod write;

pub use columns::{Column, Language};
pub use read::{Read, Wants, read};
pub use template::template;
pub use write::write;

/// Which keys of quotas the columns CPU and Memory are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charged {
    /// `requests.cpu` and `requests.memory`.
    #[default]
    Requests,
    /// `limits.cpu` and `limits.memory`.
    Limits,
    /// Requests and limits, each as much.
    Both,
}

impl Charged {
    /// The keys of a quota that a resource is.
    pub fn keys(self, resource: &str) -> Vec<String> {
        let prefixes: &[&str] = match self {
            Self::Requests => &["requests"],
            Self::Limits => &["limits"],
            Self::Both => &["requests", "limits"],
        };
        prefixes.iter().map(|prefix| format!("{prefix}.{resource}")).collect()
    }
}
