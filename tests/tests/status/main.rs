//! READY and STATUS are what `kubectl get` prints, of objects in every state that it has a word for.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test that calls them")]
#![expect(clippy::needless_pass_by_value, reason = "json! only borrows, and tables read better by value")]

mod columns;
mod others;
mod pods;
